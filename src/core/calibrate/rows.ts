import type { RunPoint } from '../laws/law.ts';
import { quantises } from '../laws/width.ts';
import type { MeasuredRun } from './model.ts';
import { seeded } from './spread.ts';

/** Whether sizes and losses are numbers that a logarithm can be taken of. */
export function isSound({ point, loss, bf16Loss }: MeasuredRun): boolean {
  return [point.parameters, point.tokens, loss, bf16Loss ?? 1].every(
    (each) => Number.isFinite(each) && each > 0,
  );
}

/** Sizes within this of each other, in ln units, are a run's and its twin's. */
const sameSize = 2e-3;

/** Runs by their sizes, so that a twin is found without comparing every run with every other. */
interface BySize {
  readonly add: (run: MeasuredRun) => void;
  /** A run of the sizes of a point, if there is one. */
  readonly find: (point: RunPoint) => MeasuredRun | undefined;
}

function bySize(runs: readonly MeasuredRun[]): BySize {
  const cells = new Map<string, MeasuredRun[]>();
  const cellOf = ({ parameters, tokens }: RunPoint) =>
    [parameters, tokens].map((size) => Math.floor(Math.log(size) / sameSize));
  const add = (run: MeasuredRun): void => {
    const key = cellOf(run.point).join();
    const cell = cells.get(key);
    if (cell) cell.push(run);
    else cells.set(key, [run]);
  };
  runs.forEach(add);
  // A cell is as wide as sizes may differ, so a twin is in the same cell or in one beside it.
  const beside = [0, -1, 1];
  const find = (point: RunPoint): MeasuredRun | undefined => {
    const [n = 0, d = 0] = cellOf(point);
    for (const i of beside) {
      for (const j of beside) {
        const cell = cells.get([n + i, d + j].join());
        const twin = cell?.find((run) => haveSameSizes(run.point, point));
        if (twin) return twin;
      }
    }
    return undefined;
  };
  return { add, find };
}

function haveSameSizes(a: RunPoint, b: RunPoint): boolean {
  return (
    Math.abs(Math.log(a.parameters / b.parameters)) < sameSize &&
    Math.abs(Math.log(a.tokens / b.tokens)) < sameSize
  );
}

/** Gives a run without a BF16 twin the BF16 run of the same N and D, where there is one. */
export function withTwins(runs: readonly MeasuredRun[]): readonly MeasuredRun[] {
  const unquantised = bySize(runs.filter(({ point }) => !quantises(point)));
  return runs.map((run) => {
    if (!quantises(run.point)) return { ...run, bf16Loss: null };
    return { ...run, bf16Loss: run.bf16Loss ?? unquantised.find(run.point)?.loss ?? null };
  });
}

/** The runs and, where no BF16 run of the same sizes is among them, the twins as runs. */
export function withTwinsAsRuns(runs: readonly MeasuredRun[]): readonly MeasuredRun[] {
  const unquantised = bySize(runs.filter(({ point }) => !quantises(point)));
  const twins: MeasuredRun[] = [];
  for (const { point, bf16Loss } of runs) {
    if (bf16Loss === null || unquantised.find(point)) continue;
    const twin = { point: bf16Point(point), loss: bf16Loss, bf16Loss: null };
    twins.push(twin);
    unquantised.add(twin);
  }
  return [...runs, ...twins];
}

function bf16Point(point: RunPoint): RunPoint {
  return {
    ...point,
    ...{ format: 'bf16', bits: 16, exponentBits: 8, mantissaBits: 7, gradientFormat: null },
    ...{ granularity: 'none', block: null, scale: null, operands: [] },
  };
}

/** What every model reads of its rows. */
export interface Columns {
  readonly lnN: Float64Array;
  readonly lnD: Float64Array;
  readonly parameters: Float64Array;
  /** Means of ln N and of ln D: where starts are laid out. */
  readonly centre: { readonly lnN: number; readonly lnD: number };
}

/** The sizes of rows, their logarithms and where their middle is. */
export function columnsOf(runs: readonly MeasuredRun[]): Columns {
  const lnN = column(runs, ({ point }) => Math.log(point.parameters));
  const lnD = column(runs, ({ point }) => Math.log(point.tokens));
  return {
    lnN,
    lnD,
    parameters: column(runs, ({ point }) => point.parameters),
    centre: { lnN: mean(lnN), lnD: mean(lnD) },
  };
}

/** One number a row. */
export function column<Row>(rows: readonly Row[], read: (row: Row) => number): Float64Array {
  return Float64Array.from(rows, read);
}

/** The mean; 0 of nothing. */
export function mean(values: Float64Array): number {
  return values.reduce((sum, each) => sum + each, 0) / Math.max(values.length, 1);
}

/** The value that a share of the values lies below, interpolated; NaN of nothing. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (at - Math.floor(at)) * (high - low);
}

/** The point between two positive numbers at a share of their distance in logarithms. */
export function between(low: number, high: number, share: number): number {
  return low * (high / low) ** share;
}

/** Some of the runs, drawn evenly and always alike, where there are more than `most`. */
export function drawnFrom(runs: readonly MeasuredRun[], most: number): readonly MeasuredRun[] {
  const draw = seeded(2);
  let open = most;
  return runs.filter((_, index) => {
    const isDrawn = draw() * (runs.length - index) < open;
    if (isDrawn) open -= 1;
    return isDrawn;
  });
}

/** `3 runs`, `1 run`. */
export function runCount(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

/** One sentence on runs that a law has no use for; empty when there are none. */
export function leftOut(count: number, why: string): readonly string[] {
  return count === 0 ? [] : [`${runCount(count)} ${count === 1 ? 'is' : 'are'} left out: ${why}.`];
}
