import type { Candidate } from '../advise/candidates.ts';
import { noFormatKey, type WriteFormat } from '../run/run.ts';
import type { Fix } from './check.ts';

/**
 * A fix that writes the first of the rows that the framework can say, or null.
 * Why it cannot say those before is added to `reasons`.
 */
export function firstWritable(
  writeFormat: WriteFormat | null,
  rows: readonly Candidate[],
  title: (row: Candidate) => string,
  reasons: Set<string>,
): Fix | null {
  if (!writeFormat) {
    reasons.add(noFormatKey.reason);
    return null;
  }
  for (const row of rows) {
    const { format, granularity, block } = row;
    const written = writeFormat({ format, granularity, block });
    if (written.ok) return { title: title(row), edits: written.edits };
    reasons.add(written.reason);
  }
  return null;
}
