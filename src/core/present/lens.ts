import type { RunAnalysis } from '../analysis.ts';
import { fineTuneSummary } from './fineTune.ts';
import { formatName } from './formats.ts';
import { count, gapNats, lossNats, shareOfCritical } from './numbers.ts';
import {
  constantsRemark,
  gapWord,
  isRough,
  lawName,
  parametersWords,
  postTrainingWords,
  precisionWords,
  roleWords,
  tokensReason,
} from './words.ts';

/** The line above a config's first key, and what a click beside it does. */
export interface Lens {
  readonly summary: string;
  readonly action: 'optimise' | 'set' | null;
  readonly actionTitle: string | null;
}

/**
 * The CodeLens of a run:
 * `N 6.66 B · D 1.00 T tokens · FP8 E4M3 per tensor · gap +0.0041 (loss 2.29) · 10 % of D_crit`.
 */
export function lens(run: RunAnalysis): Lens {
  const { tokens, role } = run.run;
  if (role === 'finetune') {
    const asks = tokens.total === null && tokens.settledBy.length > 0;
    const summary = fineTuneSummary(run);
    return { summary, action: asks ? 'set' : null, actionTitle: asks ? 'Set it…' : null };
  }
  const size = parametersWords(run);
  const precision = precisionWords(run);
  const trains = role === 'pretrain' || role === 'continued';
  const parts = [
    size === null ? (trains ? 'N unknown' : null) : `N ${size}`,
    tokens.total !== null
      ? `D ${count(tokens.total.value)} tokens`
      : trains
        ? tokens.perRank === null
          ? `D unknown: ${tokensReason(tokens)}`
          : `D ${count(tokens.perRank.value)} tokens × data-parallel ranks`
        : null,
    precision ?? (trains ? 'number format not stated' : null),
    ...forecastParts(run),
    roleWords(run),
    planned(run),
  ];
  const summary = parts.filter((part) => part !== null).join(' · ');
  if (run.forecast) return { summary, action: 'optimise', actionTitle: 'Optimize precision…' };
  return role === 'pretrain' && tokens.total === null && tokens.settledBy.length > 0
    ? { summary, action: 'set', actionTitle: 'Set it…' }
    : { summary, action: null, actionTitle: null };
}

/** A quantisation after training that the run plans: `then INT4 per channel: gap +0.154`. */
function planned(run: RunAnalysis): string | null {
  const { postTraining } = run;
  const added = run.run.role === 'quantize' ? null : postTrainingWords(run);
  return postTraining && added !== null ? `then ${formatName(postTraining.point)}: ${added}` : null;
}

/** What the chosen law says, in the words of the lens; empty without a forecast. */
export function forecastParts(run: RunAnalysis): readonly string[] {
  const { forecast } = run;
  if (!forecast) return [];
  if (forecast.gap === null || forecast.loss === null) {
    return [`no ${lawName(forecast.law)} forecast for this format`];
  }
  const loss = `loss ${lossNats(forecast.loss)}`;
  const words = [...(isRough(run) ? ['rough'] : []), ...constantsRemark(forecast)].join(', ');
  const remark = words === '' ? '' : ` (${words})`;
  if (forecast.gap === 0) return [loss + remark];
  const gap = `${gapWord(forecast)} ${gapNats(forecast.gap)}`;
  return forecast.ratio === null
    ? [`${gap} (${loss}${words === '' ? '' : `, ${words}`})`]
    : [`${gap} (${loss})`, shareOfCritical(forecast.ratio) + remark];
}
