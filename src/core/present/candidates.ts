import type { Plan, PlanRow } from '../analysis.ts';
import type { Objective } from '../advise/objectives.ts';
import { acceleratorById } from '../hardware/registry.ts';
import { formatName } from './formats.ts';
import { gapNats, gapRange, plain } from './numbers.ts';
import { lawLabel } from './words.ts';

/** One row of "Optimize Precision…" in words. */
export interface CandidateText {
  readonly label: string;
  /** Gap, speed, keys, in that order, short enough for a narrow list. */
  readonly description: string;
  /** Why it cannot be written, what it would break, what to know of it: sentences, or empty. */
  readonly detail: string;
  readonly section: CandidateSection;
}

/**
 * Where a row stands: up front what can be had, folded what the framework cannot write, what the
 * hardware does not multiply, and layouts for research.
 */
export type CandidateSection = 'ready' | 'unwritable' | 'other' | 'layout';

/** What an objective is called. */
export const objectiveNames: Readonly<Record<Objective, string>> = {
  fastest: 'fastest within the target',
  'same-hours': 'least loss in the same hours',
  memory: 'least memory within the target',
  gap: 'least gap',
};

/** The title of a plan: the objective, the law, the hardware and the target. */
export function planTitle({ objective, law, hardware, gapTarget }: Plan): string {
  const on = hardware === null ? '' : ` on ${acceleratorById(hardware)?.name ?? hardware}`;
  return `${objectiveNames[objective]}${on}, by ${lawLabel(law)}, target ${gapTarget} nats`;
}

/** Words of a row. */
export function candidateText(row: PlanRow): CandidateText {
  const facts = [
    gapWords(row),
    ...(row.speedupBound === null ? [] : [`≤ ${plain(row.speedupBound)}× faster`]),
    ...(row.current ? ['current'] : keysWords(row)),
  ];
  const refusal = row.write.ok || row.current ? [] : [row.write.reason];
  const written = row.write.ok ? (row.write.notes ?? []) : [];
  const broken = row.findings.length === 0 ? [] : [`Would break ${row.findings.join(', ')}.`];
  return {
    label: formatName(row),
    description: facts.join(' · '),
    detail: [...refusal, ...broken, ...written, ...row.notes].join(' '),
    section: sectionOf(row),
  };
}

function sectionOf(row: PlanRow): CandidateSection {
  if (row.current || row.recommended) return 'ready';
  if (/^e\d+m\d+$/.test(row.format)) return 'layout';
  if (row.native === false) return 'other';
  return row.write.ok ? 'ready' : 'unwritable';
}

/** `gap +0.005 (4 laws: 0.002…0.007)`. */
function gapWords({ gap, range }: PlanRow): string {
  if (range === null) return 'no forecast';
  const spread = gapRange(range.low, range.high).replace(/^\+/, '');
  if (range.high === 0) return 'no gap';
  if (gap === null) return `gap ${spread} (${range.laws} laws)`;
  const own = `gap ${gapNats(gap, 2)}`;
  return range.laws < 2 ? own : `${own} (${range.laws} laws: ${spread})`;
}

/** `2 keys change`: how much of the config is written anew. */
function keysWords({ write }: PlanRow): readonly string[] {
  if (!write.ok) return [];
  const keys = write.edits.length;
  return [`${keys} ${keys === 1 ? 'key changes' : 'keys change'}`];
}
