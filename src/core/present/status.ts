import type { RunAnalysis } from '../analysis.ts';
import { lens } from './lens.ts';
import { visible } from './plain.ts';
import { criticalShare, verdictParts } from './verdict.ts';
import { lawPhrase, parametersWords } from './words.ts';

/** The status bar item of a run; `warning` past a critical data size that more than one law or a
 * measurement sees. */
export interface Status {
  readonly text: string;
  readonly tooltip: string;
  readonly level: 'normal' | 'warning';
}

/** What the status bar shows of a run: `10 % of D_crit`, or the most that is known. */
export function status(run: RunAnalysis): Status {
  const share = criticalShare(run);
  const { summary } = lens(run);
  const speaks = run.forecast !== null && run.forecast.gap !== null;
  const by = speaks ? [`By ${lawPhrase(run.forecast)}.`] : [];
  const tooltip = [`${run.frameworkName}: ${summary}`, ...by].map(visible).join('\n');
  if (share !== null) {
    const isPast = (run.forecast?.ratio ?? 0) > 1;
    const level = isPast && run.verdict?.confirmed === true ? 'warning' : 'normal';
    return { text: share, tooltip, level };
  }
  const size = parametersWords(run);
  const text =
    verdictParts(run)[0] ??
    (run.run.role === 'pretrain' && run.run.tokens.total === null
      ? 'D unknown'
      : size === null
        ? run.frameworkName
        : `N ${size}`);
  return { text, tooltip, level: 'normal' };
}
