import type { EventEmitter } from 'node:events';
import { styleText } from 'node:util';
import type { Severity } from '../core/checks/check.ts';
import { jsonText, visible, withoutCommands } from '../core/present/plain.ts';
import { reasonOf } from './readText.ts';
import { exitCodes, type Io, type Output } from './io.ts';

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan';

/** A piece of a line in a style of the terminal. */
export interface Styled {
  readonly style: Style;
  readonly text: string;
}

/** A line of text: its pieces are data, which never reach a terminal as anything else. */
export type Line = string | Styled | readonly (string | Styled)[];

const severityColours: Readonly<Record<Severity, Style>> = {
  error: 'red',
  warning: 'yellow',
  information: 'cyan',
};

/** Text that stands out. */
export function bold(text: string): Styled {
  return { style: 'bold', text };
}

/** Text that stands back. */
export function dim(text: string): Styled {
  return { style: 'dim', text };
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
 * Prints lines of text, each with its end. For a person at a terminal they are wrapped at spaces and
 * coloured; NO_COLOR and FORCE_COLOR decide about colours first. What cannot be seen in them is
 * written out.
 */
export function printLines(
  { stdout, environment }: Pick<Io, 'stdout' | 'environment'>,
  lines: readonly Line[],
): void {
  const coloured = hasColours(stdout, environment);
  const width = widthOf(stdout);
  const piece = (each: string | Styled) => {
    const text = visible(typeof each === 'string' ? each : each.text);
    return typeof each === 'string' || !coloured
      ? text
      : styleText(each.style, text, { validateStream: false });
  };
  const printed = lines
    .flatMap((line) => wrapped([line].flat(), width))
    .map((line) => withoutCommands(line.map(piece).join('')));
  stdout.write(printed.map((line) => `${line}\n`).join(''));
}

/** FORCE_COLOR beats NO_COLOR, as Node has it, and both beat what the output is. */
function hasColours({ isTTY }: Output, { FORCE_COLOR, NO_COLOR, TERM }: Io['environment']) {
  if (FORCE_COLOR !== undefined) return !['0', 'false'].includes(FORCE_COLOR);
  return isTTY === true && !NO_COLOR && TERM !== 'dumb';
}

/** How many characters a line may have that is not to be broken; undefined = any number. */
export function widthOf({ isTTY, columns: width }: Output): number | undefined {
  return isTTY === true && width !== undefined && width >= 20 ? width : undefined;
}

/** A line as several that fit, broken at spaces and indented as it is, by two more. */
function wrapped(
  line: readonly (string | Styled)[],
  width: number | undefined,
): readonly (readonly (string | Styled)[])[] {
  const textOf = (piece: string | Styled) => (typeof piece === 'string' ? piece : piece.text);
  const whole = line.map(textOf).join('');
  if (width === undefined || whole.length <= width) return [line];
  const indent = `${/^ */.exec(whole)?.[0] ?? ''}  `;
  const isBlank = (piece?: string | Styled) => piece !== undefined && textOf(piece).trim() === '';
  const done: (string | Styled)[][] = [[]];
  let used = 0;
  for (const piece of line) {
    for (const word of textOf(piece).match(/ +|[^ ]+/g) ?? []) {
      const isSpace = word.startsWith(' ');
      if (!isSpace && used + word.length > width && used > indent.length) {
        if (isBlank(done.at(-1)?.at(-1))) done.at(-1)?.pop();
        done.push([indent]);
        used = indent.length;
      }
      if (isSpace && used === indent.length && done.length > 1) continue;
      done.at(-1)?.push(typeof piece === 'string' ? word : { ...piece, text: word });
      used += word.length;
    }
  }
  return done;
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

/**
 * Lines of a text table: columns padded to their widest cell, those of `right` aligned right. Where
 * a line has a `width`, what the last column has too much goes on below it.
 */
export function columns(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
  width?: number,
): readonly string[] {
  const widths: number[] = [];
  const shown = rows.map((row) => row.map(visible));
  for (const row of shown) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  const start = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 0);
  const room = width === undefined ? Infinity : width - start;
  return shown.flatMap((row) => {
    // A last column of a few characters is harder to read than a line that the terminal breaks.
    const last = room < 24 ? [row.at(-1) ?? ''] : broken(row.at(-1) ?? '', room);
    const line = [...row.slice(0, -1), last[0] ?? '']
      .map((cell, column) => {
        const most = widths[column] ?? 0;
        return right.includes(column) ? cell.padStart(most) : cell.padEnd(most);
      })
      .join('  ')
      .trimEnd();
    return [line, ...last.slice(1).map((more) => ' '.repeat(start) + more)];
  });
}

/** A text as lines of at most `width` characters, broken at spaces. */
function broken(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const before = lines.at(-1);
    if (before !== undefined && before.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${before} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
