import { describe, expect, it } from 'vitest';
import { thetaOf, valuesOf } from '../../../src/core/calibrate/descent.ts';
import { fitLaw, type FitResult, type MeasuredRun } from '../../../src/core/calibrate/fit.ts';
import type { Design } from '../../../src/core/calibrate/model.ts';
import { models } from '../../../src/core/calibrate/registry.ts';
import { withTwins } from '../../../src/core/calibrate/rows.ts';
import { spreadPoint } from '../../../src/core/calibrate/spread.ts';
import type { Law, RunPoint } from '../../../src/core/laws/law.ts';
import { lawById } from '../../../src/core/laws/registry.ts';
import type { Operand } from '../../../src/core/run/run.ts';
import { last, pointOf } from './runs.ts';

const sizes = [3e7, 1e8, 4e8, 1.5e9];
const ratios = [20, 60, 200];
const forward: readonly Operand[] = ['weights', 'activations'];
const all: readonly Operand[] = [...forward, 'gradients'];

type Recipe = Pick<RunPoint, 'format' | 'granularity' | 'block' | 'operands'>;

function recipe(
  format: string,
  granularity: RunPoint['granularity'],
  block: number | null,
  operands: readonly Operand[],
): Recipe {
  return { format, granularity, block, operands };
}

const bf16 = recipe('bf16', 'none', null, []);
const recipes = [
  bf16,
  recipe('mxfp4', 'block', 32, all),
  recipe('mxfp4', 'block', 32, forward),
  recipe('mxfp4', 'block', 32, ['gradients']),
  recipe('mxfp4', 'block', 32, ['weights']),
  recipe('nvfp4', 'block', 16, all),
  recipe('int4', 'block', 32, forward),
  recipe('int4', 'block', 128, forward),
  recipe('int4', 'channel', null, ['weights']),
  recipe('int8', 'channel', null, forward),
  recipe('fp8-e4m3', 'tensor', null, all),
  recipe('e3m2', 'channel', null, ['weights', 'kv']),
  recipe('e2m3', 'block', 64, [...forward, 'kv']),
  recipe('e4m1', 'channel', null, ['weights', 'kv']),
];

/** What a law says of every recipe at every size, where it speaks; its own BF16 loss as the twin. */
function runsOf(law: Law, of: readonly Recipe[], withTwin: boolean): MeasuredRun[] {
  return of.flatMap((each) =>
    sizes.flatMap((parameters) =>
      ratios.flatMap((ratio) => {
        const point = pointOf({ ...each, parameters, tokens: ratio * parameters });
        const { loss, bf16Loss } = law.forecast(point);
        if (loss === null) return [];
        return [{ point, loss, bf16Loss: withTwin && each !== bf16 ? bf16Loss : null }];
      }),
    ),
  );
}

function lawOf(id: string): Law {
  const law = lawById(id);
  if (!law) throw new Error(id);
  return law;
}

function fitted(
  law: string,
  runs: readonly MeasuredRun[],
  pinned: Readonly<Record<string, number>> = {},
): FitResult {
  const options = { law, pinned, bootstrap: 0, holdOut: null, starts: 40 };
  const result = last(fitLaw(runs, options));
  if ('error' in result) throw new Error(result.error);
  return result;
}

/** The largest difference between a slope and the difference quotient over a ten-thousandth. */
function worstSlope(design: Design, values: Float64Array): number {
  const rows = design.measured.length;
  const width = design.constants.length;
  const theta = thetaOf(design, values);
  const slopes = new Float64Array(rows * width);
  design.evaluate(values, new Float64Array(rows), slopes);
  const step = 1e-4;
  let worst = 0;
  for (let place = 0; place < width; place++) {
    const beside = [step, -step].map((move) => {
      const moved = theta.map((each, at) => (at === place ? each + move : each));
      const predicted = new Float64Array(rows);
      design.evaluate(valuesOf(design, moved), predicted, new Float64Array(rows * width));
      return predicted;
    });
    for (let row = 0; row < rows; row++) {
      const quotient = ((beside[0]?.[row] ?? NaN) - (beside[1]?.[row] ?? NaN)) / (2 * step);
      const slope = slopes[row * width + place] ?? NaN;
      worst = Math.max(worst, Math.abs(slope - quotient) / Math.max(1, Math.abs(slope)));
    }
  }
  return worst;
}

describe.each(models.map((model) => [model.law, model] as const))('the %s model', (id, model) => {
  const law = lawOf(id);
  const runs = withTwins(runsOf(law, recipes, true));
  const design = model.design(runs, {});

  it('has its law’s own constants, as published', () => {
    for (const { name, published } of design.constants) {
      expect(law.constants[name], name).toBe(published);
    }
  });

  it('predicts what the law says', () => {
    const values = Float64Array.from(design.constants, ({ published }) => published);
    const predicted = new Float64Array(design.measured.length);
    design.evaluate(values, predicted, new Float64Array(predicted.length * values.length));
    expect(predicted.length).toBeGreaterThan(10);
    predicted.forEach((each, row) => {
      expect(each).toBeCloseTo(design.measured[row] ?? NaN, 9);
    });
  });

  it('has the slopes of its predictions', () => {
    const published = Float64Array.from(design.constants, ({ published }) => published);
    expect(worstSlope(design, published)).toBeLessThan(1e-6);
    expect(worstSlope(design, design.start(spreadPoint(3, published.length)))).toBeLessThan(1e-5);
  });

  it('starts from as many constants as it has, all above 0 but the signed ones', () => {
    for (let index = 1; index < 30; index++) {
      const start = design.start(spreadPoint(index, design.constants.length));
      expect(start).toHaveLength(design.constants.length);
      design.constants.forEach(({ signed }, place) => {
        const value = start[place] ?? NaN;
        expect(Number.isFinite(value) && (signed || value > 0)).toBe(true);
      });
    }
  });
});

describe('laws back from runs that they made', () => {
  it('Kumar: the factors of weights, activations and cache, in several widths each', () => {
    const law = lawOf('kumar');
    const widths = ['e3m2', 'e4m1', 'e4m3', 'e5m4'].flatMap((format) => [
      recipe(format, 'channel', null, ['weights']),
      recipe(format, 'channel', null, ['weights', 'activations']),
      recipe(format, 'channel', null, ['weights', 'kv']),
    ]);
    const { constants, objective } = fitted('kumar', runsOf(law, [bf16, ...widths], false));
    expect(objective).toBeLessThan(1e-16);
    // Table 2 of arXiv 2411.04330.
    expect(constants.alpha?.value).toBeCloseTo(0.4965, 5);
    expect(constants.gammaWeights?.value).toBeCloseTo(2.6745, 3);
    expect(constants.offsetWeights?.value).toBeCloseTo(0.3037, 3);
    expect(constants.gammaActivations?.value).toBeCloseTo(2.2102, 3);
    expect(constants.offsetActivations?.value).toBeCloseTo(1.4072, 3);
    expect(constants.gammaKv?.value).toBeCloseTo(0.9578, 3);
    expect(constants.offsetKv?.value).toBeCloseTo(2.4185, 3);
  });

  it('Kumar: one width tells γ or n, not both', () => {
    const law = lawOf('kumar');
    const one = recipe('e3m2', 'channel', null, ['weights']);
    const { constants, notes } = fitted('kumar', runsOf(law, [bf16, one], false));
    expect(constants.offsetWeights).toEqual({ value: 0.3037, low: null, high: null });
    expect(notes.join(' ')).toContain('offsetWeights stays at the published 0.3037');
    expect(notes.join(' ')).toContain('gammaKv stays at the published 0.9578');
  });

  it('Chen: the four constants of each setting, on measured gaps', () => {
    const runs = runsOf(lawOf('chen'), recipes, true);
    const { constants, objective } = fitted('chen', runs);
    expect(objective).toBeLessThan(1e-16);
    // Table 1 of arXiv 2505.14302.
    expect(constants.kW4A4?.value).toBeCloseTo(0.1582, 4);
    expect(constants.gammaNW4A4?.value).toBeCloseTo(0.2186, 6);
    expect(constants.gammaDW4A4?.value).toBeCloseTo(0.0745, 6);
    expect(constants.gammaGW4A4?.value).toBeCloseTo(0.7779, 6);
    expect(constants.kW16A4).toBeUndefined();
  });

  it('Quartet: efficiencies from gaps alone, with a base of another floor', () => {
    const runs = runsOf(lawOf('quartet'), recipes, true).map((run) => ({
      ...run,
      ...{ loss: run.loss + 0.4, bf16Loss: run.bf16Loss === null ? null : run.bf16Loss + 0.4 },
    }));
    const quantised = runs.filter(({ point }) => point.format !== 'bf16');
    const { constants, notes } = fitted('quartet', quantised);
    // Table 2 of arXiv 2505.14669v4.
    expect(constants.effNForward?.value).toBeCloseTo(0.64, 6);
    expect(constants.effN?.value).toBeCloseTo(0.65, 6);
    expect(constants.effD?.value).toBeCloseTo(0.95, 6);
    expect(constants.effDNearest?.value).toBeCloseTo(0.93, 6);
    expect(constants.E?.value).toBe(1.35);
    expect(notes.join(' ')).toContain('The BF16 base stays as Quartet published it');
    expect(notes.join(' ')).toContain('the gap to it is fitted');
  });

  it('Quartet: the base too, where there are BF16 runs enough', () => {
    const runs = runsOf(lawOf('quartet'), recipes, false).map((run) => ({
      ...run,
      loss: run.loss + 0.4,
    }));
    const { constants } = fitted('quartet', runs);
    expect(constants.E?.value).toBeCloseTo(1.75, 4);
    expect(constants.effNForward?.value).toBeCloseTo(0.64, 4);
    expect(constants.gamma?.value).toBeCloseTo(0.274, 3);
  });

  it('Quartet: the rest of the base is fitted where part of it is pinned elsewhere', () => {
    const quantised = [recipes[2] ?? bf16, bf16];
    const { constants, notes } = fitted('quartet', runsOf(lawOf('quartet'), quantised, false), {
      gamma: 0.3,
    });
    expect(constants.A?.value).not.toBe(152_000);
    expect(notes.join(' ')).not.toContain('stays as Quartet published it');
  });

  it('QuEST: the efficiency of each width that the runs have', () => {
    const { constants } = fitted('quest', runsOf(lawOf('quest'), recipes, true));
    expect(constants.effW4A4?.value).toBeCloseTo(0.6918, 6);
    expect(constants.effW8A8?.value).toBeCloseTo(1.016, 6);
    expect(constants.effW4?.value).toBeCloseTo(0.84, 6);
    expect(constants.effFp4?.value).toBeCloseTo(0.6296, 6);
    expect(constants.effW1A1).toBeUndefined();
  });

  it('the pooled law: five constants from gaps above the noise', () => {
    const runs = runsOf(lawOf('pooled'), recipes, true);
    const { constants, notes, runs: used } = fitted('pooled', runs);
    expect(constants.c?.value).toBeCloseTo(5.9247, 3);
    expect(constants.p?.value).toBeCloseTo(0.7439, 4);
    expect(constants.s?.value).toBeCloseTo(0.7101, 3);
    expect(constants.c1?.value).toBeCloseTo(0.6977, 4);
    expect(constants.c2?.value).toBeCloseTo(0.2998, 4);
    expect(used).toBe(
      runs.filter(({ loss, bf16Loss }) => loss - (bf16Loss ?? loss) > 0.002).length,
    );
    expect(notes.join(' ')).toContain('more than 0.002 nats above a BF16 twin');
  });
});
