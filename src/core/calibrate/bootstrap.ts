import { clustersOf, inflation } from './clusters.ts';
import { minimiser, valuesOf } from './descent.ts';
import type { Design, FitProgress } from './model.ts';
import { quantile } from './rows.ts';
import { slices } from './search.ts';
import { seeded } from './spread.ts';

/** A 90 % interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What a bootstrap tells. */
export interface Resampled {
  /** By place in the design; empty without resamples. */
  readonly intervals: ReadonlyMap<number, Interval>;
  /** The values of all constants, a resample each: what forecasts get their intervals from. */
  readonly draws: readonly Float64Array[];
  readonly clusters: { readonly by: 'twin' | 'size' | 'run'; readonly count: number };
}

/** Evaluations of a descent from the optimum of all runs to that of a resample. */
const evaluations = 60;

/**
 * Fits over and over with weights drawn anew for each cluster of rows (exponential ones of mean 1,
 * the Bayesian bootstrap, which never leaves a size out), from the optimum on. The spread about the
 * optimum is widened for the number of clusters, and the 5 and 95 % quantiles of each constant are
 * its interval.
 */
export function* bootstrap(
  design: Design,
  free: readonly number[],
  optimum: Float64Array,
  resamples: number,
): Generator<FitProgress, Resampled> {
  const clusters = clustersOf(design);
  const rows = design.measured.length;
  const widen = inflation(clusters, rows, free.length);
  const descents = minimiser(design, free);
  const draw = seeded(1);
  const draws: Float64Array[] = [];
  for (let done = 1; done <= resamples; done++) {
    const weights = Float64Array.from({ length: clusters.count }, () => -Math.log(1 - draw()));
    const sum = weights.reduce((total, each) => total + each, 0);
    const counts = Float64Array.from(
      clusters.of,
      (cluster) => ((weights[cluster] ?? 0) * clusters.count) / sum,
    );
    let theta = optimum;
    for (const slice of slices(design, descents, { theta }, evaluations, counts)) {
      theta = slice.theta;
      yield { phase: 'bootstrap', done, total: resamples };
    }
    const widened = theta.map((each, at) => {
      const from = optimum[at] ?? 0;
      return from + widen * (each - from);
    });
    draws.push(valuesOf(design, widened));
  }
  const intervals = new Map<number, Interval>();
  if (draws.length > 0) {
    for (const place of free) {
      const column = draws.map((each) => each[place] ?? 0);
      intervals.set(place, { low: quantile(column, 0.05), high: quantile(column, 0.95) });
    }
  }
  return { intervals, draws, clusters };
}
