import { lawsPlot } from './laws.ts';
import { layouts } from './layouts.ts';
import { lossAgainstTokens } from './lossAgainstTokens.ts';
import { measuredPlot } from './measured.ts';
import type { Plot } from './plot.ts';
import { precisionAgainstBudget } from './precisionAgainstBudget.ts';
import { tradeOff } from './tradeOff.ts';

/** Every plot, in the order of the tabs. */
export const plots: readonly [Plot, ...Plot[]] = [
  lossAgainstTokens,
  layouts,
  precisionAgainstBudget,
  tradeOff,
  lawsPlot,
  measuredPlot,
];
