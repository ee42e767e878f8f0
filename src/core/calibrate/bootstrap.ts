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

/** Evaluations of a descent from the optimum of all runs to that of a resample. */
const evaluations = 60;

/**
 * 90 % intervals of the free constants by the bootstrap: as many runs drawn with replacement, fitted
 * from the optimum on, and the 5 and 95 % quantiles of each constant over the resamples. By place
 * in the design; empty without resamples.
 */
export function* bootstrap(
  design: Design,
  free: readonly number[],
  optimum: Float64Array,
  resamples: number,
): Generator<FitProgress, ReadonlyMap<number, Interval>> {
  const rows = design.measured.length;
  const descents = minimiser(design, free);
  const draw = seeded(1);
  const values: Float64Array[] = [];
  for (let done = 1; done <= resamples; done++) {
    const counts = new Float64Array(rows);
    for (let drawn = 0; drawn < rows; drawn++) {
      const row = Math.floor(draw() * rows);
      counts[row] = (counts[row] ?? 0) + 1;
    }
    let theta = optimum;
    for (const slice of slices(design, descents, { theta }, evaluations, counts)) {
      theta = slice.theta;
      yield { phase: 'bootstrap', done, total: resamples };
    }
    values.push(valuesOf(design, theta));
  }
  if (values.length === 0) return new Map();
  return new Map(
    free.map((place) => {
      const column = values.map((each) => each[place] ?? 0);
      return [place, { low: quantile(column, 0.05), high: quantile(column, 0.95) }];
    }),
  );
}
