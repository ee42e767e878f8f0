import { lawById } from '../laws/registry.ts';
import { bootstrap, type Interval } from './bootstrap.ts';
import { valuesOf } from './descent.ts';
import { holdOutLargest, type HeldOut } from './holdOut.ts';
import { flatDirections, sharpnessAt } from './leverage.ts';
import { quantises } from '../laws/width.ts';
import type { Design, FitError, FitProgress, MeasuredRun } from './model.ts';
import { models } from './registry.ts';
import { drawnFrom, isSound, leftOut, withTwins } from './rows.ts';
import { prepare, search, settle } from './search.ts';

export type { FitError, FitProgress, MeasuredRun } from './model.ts';

/** What to fit, and how thoroughly. */
export interface FitOptions {
  /** Id of one of `fittableLaws`. */
  readonly law: string;
  /** Constants that stay at a value of the caller's, by name. */
  readonly pinned: Readonly<Record<string, number>>;
  /** Resamples of the bootstrap; 0 = no intervals. */
  readonly bootstrap: number;
  /** Whether to fit again without the largest N, and to see how that predicts it. */
  readonly holdOut: 'largest-n' | null;
  /** Points that the search starts from; 500 unless said. */
  readonly starts?: number;
}

/** One constant of a fit, with its 90 % interval by bootstrap; pinned ones have none. */
interface FittedConstant {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A law fitted to measured runs. */
export interface FitResult {
  readonly law: string;
  /** Every constant of the fit, those that stay at a published or given value included. */
  readonly constants: Readonly<Record<string, FittedConstant>>;
  /** The sum over runs of Huber's loss of ln(predicted / measured). */
  readonly objective: number;
  /** Losses that were fitted, BF16 twins that count as runs of their own included. */
  readonly runs: number;
  /** Median |ln(predicted / measured)| of the loss at the largest N, fitted without it. */
  readonly holdOut: HeldOut | null;
  /**
   * The free constants of the resamples, by name, all lists as long: forecasts with them spread as
   * far as the runs leave them open. Null without a bootstrap.
   */
  readonly draws: Readonly<Record<string, readonly number[]>> | null;
  /** Whole sentences: runs left out, constants that stay as published, flat directions. */
  readonly notes: readonly string[];
}

/** Ids of the laws that can be fitted. */
export const fittableLaws: readonly string[] = models.map(({ law }) => law);

/** The law to fit when nobody names one: runs in BF16 alone tell nothing of low precision. */
export function usualLaw(runs: readonly MeasuredRun[]): string {
  const isPlain = runs.every(({ point, bf16Loss }) => bf16Loss === null && !quantises(point));
  return isPlain ? 'chinchilla' : 'capybara';
}

const defaultStarts = 500;

/** A fit takes time with every run, and more than these tell a law's few constants little. */
const mostRuns = 5000;

/**
 * Fits a law to measured runs: Huber's loss on log losses (on log gaps where the law is one of the
 * gap), from many starts, then intervals and the hold-out. Constants that the runs cannot move stay
 * as published, and the notes say so. A generator, so that a caller can do it in slices and stop
 * at any step; the same runs and options give the same result. Never throws: what cannot be fitted
 * is an error.
 */
export function* fitLaw(
  runs: readonly MeasuredRun[],
  options: FitOptions,
): Generator<FitProgress, FitResult | FitError> {
  const model = models.find(({ law }) => law === options.law);
  const law = lawById(options.law);
  if (!model || !law) return { error: `The law ${options.law} cannot be fitted.` };
  const usable = withTwins(runs.filter(isSound));
  const sound = drawnFrom(usable, mostRuns);
  const design = model.design(sound, options.pinned);
  const wrong = wrongPin(design, options.pinned, Object.keys(law.constants), law.name);
  if (wrong !== null) return { error: wrong };

  const prepared = prepare(design, options.pinned, law.name);
  if ('error' in prepared) return { error: [prepared.error, ...design.notes].join(' ') };
  const found = yield* search(design, prepared, options.starts ?? defaultStarts);
  if (found.objective === Infinity) {
    return { error: `The ${law.name} law is undefined on some of these runs.` };
  }
  const { theta, objective, free, notes } = yield* settle(design, prepared, found);
  const { intervals, draws, clusters } = yield* bootstrap(design, free, theta, options.bootstrap);
  const values = valuesOf(design, theta);
  const holdOut =
    options.holdOut === null
      ? null
      : yield* holdOutLargest(model, sound, options.pinned, byName(design, values));

  return {
    law: options.law,
    constants: {
      ...Object.fromEntries(
        Object.entries(options.pinned).map(([name, value]) => [name, pinnedConstant(value)]),
      ),
      ...Object.fromEntries(
        design.constants.map(({ name, published }, place) => [
          name,
          free.includes(place)
            ? fittedConstant(values[place] ?? 0, intervals.get(place))
            : pinnedConstant(options.pinned[name] ?? published),
        ]),
      ),
    },
    objective,
    runs: design.measured.length,
    holdOut,
    draws: draws.length === 0 ? null : drawsByName(design, free, draws.slice(0, mostDraws)),
    notes: [
      ...leftOut(runs.length - usable.length, 'parameters, tokens and loss must be above 0'),
      ...leftOut(
        usable.length - sound.length,
        `a fit takes ${mostRuns} at most, here drawn evenly from all`,
      ),
      ...design.notes,
      ...prepared.notes,
      ...notes,
      ...(draws.length === 0 ? [] : [clusterNote[clusters.by](clusters.count)]),
      ...flatDirections(design, free, sharpnessAt(design, theta, free)),
      ...(options.holdOut !== null && holdOut === null
        ? [
            'Nothing was held out: that needs runs of at least two sizes, and enough without the largest.',
          ]
        : []),
    ],
  };
}

/** As many resamples as a calibration file keeps: quantiles of 5 % need no more. */
const mostDraws = 100;

const clusterNote = {
  twin: (count: number) =>
    `The intervals draw the runs by the BF16 twins that they share (${count}).`,
  size: (count: number) => `The intervals draw the runs by their sizes (${count}).`,
  run: (count: number) => `The intervals draw the runs one by one (${count}).`,
} as const;

function drawsByName(
  design: Design,
  free: readonly number[],
  draws: readonly Float64Array[],
): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    free.map((place) => [
      design.constants[place]?.name ?? '',
      draws.map((each) => each[place] ?? 0),
    ]),
  );
}

function byName(design: Design, values: Float64Array): Readonly<Record<string, number>> {
  return Object.fromEntries(design.constants.map(({ name }, at) => [name, values[at] ?? 0]));
}

function pinnedConstant(value: number): FittedConstant {
  return { value, low: null, high: null };
}

function fittedConstant(value: number, interval: Interval | undefined): FittedConstant {
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}

/** What is wrong with a pin, one sentence; null when nothing is. */
function wrongPin(
  { constants }: Design,
  pinned: Readonly<Record<string, number>>,
  known: readonly string[],
  law: string,
): string | null {
  for (const [name, value] of Object.entries(pinned)) {
    const constant = constants.find((each) => each.name === name);
    if (!constant && !known.includes(name)) return `${law} has no constant ${name}.`;
    if (!Number.isFinite(value)) return `The value that ${name} is pinned to is no number.`;
    if (constant && !constant.signed && value <= 0) return `${name} must be pinned above 0.`;
  }
  return null;
}
