const golden = (Math.sqrt(5) - 1) / 2;

/**
 * The place between `low` and `high` where a function with one minimum is least, by golden-section
 * search; `steps` of 45 leave some 4e-10 of the interval.
 */
export function leastPlace(
  valueAt: (place: number) => number,
  low: number,
  high: number,
  steps: number,
): number {
  let [from, to] = [low, high];
  let left = to - golden * (to - from);
  let right = from + golden * (to - from);
  let [atLeft, atRight] = [valueAt(left), valueAt(right)];
  for (let step = 0; step < steps; step++) {
    if (atLeft <= atRight) {
      [to, right, atRight] = [right, left, atLeft];
      left = to - golden * (to - from);
      atLeft = valueAt(left);
    } else {
      [from, left, atLeft] = [left, right, atRight];
      right = from + golden * (to - from);
      atRight = valueAt(right);
    }
  }
  return (from + to) / 2;
}
