import type { Severity } from '../core/checks/check.ts';
import type { Io } from './io.ts';

/** Turns text into text with a terminal style, or leaves it alone. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly severity: (severity: Severity, text: string) => string;
}

const severityColours: Readonly<Record<Severity, number>> = {
  error: 31,
  warning: 33,
  information: 36,
};

/** Colours for a person at a terminal; plain text elsewhere and where NO_COLOR is set. */
export function styleFor({ stdout, environment }: Pick<Io, 'stdout' | 'environment'>): Style {
  const coloured = stdout.isTTY === true && !environment.NO_COLOR;
  const code = (number: number, text: string) =>
    coloured ? `\u001b[${number}m${text}\u001b[0m` : text;
  return {
    bold: (text) => code(1, text),
    dim: (text) => code(2, text),
    severity: (severity, text) => code(severityColours[severity], text),
  };
}

/** Prints a value as JSON, two spaces deep, with a line end. */
export function printJson({ stdout }: Pick<Io, 'stdout'>, value: unknown): void {
  stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints lines of text, each with its end. */
export function printLines({ stdout }: Pick<Io, 'stdout'>, lines: readonly string[]): void {
  stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** Says one sentence on stderr. */
export function complain({ stderr }: Pick<Io, 'stderr'>, sentence: string): void {
  stderr.write(`floatcast: ${sentence}\n`);
}

/** Lines of a text table: columns padded to their widest cell, those of `right` aligned right. */
export function columns(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
