import type { RunAnalysis } from '../analysis.ts';
import { fineTuneSummary } from './fineTune.ts';
import { formatName } from './formats.ts';
import { count } from './numbers.ts';
import { resourceParts } from './resources.ts';
import { verdictParts } from './verdict.ts';
import {
  assumedWords,
  parametersWords,
  postTrainingWords,
  precisionWords,
  roleWords,
  tokensReason,
} from './words.ts';

/** The lines above a config's first key, and what a click between them does. */
export interface Lens {
  /** All of it in one line, the size first. */
  readonly summary: string;
  /** What stands first: the forecast, so that a narrow editor cuts the size; else all of it. */
  readonly first: string;
  /** The size and the format, which stand last where there is a forecast; else null. */
  readonly size: string | null;
  readonly action: 'optimise' | 'set' | null;
  readonly actionTitle: string | null;
}

/**
 * The CodeLens of a run: `gap +0.03…0.21 (7 laws, Capybara +0.21: loss 2.45) · D is 18× D_crit by 1
 * of 7`, then `Optimize precision…`, then `N 8.03 B · D 15.0 T tokens · MXFP4 (block 32)`.
 */
export function lens(run: RunAnalysis): Lens {
  const { tokens, role } = run.run;
  if (role === 'finetune') {
    const asks = tokens.total === null && tokens.settledBy.length > 0;
    const summary = fineTuneSummary(run);
    // What it takes goes first, so that a narrow editor cuts the size.
    const taken = resourceParts(run).join(' · ');
    const line =
      taken === ''
        ? { summary, first: summary, size: null }
        : { summary, first: taken, size: summary };
    return { ...line, action: asks ? 'set' : null, actionTitle: asks ? 'Set it…' : null };
  }
  const size = parametersWords(run);
  const precision = precisionWords(run);
  const trains = role === 'pretrain' || role === 'continued';
  const sized = [
    size === null ? (trains ? 'N unknown' : null) : `N ${size}`,
    tokens.total !== null
      ? `D ${count(tokens.total.value)} tokens${assumedWords(tokens)}`
      : trains
        ? tokens.perRank === null
          ? `D unknown: ${tokensReason(tokens)}`
          : `D ${count(tokens.perRank.value)} tokens × data-parallel ranks`
        : null,
    precision ?? (trains ? 'number format not stated' : null),
  ];
  const said = [...verdictParts(run), roleWords(run), planned(run)];
  const joined = (parts: readonly (string | null)[]) =>
    parts.filter((part) => part !== null).join(' · ');
  const summary = joined([...sized, ...said]);
  if (run.forecast) {
    const lines = { summary, first: joined(said), size: joined(sized) };
    return { ...lines, action: 'optimise', actionTitle: 'Optimize precision…' };
  }
  const line = { summary, first: summary, size: null };
  return role === 'pretrain' && tokens.total === null && tokens.settledBy.length > 0
    ? { ...line, action: 'set', actionTitle: 'Set it…' }
    : { ...line, action: null, actionTitle: null };
}

/** A quantisation after training that the run plans: `then INT4 per channel: gap +0.154`. */
function planned(run: RunAnalysis): string | null {
  const { postTraining } = run;
  const added = run.run.role === 'quantize' ? null : postTrainingWords(run);
  return postTraining && added !== null ? `then ${formatName(postTraining.point)}: ${added}` : null;
}
