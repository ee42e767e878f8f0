import { comparePlot } from './compare/compare.ts';
import { lawsPlot } from './laws/laws.ts';
import { layouts } from './layouts/layouts.ts';
import { lossAgainstTokens } from './lossAgainstTokens/lossAgainstTokens.ts';
import { measuredPlot } from './measured/measured.ts';
import type { Plot } from './plot.ts';
import { precisionAgainstBudget } from './precisionAgainstBudget/precisionAgainstBudget.ts';
import { tradeOff } from './tradeOff/tradeOff.ts';

/** Every plot, in the order of the tabs. */
export const plots: readonly [Plot, ...Plot[]] = [
  lossAgainstTokens,
  layouts,
  precisionAgainstBudget,
  tradeOff,
  lawsPlot,
  measuredPlot,
  comparePlot,
];
