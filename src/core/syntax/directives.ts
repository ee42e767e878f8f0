import { lineMap } from './lines.ts';
import type { Place, SyntaxKind } from './tree.ts';

/** One `key=value` of a `floatcast:` comment; the place holds the pair. */
export interface DirectiveSetting {
  readonly key: string;
  /** Empty when the word has no `=`. */
  readonly value: string;
  readonly place: Place;
}

/** What a file's own comments ask of Floatcast. */
export interface Directives {
  readonly settings: readonly DirectiveSetting[];
  readonly suppressions: readonly Suppression[];
}

/** A comment that switches findings off. */
export interface Suppression {
  /** The ids that it names, each with its place; none = all ids. */
  readonly ids: readonly { readonly id: string; readonly place: Place }[];
  /** The comment from its `floatcast-disable` on. */
  readonly place: Place;
  /** Whether it is meant for a place: its line, or anywhere. */
  readonly covers: (place: Place) => boolean;
}

/**
 * Reads the comments that talk to Floatcast:
 * `floatcast: world-size=64 law=capybara` (settings), `floatcast-disable-next-line <ids>`,
 * `floatcast-disable-line <ids>`, and `floatcast-disable <ids>` or `floatcast-disable-file <ids>`
 * for the whole file. Without ids all findings are meant; after ` -- ` a reason may follow.
 * Comments begin with `#`, in JSON with `//` or `/*`.
 */
export function readDirectives(file: string, text: string, syntax: SyntaxKind): Directives {
  if (!text.includes('floatcast')) return { settings: [], suppressions: [] };
  const settings: DirectiveSetting[] = [];
  const suppressions: Suppression[] = [];
  const marker = syntax === 'json' ? String.raw`\/\/|\/\*` : '#';
  const pattern = new RegExp(
    String.raw`(?:^|[\s,{}[\]])(?:${marker})[ \t]*floatcast(:|-disable(?:-[a-z-]+)?)([^\r\n]*)`,
    'gm',
  );
  const position = lineMap(text);
  for (const match of text.matchAll(pattern)) {
    const [whole, kind = '', tail = ''] = match;
    const end = match.index + whole.length;
    const start = end - tail.length;
    const body = tail.split(syntax === 'json' ? '*/' : '\0', 1)[0]?.split(' -- ', 1)[0] ?? '';
    const words = [...body.matchAll(/[^\s,]+/g)];
    if (kind === ':') {
      for (const word of words) {
        const [key = '', ...value] = word[0].split('=');
        const from = start + word.index;
        const place = { file, start: from, end: from + word[0].length };
        settings.push({ key, value: value.join('='), place });
      }
      continue;
    }
    const lines = linesOf(kind, position(start).line);
    if (lines === null) continue;
    const ids = words.map(({ 0: id, index }) => {
      const from = start + index;
      return { id, place: { file, start: from, end: from + id.length } };
    });
    const place = {
      file,
      start: end - tail.length - kind.length - name.length,
      end: start + body.trimEnd().length,
    };
    const covers = (at: Place) =>
      lines === 'all' || (at.file === file && position(at.start).line === lines);
    suppressions.push({ ids, place, covers });
  }
  return { settings, suppressions };
}

const name = 'floatcast';

/** The line that a comment of a kind on `line` means, or all; null = no such kind. */
function linesOf(kind: string, line: number): number | 'all' | null {
  if (kind === '-disable' || kind === '-disable-file') return 'all';
  if (kind === '-disable-line') return line;
  return kind === '-disable-next-line' ? line + 1 : null;
}

/** Whether one of the comments switches off a finding that one of these ids stands for. */
export function isSuppressed(
  directives: Directives | null,
  ids: readonly string[],
  place: Place,
): boolean {
  return (directives?.suppressions ?? []).some((each) => suppresses(each, ids, place));
}

/** Whether a comment switches off a finding that one of these ids stands for. */
export function suppresses(
  { ids, covers }: Suppression,
  finding: readonly string[],
  place: Place,
): boolean {
  return covers(place) && (ids.length === 0 || ids.some(({ id }) => finding.includes(id)));
}

/**
 * The comment that is the whole line above the one of `offset`, as where it starts and its text
 * without its marker, or null.
 */
export function commentAbove(
  text: string,
  offset: number,
  syntax: SyntaxKind,
): { readonly start: number; readonly text: string } | null {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  if (line === 0) return null;
  const above = text.lastIndexOf('\n', line - 2) + 1;
  const marker = syntax === 'json' ? /^[ \t]*\/\/[ \t]*/ : /^[ \t]*#+[ \t]*/;
  const whole = text.slice(above, Math.min(line - 1, above + 1000));
  const match = marker.exec(whole);
  if (!match) return null;
  return { start: above + match[0].length, text: whole.slice(match[0].length).trimEnd() };
}

/**
 * The comment that follows a value on its line, without its marker, or null.
 * `offset` is the end of the value, so that a `#` inside it cannot be taken for a comment.
 */
export function commentAfter(text: string, offset: number, syntax: SyntaxKind): string | null {
  const rest = /^[^\r\n]*/.exec(text.slice(offset, offset + 1000))?.[0] ?? '';
  const marker = syntax === 'json' ? /\/\/|\/\*/ : /(?:^|\s)#/;
  const match = marker.exec(rest);
  if (!match) return null;
  const [comment = ''] = rest.slice(match.index + match[0].length).split('*/', 1);
  return comment.trim();
}
