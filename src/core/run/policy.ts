/** The least severity that a check of a repository fails at. */
export type FailOn = 'information' | 'warning' | 'error' | 'never';

/** Severities that a check can fail at, from the least on, and that it never does. */
export const failOnWords: readonly FailOn[] = ['information', 'warning', 'error', 'never'];

/** Findings that a team knows of and lives with. */
export interface IgnoredFinding {
  /** The finding's id, or that of the check of all recipe rules. */
  readonly id: string;
  /** Patterns of the configs that it is meant for, from `folder` on; null = all below it. */
  readonly files: readonly string[] | null;
  /** The folder of the file that says so, with its `/`; empty at the top. */
  readonly folder: string;
  readonly reason: string;
  /** The last day on which it holds, as `2026-12-31`; null = for good. */
  readonly until: string | null;
}
