import type { Design } from './model.ts';

/** Rows whose errors go together: drawn together, so that what they share is not taken for proof. */
export interface Clusters {
  /** What rows share: a twin's seed, what a size has of its own, or nothing. */
  readonly by: 'twin' | 'size' | 'run';
  /** The cluster of each row, from 0 on. */
  readonly of: Int32Array;
  readonly count: number;
}

/** Sizes within this ratio are one, as a run's and its twin's are. */
const sameSize = 1.002;

/** With fewer sizes than this their offsets cannot be told from the law itself. */
const fewestSizes = 3;

/**
 * Clusters of a design's rows: gaps by the twin that they share (its loss is in every one of them),
 * losses by N, whose runs share a learning rate, a batch and a width.
 */
export function clustersOf({ bf16Loss, parameters }: Design): Clusters {
  if (bf16Loss?.some((loss) => loss > 0)) {
    const twins = numbered(parameters, (row) => `${roundedSize(parameters[row])} ${bf16Loss[row]}`);
    return { by: 'twin', ...twins };
  }
  const sizes = numbered(parameters, (row) => roundedSize(parameters[row]));
  if (sizes.count >= fewestSizes) return { by: 'size', ...sizes };
  return { by: 'run', ...numbered(parameters, String) };
}

function roundedSize(parameters = 0): string {
  return String(Math.round(Math.log(parameters) / Math.log(sameSize) / 2));
}

function numbered(
  rows: Float64Array,
  keyOf: (row: number) => string,
): { readonly of: Int32Array; readonly count: number } {
  const known = new Map<string, number>();
  const of = Int32Array.from(rows, (_, row) => {
    const key = keyOf(row);
    const place = known.get(key) ?? known.size;
    known.set(key, place);
    return place;
  });
  return { of, count: known.size };
}

/** Student's t that 5 % of its values exceed, by degrees of freedom from 1 on. */
const t95 = [6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812] as const;

/**
 * How much wider than the scatter of resamples an interval has to be: few clusters scatter less
 * than they should, by √(clusters / freedom), and the normal 1.645 becomes Student's t.
 */
export function inflation(clusters: Clusters, rows: number, free: number): number {
  // What is fitted takes freedom of the rows; of clusters it takes the mean alone.
  const freedom = Math.max(1, Math.min(clusters.count - 1, rows - free));
  const t = t95[freedom - 1] ?? 1.645 + 1.6 / freedom;
  return (t / 1.645) * Math.sqrt(Math.max(1, rows / Math.max(1, rows - free)));
}
