import type { RunAnalysis } from '../analysis.ts';
import { fineTuneSummary } from './fineTune.ts';
import { needWords } from './needs.ts';
import { shareOfCritical } from './numbers.ts';
import { gapOf } from './verdict.ts';
import { lawName } from './words.ts';

/** What a list of runs is divided into, in the order of what wants to be looked at first. */
export const runGroups = ['past', 'open', 'within', 'finetunes', 'others'] as const;
export type RunGroup = (typeof runGroups)[number];

/** The groups as a list heads them. */
export const groupTitles: Readonly<Record<RunGroup, string>> = {
  past: 'Past the target',
  open: 'Need GPUs or data size',
  within: 'Within the target',
  finetunes: 'Fine-tunes',
  others: 'Without a forecast',
};

/** Where a run stands in a list, and why, as a sentence. */
export interface GroupedRun {
  readonly group: RunGroup;
  readonly why: string;
}

/**
 * The group of a run by the law that leads: past the target is a larger gap than `gapTarget`, or
 * more tokens than the critical data size.
 */
export function groupOf(run: RunAnalysis, gapTarget: number): GroupedRun {
  const { role, tokens } = run.run;
  if (role === 'finetune') return { group: 'finetunes', why: `${fineTuneSummary(run)}.` };
  const { forecast } = run;
  if (forecast && forecast.gap !== null) {
    const by = `by the ${lawName(forecast.law)} law`;
    const ratio = forecast.ratio ?? 0;
    if (ratio > 1) return { group: 'past', why: `D is ${shareOfCritical(ratio)} ${by}.` };
    const gap = forecast.gap === 0 ? 'no gap' : `gap ${gapOf(forecast)}`;
    return forecast.gap > gapTarget
      ? { group: 'past', why: `${gap} ${by}, over the target of ${gapTarget} nats.` }
      : { group: 'within', why: `${gap} ${by}, within the target of ${gapTarget} nats.` };
  }
  const why = run.needs.map(needWords).join('; ');
  if (tokens.total === null && tokens.settledBy.length > 0) return { group: 'open', why };
  return { group: 'others', why: why === '' ? 'No law speaks of this run.' : why };
}
