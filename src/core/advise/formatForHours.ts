import type { Accelerator } from '../hardware/accelerator.ts';
import type { Law, RunPoint } from '../laws/law.ts';
import type { Candidate } from './candidates.ts';
import { acceleratorHours } from './cost.ts';
import { leastPlace } from './search.ts';

/**
 * Of the formats that an accelerator multiplies at one rate, the one with the least gap for the
 * run at hand. That it stays the best of them at another N and D is assumed: laws rank formats
 * alike at every size, but for tensor-wise scaling by Capybara's rough reading.
 */
export function bestAtEachRate(
  rows: readonly Candidate[],
  accelerator: Accelerator,
): readonly RunPoint[] {
  const best = new Map<number, Candidate>();
  for (const row of rows) {
    const { gap } = row.forecast;
    const hours = acceleratorHours(accelerator, row.point);
    if (hours === null || gap === null) continue;
    const other = best.get(hours);
    if (!other || gap < (other.forecast.gap ?? Infinity)) best.set(hours, row);
  }
  return [...best.values()].map(({ point }) => point);
}

/** The format that a budget of accelerator-hours is spent best in, with the run that spends it. */
export interface FormatForHours {
  readonly point: RunPoint;
  readonly loss: number;
}

/**
 * The least loss by a law that a budget of accelerator-hours can buy in one of the formats of
 * `points`, at the accelerator's rates. N is `parameters`, or chosen with D when that is null;
 * D is what the hours leave. `hoursOf` are the hours of a run, at the peak rates unless given. Null when no format is native or the law cannot speak of any.
 * Derived by search: no paper gives it.
 */
export function formatForHours(
  law: Law,
  points: readonly RunPoint[],
  accelerator: Accelerator,
  hours: number,
  parameters: number | null,
  hoursOf = (point: RunPoint) => acceleratorHours(accelerator, point),
): FormatForHours | null {
  const found = points.flatMap((point) => {
    const each = hoursOf({ ...point, parameters: 1, tokens: 1 });
    if (each === null) return [];
    const product = hours / each;
    const runOf = (N: number): RunPoint => ({ ...point, parameters: N, tokens: product / N });
    const lossOf = (run: RunPoint): number => law.curve(run)(run.tokens).loss ?? Infinity;
    const best = runOf(parameters ?? bestSize((N) => lossOf(runOf(N)), product));
    const loss = lossOf(best);
    return loss === Infinity ? [] : [{ point: best, loss }];
  });
  return found.reduce<FormatForHours | null>(
    (least, one) => (least === null || one.loss < least.loss ? one : least),
    null,
  );
}

/** The N of least loss for a product N·D, to within 0.1 %, between its powers 0.33 and 0.7. */
function bestSize(lossOf: (parameters: number) => number, product: number): number {
  const whole = Math.log(product);
  const place = leastPlace((log) => lossOf(Math.exp(log)), 0.33 * whole, 0.7 * whole, 22);
  return Math.exp(place);
}
