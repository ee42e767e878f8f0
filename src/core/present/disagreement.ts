import type { Forecast, Law, RunPoint } from '../laws/law.ts';
import { isFp4 } from './formats.ts';
import { count, gapRange } from './numbers.ts';
import { comparable, isDerived, isOwnFit, lawLabel } from './words.ts';

/**
 * From where to where the laws put the gap, and which of them have a critical size; null where
 * there are not two to compare. Their losses are never compared: each is on its own data.
 */
export function spreadSentence(forecasts: readonly Forecast[]): string | null {
  const speaking = comparable(forecasts);
  const gaps = speaking.map(({ gap }) => gap ?? 0);
  if (speaking.length < 2 || gaps.every((gap) => gap === 0)) return null;
  const range = gapRange(Math.min(...gaps), Math.max(...gaps));
  const critical = speaking.flatMap((each) =>
    each.criticalTokens === null
      ? []
      : [
          `${count(each.criticalTokens)} by ${lawLabel(each)}${isDerived(each) ? ' (derived)' : ''}`,
        ],
  );
  const rest = critical.length < speaking.length ? ['none by the others'] : [];
  const minima =
    critical.length === 0 ? 'no D_crit by any' : `D_crit ${[...critical, ...rest].join(', ')}`;
  const own = speaking.filter(isOwnFit).length;
  const laws = `${speaking.length} laws${own === 0 ? '' : ` (${own} of them our own fit${own === 1 ? '' : 's'})`}`;
  return `Gap by ${laws}: ${range}; ${minima}.`;
}

/** The power of D that a law's gap grows with at a point; null where it has none above 0. */
function gapExponent(law: Law, point: RunPoint): number | null {
  const curve = law.curve(point);
  const step = 1.01;
  const here = curve(point.tokens).gap;
  const there = curve(point.tokens * step).gap;
  if (here === null || there === null || here <= 0 || there <= 0) return null;
  return Math.log(there / here) / Math.log(step);
}

/** What the gap of public FP4 runs does as tokens are added: our own fits, 95 % below D^0.20. */
const measured =
  'by our fits to those of 30 to 822 M parameters with good recipes their gap grows as D^0.06 to ' +
  'D^0.18; that of weak recipes grew as D^0.48 and more, at 8 B parameters that of good ones shrank';

/**
 * What public runs say to the critical size of a law's forecast: a sentence, of four-bit floating
 * point alone, for nothing else was measured so far. They show none, their gap grows ever slower
 * (our own fits to public FP4 runs), and much slower than by Capybara.
 */
export function publicRuns(
  law: Law | undefined,
  point: RunPoint,
  forecast: Forecast,
): string | null {
  if (!isFp4(point)) return null;
  const exponent = law ? gapExponent(law, point) : null;
  const here =
    exponent === null ? '' : `; by ${lawLabel(forecast)} it grows as D^${exponent.toFixed(2)}`;
  return (
    'Public FP4 runs, the largest with a printed gap of 12 B parameters and 10 T tokens, show no ' +
    `critical size: ${measured}${here}.`
  );
}
