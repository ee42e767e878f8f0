import { layouts } from './layouts.ts';
import { lossAgainstTokens } from './lossAgainstTokens.ts';
import type { Plot } from './plot.ts';
import { precisionAgainstBudget } from './precisionAgainstBudget.ts';

/** Every plot, in the order of the tabs. */
export const plots: readonly [Plot, ...Plot[]] = [
  lossAgainstTokens,
  layouts,
  precisionAgainstBudget,
];
