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
  /** Whether a finding of this id, which begins at `offset`, is switched off. */
  readonly isDisabled: (id: string, offset: number) => boolean;
}

/** The ids switched off on a line (from 1) or, on line 0, in the whole file; none = all ids. */
interface Switch {
  readonly line: number;
  readonly ids: readonly string[];
}

/**
 * Reads the comments that talk to Floatcast:
 * `floatcast: world-size=64 law=capybara` (settings), `floatcast-disable-next-line <ids>`,
 * `floatcast-disable-line <ids>`, and `floatcast-disable <ids>` or `floatcast-disable-file <ids>`
 * for the whole file. Without ids all findings are meant; after ` -- ` a reason may follow.
 * Comments begin with `#`, in JSON with `//` or `/*`.
 */
export function readDirectives(file: string, text: string, syntax: SyntaxKind): Directives {
  if (!text.includes('floatcast')) return { settings: [], isDisabled: () => false };
  const settings: DirectiveSetting[] = [];
  const switches: Switch[] = [];
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
    const ids = words.map(([id]) => id);
    const { line } = position(start);
    if (kind === '-disable' || kind === '-disable-file') switches.push({ line: 0, ids });
    else if (kind === '-disable-line') switches.push({ line, ids });
    else if (kind === '-disable-next-line') switches.push({ line: line + 1, ids });
  }
  const isDisabled = (id: string, offset: number) => {
    const { line } = position(offset);
    return switches.some(
      (each) =>
        (each.line === 0 || each.line === line) && (each.ids.length === 0 || each.ids.includes(id)),
    );
  };
  return { settings, isDisabled };
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
