import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatById } from '../../../src/core/formats/registry.ts';
import type {
  BudgetQuestion,
  CurvePoint,
  Forecast,
  Law,
  RunPoint,
} from '../../../src/core/laws/law.ts';
import { lawInForce } from '../../../src/core/laws/calibration.ts';
import { laws } from '../../../src/core/laws/registry.ts';
import { expectFinite, expectSame } from './numbers.ts';
import { points, sizes } from './points.ts';

/** What every forecast keeps to. */
function expectSound(law: Law, said: Forecast, point: RunPoint): void {
  expectFinite(said);
  expect(said.law).toBe(law.id);
  expect(new Set(said.extrapolated).size).toBe(said.extrapolated.length);
  for (const note of said.notes) expect(note).toMatch(/^[\p{Lu}\d“].*[.]$/u);
  if (said.gap === null) {
    const { loss, bf16Loss, ratio, criticalTokens, interval } = said;
    expect({ loss, bf16Loss, ratio, criticalTokens, interval }).toEqual({
      ...{ loss: null, bf16Loss: null, ratio: null, criticalTokens: null, interval: null },
    });
    expect(said.notes[0]).toMatch(/./);
    return;
  }
  expectSame((said.loss ?? NaN) - (said.bf16Loss ?? NaN), said.gap);
  expect(said.hasCriticalSize).toBe(said.criticalTokens !== null);
  if (said.hasCriticalSize) {
    expect(law.criticalSize.exists).toBe(true);
    expectSame((said.ratio ?? NaN) * ((said.criticalTokens ?? NaN) / point.tokens), 1);
  } else {
    expect(said.ratio).toBeNull();
  }
  if (said.interval) {
    expect(said.interval[0]).toBeLessThanOrEqual(said.gap);
    expect(said.interval[1]).toBeGreaterThanOrEqual(said.gap);
  }
}

function expectAgrees(said: Forecast, { loss, bf16Loss, gap }: CurvePoint): void {
  expect({ loss, bf16Loss, gap }).toEqual({
    ...{ loss: said.loss, bf16Loss: said.bf16Loss, gap: said.gap },
  });
}

const questions: fc.Arbitrary<BudgetQuestion> = fc
  .record({
    granularity: fc.constantFrom('none', 'tensor', 'channel', 'block'),
    block: sizes(0, 15).map(Math.round),
    fixed: fc.constantFrom('compute', 'tokens', 'parameters'),
    compute: sizes(10, 35),
    tokens: sizes(0, 18),
    parameters: sizes(0, 15),
  })
  .map(({ granularity, block, fixed, compute, tokens, parameters }) => {
    const scaling = { granularity, block: granularity === 'block' ? block : null };
    if (fixed === 'tokens') return { scaling, fixed, tokens };
    return fixed === 'compute'
      ? { scaling, fixed, compute }
      : { scaling, fixed, parameters, compute };
  });

const each = laws.map((law) => [law.id, law] as const);

describe.each(each)('%s on any run', (_, law) => {
  it('says finite numbers that agree with one another', () => {
    fc.assert(
      fc.property(points, (point) => {
        const said = law.forecast(point);
        expectSound(law, said, point);
        expectAgrees(said, law.curve(point)(point.tokens));
        const lines = law.formula(point);
        expectFinite(lines);
        expect(lines.length === 0).toBe(said.gap === null);
      }),
      { numRuns: 400 },
    );
  });

  it('draws finite curves, least at the critical size', () => {
    fc.assert(
      fc.property(points, sizes(0, 18), (point, tokens) => {
        const curve = law.curve(point);
        expectFinite(curve(tokens));
        const { criticalTokens } = law.forecast(point);
        if (criticalTokens === null || criticalTokens > 1e30 || criticalTokens < 1e-6) return;
        const least = curve(criticalTokens).loss ?? NaN;
        for (const factor of [0.5, 0.9, 1.1, 2]) {
          const beside = curve(criticalTokens * factor).loss ?? NaN;
          expect(beside).toBeGreaterThanOrEqual(least - 1e-12 * Math.abs(least));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('answers any question about compute in finite numbers', () => {
    fc.assert(
      fc.property(questions, (question) => {
        expectFinite(law.optimum?.(question) ?? null);
      }),
      { numRuns: 300 },
    );
  });

  it('speaks of any quantisation after training', () => {
    fc.assert(
      fc.property(points, points, fc.boolean(), (point, other, isTrained) => {
        const { parameters, tokens } = point;
        const trained = isTrained ? { ...other, parameters, tokens } : undefined;
        const said = law.postTraining?.(point, trained);
        if (said) expectFinite(said);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same law under no constants of its own, but for the name of the file', () => {
    const same = law.withConstants({}, 'own.json');
    fc.assert(
      fc.property(points, (point) => {
        const said = law.forecast(point);
        const again = same.forecast(point);
        expect({ ...again, calibration: null }).toEqual(said);
        expect(again.calibration).toBe(said.gap === null ? null : 'own.json');
        expect(same.formula(point)).toEqual(law.formula(point));
      }),
      { numRuns: 100 },
    );
  });

  it('never turns absurd constants into absurd numbers', () => {
    const names = Object.keys(law.constants);
    const values = fc.oneof(
      fc.constantFrom(0, -1, 1, 1e-300, 1e300, -1e300, 1e9, -0.5, 50, -50),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const constants = fc.dictionary(fc.constantFrom(...names), values, { maxKeys: names.length });
    fc.assert(
      fc.property(points, constants, questions, (point, given, question) => {
        const values = Object.entries(given).map(([name, value]) => {
          return [name, { value, low: null, high: null }] as const;
        });
        const calibration = {
          file: 'own.json',
          law: law.id,
          constants: Object.fromEntries(values),
        };
        const own = lawInForce(law.id, calibration) ?? law;
        const said = own.forecast(point);
        expectFinite(said);
        expectFinite(own.curve(point)(point.tokens));
        expectFinite(own.curve(point)(point.tokens * 1000));
        expectFinite(own.formula(point));
        expectFinite(own.optimum?.(question) ?? null);
        expectFinite(own.postTraining?.(point) ?? null);
      }),
      { numRuns: 400 },
    );
  });
});

describe('a calibration', () => {
  it('changes its own law alone', () => {
    const constants = { beta: { value: 0.4, low: null, high: null } };
    const calibration = { file: 'own.json', law: 'capybara', constants };
    for (const law of laws) {
      const inForce = lawInForce(law.id, calibration);
      if (law.id === 'capybara') expect(inForce?.constants.beta).toBe(0.4);
      else expect(inForce).toBe(law);
    }
  });
});

describe('points', () => {
  it('cover formats that Floatcast knows', () => {
    fc.assert(fc.property(points, ({ format }) => formatById(format)?.id === format));
  });
});
