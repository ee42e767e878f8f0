import type { EventEmitter } from 'node:events';
import type { Severity } from '../core/checks/check.ts';
import { jsonText, visible, withoutCommands } from '../core/present/plain.ts';
import { reasonOf } from './files.ts';
import { exitCodes, type Io, type Output } from './io.ts';

/** A piece of a line in a style of the terminal, by the number of its code. */
export interface Styled {
  readonly style: number;
  readonly text: string;
}

/** A line of text: its pieces are data, which never reach a terminal as anything else. */
export type Line = string | Styled | readonly (string | Styled)[];

const severityColours: Readonly<Record<Severity, number>> = {
  error: 31,
  warning: 33,
  information: 36,
};

/** Text that stands out. */
export function bold(text: string): Styled {
  return { style: 1, text };
}

/** Text that stands back. */
export function dim(text: string): Styled {
  return { style: 2, text };
}

/** Text in the colour of a severity. */
export function ofSeverity(severity: Severity, text: string): Styled {
  return { style: severityColours[severity], text };
}

/** Prints a value as JSON, two spaces deep, with a line end. */
export function printJson({ stdout }: Pick<Io, 'stdout'>, value: unknown): void {
  stdout.write(`${jsonText(value)}\n`);
}

/**
 * Prints lines of text, each with its end; in colours for a person at a terminal, unless NO_COLOR
 * is set. What cannot be seen in them is written out.
 */
export function printLines(
  { stdout, environment }: Pick<Io, 'stdout' | 'environment'>,
  lines: readonly Line[],
): void {
  const coloured = stdout.isTTY === true && !environment.NO_COLOR;
  const piece = (each: string | Styled) => {
    const text = visible(typeof each === 'string' ? each : each.text);
    const isPlain = typeof each === 'string' || !coloured;
    return isPlain ? text : `\u001b[${each.style}m${text}\u001b[0m`;
  };
  const printed = lines.map((line) => withoutCommands([line].flat().map(piece).join('')));
  stdout.write(printed.map((line) => `${line}\n`).join(''));
}

/** Says one sentence on stderr. */
export function complain({ stderr }: Pick<Io, 'stderr'>, sentence: string): void {
  stderr.write(`${withoutCommands(`floatcast: ${visible(sentence)}`)}\n`);
}

/**
 * Ends the process once its output cannot be written: what nobody got is no answer. A reader that
 * closes the pipe early (`| head`) has seen enough, so nothing is said to it.
 */
export function endAtFailedWrite(
  stdout: EventEmitter,
  stderr: Output & EventEmitter,
  exit: (code: number) => void,
): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      complain({ stderr }, `The output cannot be written: ${reasonOf(error)}.`);
    }
    exit(exitCodes.failed);
  });
  stderr.on('error', () => exit(exitCodes.failed));
}

/** Lines of a text table: columns padded to their widest cell, those of `right` aligned right. */
export function columns(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): readonly string[] {
  const widths: number[] = [];
  const shown = rows.map((row) => row.map(visible));
  for (const row of shown) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  return shown.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
