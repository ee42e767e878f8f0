import type { LossPoint, MeasuredLosses } from '../run/measured.ts';

/** A run's losses with another log's as those of its BF16 twin. */
export function withBaseline(run: MeasuredLosses, twin: MeasuredLosses): MeasuredLosses {
  return {
    name: `${run.name} and ${twin.name}`,
    points: run.points,
    baseline: twin.points,
    notes: [...new Set([...run.notes, ...twin.notes])],
  };
}

/**
 * A curve in at most `most` windows of equally many points: the mean of their tokens and the
 * median of their losses, which a single spike does not move.
 */
export function inWindows(points: readonly LossPoint[], most: number): readonly LossPoint[] {
  if (points.length <= most) return points;
  return Array.from({ length: most }, (_, window) => {
    const from = Math.floor((window * points.length) / most);
    const to = Math.floor(((window + 1) * points.length) / most);
    const inside = points.slice(from, to);
    const tokens = inside.reduce((sum, point) => sum + point.tokens, 0) / inside.length;
    return { tokens, loss: median(inside.map(({ loss }) => loss)) };
  });
}

/** The loss of a curve at D tokens, linear between its points; null outside of them. */
export function lossAt(points: readonly LossPoint[], tokens: number): number | null {
  let low = 0;
  let high = points.length - 1;
  const first = points[low];
  const last = points[high];
  if (!first || !last || tokens < first.tokens || tokens > last.tokens) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.tokens ?? 0) <= tokens) low = middle;
    else high = middle;
  }
  const [a, b] = [points[low] ?? first, points[high] ?? last];
  if (tokens >= b.tokens) return b.loss;
  return a.loss + ((b.loss - a.loss) * (tokens - a.tokens)) / (b.tokens - a.tokens);
}

/** The middle of some numbers, of an even number of them the mean of the two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
