import type { Law, RunPoint } from '../laws/law.ts';
import { leastPlace } from './search.ts';

/** How many times the run's own tokens the search goes to, and below them. */
const widestSearch = 1000;

const steps = 50;

/**
 * The fewest tokens with which the run at `point` reaches a loss by the law's own curve; null when
 * it does not between a thousandth and a thousand times its tokens, or the law cannot speak.
 * The curve is taken to fall to one minimum, as with a critical size, or to fall throughout.
 */
export function tokensToReach(law: Law, point: RunPoint, lossNats: number): number | null {
  const curve = law.curve(point);
  const lossAt = (logTokens: number): number => curve(Math.exp(logTokens)).loss ?? Infinity;
  let low = Math.log(point.tokens / widestSearch);
  const end = Math.log(point.tokens * widestSearch);
  let high = leastPlace(lossAt, low, end, steps);
  if (lossAt(end) < lossAt(high)) high = end;
  if (!(lossAt(high) <= lossNats)) return null;
  for (let step = 0; step < steps; step++) {
    const middle = (low + high) / 2;
    if (lossAt(middle) <= lossNats) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

/**
 * The tokens with which the run reaches the loss that its BF16 twin has at the run's own tokens;
 * null where `tokensToReach` is. For Capybara the closed form is `tokensToMatch` of its formulas.
 */
export function tokensToMatchTwin(law: Law, point: RunPoint): number | null {
  const { gap, bf16Loss } = law.forecast(point);
  if (gap === null || bf16Loss === null) return null;
  return gap === 0 ? point.tokens : tokensToReach(law, point, bf16Loss);
}
