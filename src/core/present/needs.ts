import type { Need } from '../run/need.ts';

/** A need as every list shows it, and as `check --json` has it: `tokens: the batch size is …`. */
export function needWords({ settles, why }: Need): string {
  return settles === 'run' ? why : `${settles}: ${why}`;
}
