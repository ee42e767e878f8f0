import type { Law, RunPoint } from '../laws/law.ts';

/** What a change of a run does to its final loss by one law, nats. */
export interface LossChange {
  readonly law: string;
  readonly change: number;
}

/** By how much a law may say that a fix raises the final loss before it counts as harm, nats. */
const harmNats = 0.002;

/** How many laws may say so. */
const harmfulLaws = 1;

/** What the laws of training that speak of both runs say of the final loss, the leading one first. */
export function lossChanges(
  laws: readonly Law[],
  lead: Law,
  before: RunPoint,
  after: RunPoint,
): readonly LossChange[] {
  const ordered = [lead, ...laws.filter(({ id }) => id !== lead.id)];
  return ordered.flatMap((law) => {
    if (law.stage !== 'training') return [];
    const [from, to] = [law.forecast(before).loss, law.forecast(after).loss];
    return from === null || to === null ? [] : [{ law: law.id, change: to - from }];
  });
}

/** Whether a change does harm: more than one law says that it raises the final loss. */
export function doesHarm(changes: readonly LossChange[]): boolean {
  return changes.filter(({ change }) => change > harmNats).length > harmfulLaws;
}
