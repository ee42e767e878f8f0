import type { Span } from './tree.ts';

/** What a parser made of a text, and the first error that may have cost more than its own value. */
export interface Attempt {
  readonly error: {
    readonly at: number;
    readonly message: string;
    /** The line of the error alone is to blame: no other needs trying. */
    readonly isLocal?: boolean;
  } | null;
}

/** A line that was left out so that the rest could be read, and what the parser said of it. */
export interface LostLine extends Span {
  readonly message: string;
}

/** The last attempt at a text, and the lines that it had to leave out. */
export interface Repaired<T extends Attempt> {
  readonly attempt: T;
  /** The text without those lines: blanks in their place, offsets unchanged. */
  readonly text: string;
  readonly lost: readonly LostLine[];
}

/** How quotes and comments look to the search for the line that was not finished. */
export interface Notation {
  readonly quotes: string;
  readonly comment: '#' | '//';
}

const maximumRepairs = 8;
/** Characters that all attempts at one broken file together may go over. */
const maximumWork = 250_000;

/**
 * Reads a text around its broken lines, as it stands while a person types. Of the lines that may be
 * to blame for the first error the one is blanked out whose loss lets the parser get furthest; then
 * the rest is read again, a bounded number of times. A line whose loss gains nothing stays.
 */
export function readAround<T extends Attempt>(
  text: string,
  notation: Notation,
  read: (text: string) => T,
  first = read(text),
): Repaired<T> {
  let last: Repaired<T> = { attempt: first, text, lost: [] };
  let work = 0;
  while (last.attempt.error && last.lost.length < maximumRepairs) {
    const { at, message, isLocal = false } = last.attempt.error;
    let best: Repaired<T> | null = null;
    const all = suspects(last.text, at, notation);
    for (const span of isLocal ? all.filter(({ start, end }) => start <= at && at < end) : all) {
      work += text.length;
      if (work > maximumWork) break;
      const repaired = blank(last.text, span);
      const attempt = read(repaired);
      if (reach(attempt) <= reach((best ?? last).attempt)) continue;
      best = { attempt, text: repaired, lost: [...last.lost, { ...span, message }] };
      if (!attempt.error) break;
    }
    if (!best) break;
    last = best;
  }
  return last;
}

function reach({ error }: Attempt): number {
  return error ? error.at : Infinity;
}

/** A text with a part of it replaced by blanks; line breaks stay. */
export function blank(text: string, { start, end }: Span): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end);
}

interface Line extends Span {
  readonly indent: number;
}

/**
 * The lines that an error at `at` may come from, likeliest first: those that leave a quote or a
 * bracket open, the line of the error, and the ones before it.
 */
function suspects(text: string, at: number, notation: Notation): readonly Span[] {
  const lines: Line[] = [];
  const quotes: Line[] = [];
  const open: Line[] = [];
  // Lines that open a bracket at no other column than what holds it, or than what closes it.
  const crooked: Line[] = [];
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    let indent = start;
    while (indent < end && isBlank(text.charCodeAt(indent))) indent += 1;
    if (indent < end && !text.startsWith(notation.comment, indent)) {
      const line = { start: indent, end, indent: indent - start };
      lines.push(line);
      const leaves = scan(text, line, notation, (character, offset) => {
        const opener = open.at(-1);
        const isInside = opener !== undefined && opener !== line;
        if (character === '[' || character === '{') {
          if (isInside && line.indent < opener.indent) crooked.push(line, opener);
          else if (isInside && line.indent === opener.indent && crooked.length < 3) {
            // What holds lines that stand further in was there before.
            const held = lines[lines.indexOf(opener) + 1] ?? line;
            crooked.push(...(held.indent > opener.indent ? [line, opener] : [opener, line]));
          }
          open.push(line);
        } else {
          if (isInside && offset === indent && line.indent !== opener.indent) crooked.push(opener);
          open.pop();
        }
      });
      if (leaves) quotes.push(line);
      // An error at a line's end may be the next line's.
      if (end > at) break;
    }
    start = end + 1;
  }
  const own = lines.at(-1);
  if (!own) return [];
  const unclosed = open.slice(-2).reverse();
  const found = [
    ...quotes.slice(-3).reverse(),
    ...crooked.slice(0, 3),
    ...unclosed,
    ...lines.slice(-3).reverse(),
  ];
  const values = unclosed.map(({ start }) => ({ start, end: own.end }));
  return [...new Set<Span>(found), ...values.filter(({ start }) => start < own.start)];
}

/** Tells the brackets of a line that stand outside quotes and comments; whether a quote stays open. */
function scan(
  text: string,
  { start, end }: Span,
  { quotes, comment }: Notation,
  onBracket: (character: string, offset: number) => void,
): boolean {
  let quote = '';
  for (let at = start; at < end; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if (quotes.includes(character)) {
      // An apostrophe within a word opens nothing.
      if (at === start || !/\w/.test(text.charAt(at - 1))) quote = character;
    } else if (text.startsWith(comment, at) && (at === start || /\s/.test(text.charAt(at - 1)))) {
      break;
    } else if ('[]{}'.includes(character)) onBracket(character, at);
  }
  return quote !== '';
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}
