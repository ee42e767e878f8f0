import type { RunAnalysis } from '../analysis.ts';
import { runRow } from './runRow.ts';

/** A run by the name that a list gives it. */
export interface NamedRun {
  readonly name: string;
  readonly run: RunAnalysis;
}

/** How many runs are named before the rest is counted. */
const maximumNamed = 3;

/**
 * The parts of the line above a file that only other files' runs use, one for each run that is
 * named: `Used by torchtitan/run.toml: N 8.03 B · D 15.0 T · MXFP4`, then without `Used by`; `more`
 * is `and 2 more`, or null when all are named.
 */
export function usedBy(runs: readonly NamedRun[]): {
  readonly named: readonly string[];
  readonly more: string | null;
} {
  const named = runs.slice(0, maximumNamed).map(({ name, run }, index) => {
    const { summary } = runRow(run);
    return `${index === 0 ? 'Used by ' : ''}${name}${summary === '' ? '' : `: ${summary}`}`;
  });
  const rest = runs.length - named.length;
  return { named, more: rest > 0 ? `and ${rest} more` : null };
}
