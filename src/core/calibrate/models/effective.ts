import { quartetConstants, type QuartetConstants } from '../../laws/quartet/formulas.ts';
import { quantises } from '../../laws/width.ts';
import {
  lossHuberDelta,
  positive,
  type Constant,
  type Design,
  type MeasuredRun,
} from '../model.ts';
import { between, column, columnsOf, leftOut, mean, runCount } from '../rows.ts';

/** Which efficiencies a run is read with; null = all of N, or of D, is made use of. */
export interface Efficiencies {
  readonly effN: string | null;
  readonly effD: string | null;
}

const base: readonly Constant[] = [
  baseConstant('E', 'runs'),
  baseConstant('A', 'runs of several sizes'),
  baseConstant('B', 'runs of several numbers of tokens'),
  baseConstant('alpha', 'runs of at least three sizes'),
  baseConstant('beta', 'runs of at least three numbers of tokens'),
  baseConstant('gamma', 'runs of at least three sizes and numbers of tokens'),
];

function baseConstant(name: keyof QuartetConstants, needs: string): Constant {
  return positive(name, quartetConstants[name], needs);
}

/** Twice the six constants, below which BF16 runs cannot carry a base of their own (our choice). */
const fewestBaseRuns = 12;

/**
 * Lays out runs under Quartet's form, L = (A/(N·effN)^α + B/(D·effD)^β)^γ + E. `published` holds
 * every efficiency of the law; `read` says which ones a quantised run is read with, null where the
 * law does not speak of it.
 *
 * A run with a BF16 twin has only its gap predicted, on top of the twin's measured loss, so that a
 * data set with another floor gives the same efficiencies. The base stays as published unless
 * there are BF16 runs enough to fit it, or `given` pins part of it elsewhere.
 */
export function effectiveDesign(
  runs: readonly MeasuredRun[],
  published: Readonly<Record<string, number>>,
  given: Readonly<Record<string, number>>,
  read: (run: MeasuredRun) => Efficiencies | null,
): Design {
  const readings = runs.map((run) => ({
    run,
    read: !quantises(run.point) ? { effN: null, effD: null } : read(run),
  }));
  const used = readings.flatMap(({ run, read }) => (read ? [{ ...run, ...read }] : []));
  const named = [...new Set(used.flatMap(({ effN, effD }) => [effN, effD]))].filter(
    (name) => name !== null,
  );
  const constants: readonly Constant[] = [
    ...named.map((name) => efficiency(name, published[name] ?? 1)),
    ...base,
  ];
  const width = constants.length;
  const firstBase = named.length;
  const placeOf = (name: string | null) => (name === null ? -1 : named.indexOf(name));
  const effNPlace = Int8Array.from(used, ({ effN }) => placeOf(effN));
  const effDPlace = Int8Array.from(used, ({ effD }) => placeOf(effD));
  const twin = column(used, ({ bf16Loss }) => bf16Loss ?? 0);
  const { lnN, lnD, parameters, centre } = columnsOf(used);
  const measured = column(used, ({ loss }) => Math.log(loss));
  const middle = Math.exp(mean(measured));

  function evaluate(values: Float64Array, predicted: Float64Array, slopes: Float64Array): void {
    const [E = 0, A = 0, B = 0, alpha = 0, beta = 0, gamma = 0] = values.subarray(firstBase);
    const [lnA, lnB] = [Math.log(A), Math.log(B)];
    slopes.fill(0);

    /** Adds ±(A/N^α + B/D^β)^γ to the slopes of a row, and says what it is. */
    function add(row: number, N: number, D: number, sign: number, isEffective: boolean): number {
      const size = Math.exp(lnA - alpha * N);
      const data = Math.exp(lnB - beta * D);
      const sum = size + data;
      const power = sum ** gamma;
      const steepness = (sign * gamma * power) / sum;
      const at = row * width;
      const put = (place: number, slope: number) => {
        slopes[at + place] = (slopes[at + place] ?? 0) + slope;
      };
      put(firstBase + 1, steepness * size);
      put(firstBase + 2, steepness * data);
      put(firstBase + 3, -alpha * N * steepness * size);
      put(firstBase + 4, -beta * D * steepness * data);
      put(firstBase + 5, sign * gamma * power * Math.log(sum));
      const [effN = -1, effD = -1] = [effNPlace[row], effDPlace[row]];
      if (isEffective && effN >= 0) put(effN, -alpha * steepness * size);
      if (isEffective && effD >= 0) put(effD, -beta * steepness * data);
      return sign * power;
    }

    for (let row = 0; row < used.length; row++) {
      const [effN = -1, effD = -1] = [effNPlace[row], effDPlace[row]];
      const N = lnN[row] ?? 0;
      const D = lnD[row] ?? 0;
      const share = effN < 0 ? 0 : Math.log(values[effN] ?? 1);
      const use = effD < 0 ? 0 : Math.log(values[effD] ?? 1);
      const measuredTwin = twin[row] ?? 0;
      let loss = add(row, N + share, D + use, 1, true);
      if (measuredTwin > 0) loss += measuredTwin + add(row, N, D, -1, false);
      else {
        loss += E;
        slopes[row * width + firstBase] = E;
      }
      predicted[row] = Math.log(loss);
      for (let each = 0; each < width; each++) {
        slopes[row * width + each] = (slopes[row * width + each] ?? 0) / loss;
      }
    }
  }

  /** Efficiencies from a twentieth on; the terms of the base as shares of the loss above E. */
  function start(at: Float64Array): Float64Array {
    const [u0 = 0, u1 = 0, u2 = 0, u3 = 0, u4 = 0, u5 = 0] = at.subarray(firstBase);
    const floor = middle * between(0.2, 0.9, u0);
    const [alpha, beta] = [between(0.2, 1, u3), between(0.2, 1, u4)];
    const gamma = between(0.2, 1, u5);
    const share = between(0.2, 0.9, u1);
    const sum = (middle - floor) ** (1 / gamma);
    return Float64Array.of(
      ...at.subarray(0, firstBase).map((u) => between(0.05, 1, u)),
      floor,
      share * sum * Math.exp(alpha * centre.lnN),
      between(0.5, 2, u2) * (1 - share) * sum * Math.exp(beta * centre.lnD),
      ...[alpha, beta, gamma],
    );
  }

  const twins = used.filter(({ bf16Loss }) => bf16Loss !== null).length;
  return {
    constants,
    held: hasOtherBase(given) ? null : heldBase(used.filter(({ point }) => !quantises(point))),
    measured,
    bf16Loss: null,
    parameters,
    huberDelta: lossHuberDelta,
    evaluate,
    start,
    notes: [
      ...leftOut(runs.length - used.length, 'the law has no efficiency for what they quantise'),
      ...(twins === 0
        ? []
        : [`${runCount(twins)} with a BF16 twin: the gap to it is fitted, not the loss itself.`]),
    ],
  };
}

function efficiency(name: string, published: number): Constant {
  return positive(name, published, 'runs that it stands for');
}

/** Whether someone pinned part of the base elsewhere, so that the rest cannot stay as published. */
function hasOtherBase(given: Readonly<Record<string, number>>): boolean {
  return base.some(({ name, published }) => (given[name] ?? published) !== published);
}

function heldBase(runs: readonly MeasuredRun[]): Design['held'] {
  const sizes = new Set(runs.map(({ point }) => point.parameters)).size;
  const tokens = new Set(runs.map(({ point }) => point.tokens)).size;
  if (runs.length >= fewestBaseRuns && sizes >= 3 && tokens >= 3) return null;
  return {
    names: base.map(({ name }) => name),
    reason:
      'The BF16 base stays as Quartet published it: fitting it needs at least ' +
      `${fewestBaseRuns} BF16 runs of three sizes and three numbers of tokens.`,
  };
}
