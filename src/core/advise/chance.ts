import { erf } from '../formats/distributions.ts';
import type { Forecast } from '../laws/law.ts';

/** The normal variable that 5 % of its values exceed. */
const z95 = 1.6448536269514722;

/**
 * How likely a gap is at most `target` nats: by the error model that a forecast's 90 % interval
 * gap·e^±w ± n stands for, of which the interval gives back w and n. A value z of a normal variable
 * is read as the gap gap·e^(w·z/1.645) + n·z/1.645, so that ±1.645 are the interval's own ends.
 * Null without an interval.
 */
export function chanceWithin(
  { gap, interval }: Pick<Forecast, 'gap' | 'interval'>,
  target: number,
): number | null {
  if (interval === null || gap === null || gap <= 0) return null;
  const [low, high] = interval;
  const w = Math.acosh(Math.max(1, (low + high) / (2 * gap)));
  const n = Math.max(0, high - gap * Math.exp(w));
  if (w === 0 && n === 0) return Number(gap <= target);
  const gapAt = (z: number) => gap * Math.exp((w * z) / z95) + (n * z) / z95;
  let [least, most] = [-8, 8];
  for (let step = 0; step < 50; step++) {
    const middle = (least + most) / 2;
    if (gapAt(middle) <= target) least = middle;
    else most = middle;
  }
  const half = erf(Math.abs(least) / Math.SQRT2) / 2;
  return least < 0 ? 0.5 - half : 0.5 + half;
}
