import { thetaOf, valuesOf, type Descent } from './descent.ts';
import type { Design, FitProgress, MeasuredRun, Model } from './model.ts';
import { quantile } from './rows.ts';
import { prepare, search, settle, type Prepared } from './search.ts';

/** How a law fitted without the largest runs predicts them. */
export interface HeldOut {
  readonly runs: number;
  /** Median |ln(predicted / measured)| of the loss. */
  readonly medianAbsError: number;
}

/** Sizes within this ratio are one size, as a run's and its twin's are. */
const sameSize = 1.002;

/** The fit without the largest runs starts beside the one with them, so that fewer starts do. */
const starts = 40;

/**
 * Fits again without the runs of the largest N and asks how far those are from what it predicts.
 * `optimum` is the fit of all runs, from which it starts. Null with fewer than two sizes, or with
 * too few runs left.
 */
export function* holdOutLargest(
  model: Model,
  runs: readonly MeasuredRun[],
  pinned: Readonly<Record<string, number>>,
  optimum: Readonly<Record<string, number>>,
): Generator<FitProgress, HeldOut | null> {
  const used = model.design(runs, pinned).parameters;
  const largest = used.reduce((most, each) => Math.max(most, each), 0);
  const isHeld = ({ point }: MeasuredRun) => point.parameters * sameSize >= largest;
  const training = model.design(
    runs.filter((run) => !isHeld(run)),
    pinned,
  );
  const prepared = prepare(training, pinned, model.law);
  if ('error' in prepared) return null;
  const near = thetaOf(training, valuesByName(training, optimum));
  const nearby = prepared.theta.map((each, at) =>
    prepared.free.includes(at) ? (near[at] ?? each) : each,
  );
  const steps = refit(training, prepared, nearby);
  let step = steps.next();
  for (; !step.done; step = steps.next()) yield { ...step.value, phase: 'hold-out' };
  const { theta, objective } = step.value;
  if (objective === Infinity) return null;

  const fitted = valuesOf(training, theta);
  const names = training.constants.map(({ name }, at) => [name, fitted[at] ?? 0] as const);
  const test = model.design(runs.filter(isHeld), pinned);
  return errorsOf(test, valuesByName(test, Object.fromEntries(names)));
}

function* refit(
  design: Design,
  prepared: Prepared,
  theta: Float64Array,
): Generator<FitProgress, Descent> {
  return yield* settle(design, prepared, yield* search(design, { ...prepared, theta }, starts));
}

/** The design's constants out of those known by name; published where a name is not known. */
function valuesByName(
  { constants }: Design,
  known: Readonly<Record<string, number>>,
): Float64Array {
  return Float64Array.from(constants, ({ name, published }) => known[name] ?? published);
}

/** How far the predictions of a design lie from its runs, in the loss even where gaps are fitted. */
function errorsOf(design: Design, values: Float64Array): HeldOut | null {
  const { measured, bf16Loss, constants } = design;
  const runs = measured.length;
  const predicted = new Float64Array(runs);
  design.evaluate(values, predicted, new Float64Array(runs * constants.length));
  const errors = predicted.map((each, row) => {
    const twin = bf16Loss?.[row];
    const actual = measured[row] ?? 0;
    return Math.abs(
      twin === undefined
        ? each - actual
        : Math.log((twin + Math.exp(each)) / (twin + Math.exp(actual))),
    );
  });
  const medianAbsError = quantile(errors, 0.5);
  return Number.isFinite(medianAbsError) ? { runs, medianAbsError } : null;
}
