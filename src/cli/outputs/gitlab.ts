import type { Severity } from '../../core/checks/check.ts';
import type { Reported } from '../checkFiles.ts';

const levels: Readonly<Record<Severity, string>> = {
  error: 'critical',
  warning: 'major',
  information: 'info',
};

/** Findings as a GitLab code quality report (docs.gitlab.com/ci/testing/code_quality, its format). */
export function codeQuality(findings: readonly Reported[]): readonly unknown[] {
  return findings.map(({ json, fingerprint }) => ({
    description: json.message,
    check_name: json.id,
    fingerprint,
    severity: levels[json.severity],
    location: { path: json.file, lines: { begin: json.line ?? 1 } },
  }));
}
