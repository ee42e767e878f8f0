import type { IgnoredFinding } from '../run/policy.ts';
import type { AnalysisSettings } from '../run/settings.ts';
import { appliesTo } from './glob.ts';

/** Whether what is ignored until a day still is; without a day, or a clock, it is. */
export function isInForce({ until }: IgnoredFinding, today: string | undefined): boolean {
  return until === null || today === undefined || today <= until;
}

/**
 * Whether the policy switches off a finding that goes by `ids`, in one of `files`: the config and
 * the file that the finding stands in.
 */
export function isIgnored(
  ids: readonly string[],
  files: readonly string[],
  { disabledChecks = [], ignored = [], today }: AnalysisSettings,
): boolean {
  return (
    disabledChecks.some((id) => ids.includes(id)) ||
    ignored.some(
      (each) =>
        ids.includes(each.id) &&
        isInForce(each, today) &&
        (each.files ?? ['**']).some((pattern) =>
          files.some((file) => appliesTo(pattern, each.folder, file)),
        ),
    )
  );
}
