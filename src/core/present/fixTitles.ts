import type { LossChange } from '../advise/lossChange.ts';
import { gapNats, gapRange } from './numbers.ts';
import { lawName } from './words.ts';

/**
 * The title of a fix with what it does to the final loss, the leading law first:
 * `Train in FP8 E4M3 per tensor: loss −0.19 by Capybara, −0.05…−0.02 by 6 other laws`.
 */
export function changedTitle(what: string, changes: readonly LossChange[]): string {
  const [lead, ...others] = changes;
  if (!lead) return what;
  const own = `${change(lead.change)} by ${lawName(lead.law)}`;
  const values = others.map((each) => each.change);
  if (values.length === 0) return `${what}: loss ${own}`;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = change(low) === change(high) ? change(low) : gapRange(low, high);
  const laws = `${others.length} other law${others.length === 1 ? '' : 's'}`;
  return `${what}: loss ${own}, ${range} by ${laws}`;
}

/** A change of the loss: `−0.19`, `±0` where it is less than a ten-thousandth. */
function change(nats: number): string {
  return Math.abs(nats) < 0.0001 ? '±0' : gapNats(nats, 2);
}
