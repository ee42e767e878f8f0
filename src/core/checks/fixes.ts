import type { Candidate } from '../advise/candidates.ts';
import { doesHarm, lossChanges } from '../advise/lossChange.ts';
import type { RunPoint } from '../laws/law.ts';
import { changedTitle } from '../present/fixTitles.ts';
import { formatName } from '../present/formats.ts';
import { noFormatKey } from '../run/run.ts';
import type { CheckContext, Fix } from './check.ts';

/** What a fix is judged by. */
type FixContext = Pick<CheckContext, 'law' | 'laws' | 'writeFormat' | 'newRules'>;

const raisesLoss = 'It would raise the final loss by other laws.';
const breaksRule = 'Written so, the config would break a rule.';

/**
 * A fix that writes the first of the rows that the framework can say, that breaks no rule when it
 * is written, and that does no harm by the laws; or null. Why not those before is added to `reasons`.
 */
export function firstWritable(
  context: FixContext,
  point: RunPoint,
  rows: readonly Candidate[],
  reasons: Set<string>,
): Fix | null {
  const { writeFormat } = context;
  if (!writeFormat) {
    reasons.add(noFormatKey.reason);
    return null;
  }
  for (const row of rows) {
    const changes = lossChanges(context.laws, context.law, point, row.point);
    if (doesHarm(changes)) {
      reasons.add(raisesLoss);
      continue;
    }
    const { format, granularity, block } = row;
    const written = writeFormat({ format, granularity, block });
    if (!written.ok) {
      reasons.add(written.reason);
      continue;
    }
    if (context.newRules(written.edits)?.length !== 0) {
      reasons.add(breaksRule);
      continue;
    }
    return { title: changedTitle(`Train in ${formatName(row)}`, changes), edits: written.edits };
  }
  return null;
}

/** A fix that makes the run another one at `after`, unless that does harm by the laws. */
export function harmless(
  { law, laws }: FixContext,
  before: RunPoint,
  after: RunPoint,
  fix: Fix,
  reasons: Set<string>,
): Fix | null {
  const changes = lossChanges(laws, law, before, after);
  if (!doesHarm(changes)) return { ...fix, title: changedTitle(fix.title, changes) };
  reasons.add(raisesLoss);
  return null;
}
