import type { RunAnalysis } from '../analysis.ts';
import { forecastParts, lens } from './lens.ts';
import { shareOfCritical } from './numbers.ts';
import { visible } from './plain.ts';
import { lawPhrase, parametersWords } from './words.ts';

/** The status bar item of a run; `warning` past the critical data size. */
export interface Status {
  readonly text: string;
  readonly tooltip: string;
  readonly level: 'normal' | 'warning';
}

/** What the status bar shows of a run: `10 % of D_crit`, or the most that is known. */
export function status(run: RunAnalysis): Status {
  const ratio = run.forecast?.ratio ?? null;
  const { summary } = lens(run);
  const speaks = run.forecast !== null && run.forecast.gap !== null;
  const by = speaks ? [`By ${lawPhrase(run.forecast)}.`] : [];
  const tooltip = [`${run.frameworkName}: ${summary}`, ...by].map(visible).join('\n');
  if (ratio !== null) {
    const level = ratio > 1 ? 'warning' : 'normal';
    return { text: shareOfCritical(ratio), tooltip, level };
  }
  const size = parametersWords(run);
  const text =
    forecastParts(run)[0] ??
    (run.run.role === 'pretrain' && run.run.tokens.total === null
      ? 'D unknown'
      : size === null
        ? run.frameworkName
        : `N ${size}`);
  return { text, tooltip, level: 'normal' };
}
