import { read } from '../../laws/chen/chen.ts';
import { settingConstants, type ChenSetting } from '../../laws/chen/formulas.ts';
import {
  gapHuberDelta,
  type Constant,
  type Design,
  type MeasuredRun,
  type Model,
} from '../model.ts';
import { between, column, columnsOf, leftOut, mean } from '../rows.ts';

interface Row extends MeasuredRun {
  readonly setting: ChenSetting;
  readonly log2G: number;
  readonly bf16Loss: number;
}

/** The run as the law reads it; null without a BF16 twin above which it ended. */
function rowOf(run: MeasuredRun): Row | null {
  const { point, loss, bf16Loss } = run;
  const reading = read(point);
  if (bf16Loss === null || loss <= bf16Loss || reading.kind !== 'setting') return null;
  return { ...run, bf16Loss, setting: reading.setting, log2G: reading.log2G };
}

function constantsOf(setting: ChenSetting): readonly Constant[] {
  const { k, gammaN, gammaD, gammaG } = settingConstants(setting);
  const of = (name: string, published: number, needs: string, signed: boolean): Constant => ({
    ...{ name: `${name}${setting}`, published, needs: `${setting} runs${needs}`, signed },
  });
  return [
    of('k', k, '', false),
    of('gammaD', gammaD, ' of several numbers of tokens', true),
    of('gammaN', gammaN, ' of several sizes', true),
    of('gammaG', gammaG, ' with several block sizes', true),
  ];
}

/**
 * Chen et al.'s law of the gap (arXiv 2505.14302): ln δ = ln k + γD·ln D + γG·ln log2 G − γN·ln N,
 * in each setting that the runs are in. It is fitted on measured gaps, so each run needs its BF16
 * twin; the base law, of which only the forecast's absolute loss is made, stays as published.
 */
export const chenModel: Model = { law: 'chen', design };

function design(runs: readonly MeasuredRun[]): Design {
  const used = runs.map(rowOf).filter((row) => row !== null);
  const settings = [...new Set(used.map(({ setting }) => setting))];
  const constants = settings.flatMap(constantsOf);
  const width = constants.length;
  const first = Int8Array.from(used, ({ setting }) => 4 * settings.indexOf(setting));
  const { lnN, lnD, parameters, centre } = columnsOf(used);
  const lnLog2G = column(used, ({ log2G }) => Math.log(log2G));
  const measured = column(used, ({ loss, bf16Loss }) => Math.log(loss - bf16Loss));
  const middle = mean(measured);

  function evaluate(values: Float64Array, predicted: Float64Array, slopes: Float64Array): void {
    slopes.fill(0);
    for (let row = 0; row < used.length; row++) {
      const place = first[row] ?? 0;
      const [k = 1, gammaD = 0, gammaN = 0, gammaG = 0] = values.subarray(place, place + 4);
      const [N, D, G] = [lnN[row] ?? 0, lnD[row] ?? 0, lnLog2G[row] ?? 0];
      predicted[row] = Math.log(k) + gammaD * D - gammaN * N + gammaG * G;
      slopes.set([1, D, -N, G], row * width + place);
    }
  }

  function start(at: Float64Array): Float64Array {
    const values = new Float64Array(width);
    for (let place = 0; place < width; place += 4) {
      const [u0 = 0, u1 = 0, u2 = 0, u3 = 0] = at.subarray(place, place + 4);
      const [gammaD, gammaN, gammaG] = [0.6 * u1, 0.6 * u2, u3];
      const rest = gammaD * centre.lnD - gammaN * centre.lnN + gammaG * mean(lnLog2G);
      const k = Math.exp(middle - rest) * between(0.3, 3, u0);
      values.set([k, gammaD, gammaN, gammaG], place);
    }
    return values;
  }

  return {
    constants,
    held: null,
    measured,
    bf16Loss: column(used, ({ bf16Loss }) => bf16Loss),
    parameters,
    huberDelta: gapHuberDelta,
    evaluate,
    start,
    notes: leftOut(
      runs.length - used.length,
      'the law is fitted on 4-bit runs in blocks or channels that end above a BF16 twin',
    ),
  };
}
