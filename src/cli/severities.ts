import type { Severity } from '../core/checks/check.ts';
import type { FailOn } from '../core/run/policy.ts';
import type { Checked } from './checkFiles.ts';

/** Severities from the least on. */
export const severities: readonly Severity[] = ['information', 'warning', 'error'];

/** Whether a finding is as bad as the severity from which on a command fails. */
export function reaching(failOn: FailOn): (finding: { readonly severity: Severity }) => boolean {
  if (failOn === 'never') return () => false;
  return ({ severity }) => severities.indexOf(severity) >= severities.indexOf(failOn);
}

/**
 * Whether a finding is as bad as the severity from which on a check fails: that of `--fail-on`, else
 * of the policy that holds for its config, else a warning.
 */
export function isFailure(checked: readonly Checked[], asked?: FailOn): boolean {
  return checked.some(({ analysis, findings }) =>
    findings.map(({ json }) => json).some(reaching(asked ?? analysis.settings.failOn ?? 'warning')),
  );
}
