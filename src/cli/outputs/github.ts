import type { Severity } from '../../core/checks/check.ts';
import { visible } from '../../core/present/plain.ts';
import type { Reported } from '../checkFiles.ts';

const levels: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
};

/**
 * Findings as the annotations of a GitHub workflow: `::warning file=…,line=…,title=…::message`.
 * Data and properties are escaped as `actions/toolkit` does (`packages/core/src/command.ts`).
 */
export function annotations(findings: readonly Reported[]): string {
  return findings
    .map(({ json }) => {
      const properties = Object.entries({
        file: json.file,
        line: json.line ?? 1,
        col: json.column ?? 1,
        title: `floatcast ${json.id}`,
      }).map(([name, value]) => `${name}=${property(String(value))}`);
      return `::${levels[json.severity]} ${properties.join(',')}::${data(json.message)}\n`;
    })
    .join('');
}

function data(text: string): string {
  return visible(text).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
