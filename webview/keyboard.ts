/** One point of a chart. */
export interface ActivePoint {
  readonly dataset: number;
  readonly index: number;
}

/**
 * Where a key leads from a point: left and right along a dataset, up and down between datasets to
 * the nearest place, or along it where there is but one. Undefined for a key that means nothing
 * here. `places` holds, for each dataset, where its points stand on the (logarithmic) axis; the
 * first key of all leads to the last dataset, which is the run's own point, or else the first bar.
 */
export function move(
  from: ActivePoint | null,
  key: string,
  places: readonly (readonly number[])[],
): ActivePoint | undefined {
  const step = steps[key];
  if (!step || places.length === 0) return undefined;
  if (!from) return { dataset: places.length - 1, index: 0 };
  const own = places[from.dataset] ?? [];
  if (places.length > 1 && step.between !== 0) {
    const dataset = (from.dataset + step.between + places.length) % places.length;
    return { dataset, index: nearest(places[dataset] ?? [], own[from.index] ?? 1) };
  }
  const along = step.along === 0 ? step.between : step.along;
  const index = Math.min(own.length - 1, Math.max(0, from.index + along));
  return { dataset: from.dataset, index };
}

function nearest(places: readonly number[], wanted: number): number {
  const distances = places.map((place) => Math.abs(Math.log(place / wanted)));
  return Math.max(0, distances.indexOf(Math.min(...distances)));
}

const steps: Readonly<Record<string, { readonly along: number; readonly between: number }>> = {
  ArrowLeft: { along: -1, between: 0 },
  ArrowRight: { along: 1, between: 0 },
  ArrowUp: { along: 0, between: -1 },
  ArrowDown: { along: 0, between: 1 },
  PageUp: { along: -10, between: 0 },
  PageDown: { along: 10, between: 0 },
  Home: { along: -Infinity, between: 0 },
  End: { along: Infinity, between: 0 },
};
