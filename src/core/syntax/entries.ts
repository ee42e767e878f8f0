import type { Edit } from './edit.ts';
import type { Entry, MapNode, SyntaxKind } from './tree.ts';

/** A key below a mapping (more than one part: with the mappings in between) and its literal. */
export interface KeyLiteral {
  readonly path: readonly string[];
  readonly value: string;
}

type DataSyntax = Exclude<SyntaxKind, 'shell' | 'python'>;

/**
 * The edits that add keys at the end of a mapping: on lines of their own with the indentation of
 * the entry before, or after a comma where the mapping is on one line. Null when the mapping has
 * no place for them in this file.
 */
export function insertEntry(
  text: string,
  syntax: DataSyntax,
  map: MapNode,
  keys: readonly KeyLiteral[],
  isRoot: boolean,
): readonly Edit[] | null {
  if (text[map.place.start] === '{') return insertIntoFlow(text, syntax, map, keys);
  if (syntax === 'toml') return insertIntoTable(text, map, keys, isRoot);
  const entries = ownEntries(map);
  const last = entries.at(-1);
  if (!last) return null;
  const eol = lineBreak(text);
  const at = lineEnd(text, entryEnd(text, last));
  // The keys of a block stand below each other; a tag pushes one aside, an empty one stands nowhere.
  const indent = entries
    .filter(({ key }) => key !== '')
    .map(({ keyPlace }) => indentation(text, keyPlace.start))
    .reduce((least, each) => (each.length < least.length ? each : least), ' '.repeat(at));
  const lines = blockLines(keys, indent, indentStep(text));
  return [insertion(map, at, lines.map((line) => eol + line).join(''))];
}

function insertIntoFlow(
  text: string,
  syntax: DataSyntax,
  map: MapNode,
  keys: readonly KeyLiteral[],
): readonly Edit[] | null {
  if (map.place.end - map.place.start < 2) return null;
  const last = ownEntries(map).at(-1);
  const quoted = syntax === 'json' || text[last?.keyPlace.start ?? -1] === '"';
  const written = flowEntries(keys, syntax, quoted);
  if (!last) return [insertion(map, map.place.start + 1, written.join(', '))];
  const end = entryEnd(text, last);
  const before = text.slice(map.place.start, last.keyPlace.start);
  const rest = text.slice(end, lineEnd(text, end));
  const comment =
    syntax === 'json' ? /^\s*(?:(,)\s*)?(?:\/\/.*|\/\*.*\*\/\s*)?$/ : /^\s*(?:(,)\s*)?(?:#.*)?$/;
  const ownLine = comment.exec(rest);
  if (!before.includes('\n') || !ownLine) {
    return [insertion(map, end, written.map((entry) => `, ${entry}`).join(''))];
  }
  const separator = lineBreak(text) + indentation(text, last.keyPlace.start);
  const trailing = ownLine[1] === ',';
  const lines = separator + written.join(`,${separator}`) + (trailing ? ',' : '');
  const after = insertion(map, lineEnd(text, end), lines);
  return trailing ? [after] : [insertion(map, end, ','), after];
}

function flowEntries(keys: readonly KeyLiteral[], syntax: DataSyntax, quoted: boolean): string[] {
  const colon = syntax === 'toml' ? ' = ' : ': ';
  return [...grouped(keys)].map(([key, members]) => {
    const name = quoted ? JSON.stringify(key) : key;
    const leaf = members.find((member) => member.path.length === 1);
    const value = leaf
      ? leaf.value
      : `{${flowEntries(members.map(below), syntax, quoted).join(', ')}}`;
    return name + colon + value;
  });
}

function blockLines(keys: readonly KeyLiteral[], indent: string, step: string): string[] {
  return [...grouped(keys)].flatMap(([key, members]) => {
    const leaf = members.find((member) => member.path.length === 1);
    return leaf
      ? [`${indent}${key}: ${leaf.value}`]
      : [`${indent}${key}:`, ...blockLines(members.map(below), indent + step, step)];
  });
}

function grouped(keys: readonly KeyLiteral[]): Map<string, KeyLiteral[]> {
  const groups = new Map<string, KeyLiteral[]>();
  for (const key of keys) {
    const name = key.path[0] ?? '';
    groups.set(name, [...(groups.get(name) ?? []), key]);
  }
  return groups;
}

function below(key: KeyLiteral): KeyLiteral {
  return { ...key, path: key.path.slice(1) };
}

/** Keys go behind the table's own ones: behind a later header they would belong to that table. */
function insertIntoTable(
  text: string,
  map: MapNode,
  keys: readonly KeyLiteral[],
  isRoot: boolean,
): readonly Edit[] | null {
  const eol = lineBreak(text);
  const direct = ownEntries(map).filter((entry) => !isHeader(text, entry.keyPlace.start));
  const last = direct.sort((a, b) => entryEnd(text, a) - entryEnd(text, b)).at(-1);
  const lines = keys.map(({ path, value }) => `${path.join('.')} = ${value}`);
  if (last) {
    // Indentation, and the dotted beginning of a table said in keys (`optimizer.lr = 1e-4`).
    const { start } = last.keyPlace;
    const prefix = eol + text.slice(lineStart(text, start), start).replace(/^\uFEFF/, '');
    const at = lineEnd(text, entryEnd(text, last));
    return [insertion(map, at, lines.map((line) => prefix + line).join(''))];
  }
  if (!isRoot) {
    // A table that only its parts' headers name has no place of its own.
    if (!isHeader(text, map.place.start)) return null;
    const at = lineEnd(text, map.place.start);
    return [insertion(map, at, lines.map((line) => eol + line).join(''))];
  }
  const at = text.startsWith('\uFEFF') ? 1 : 0;
  return [insertion(map, at, lines.map((line) => line + eol).join(''))];
}

/** A new table of TOML at the end of the file, which is the one place that is always right. */
export function newTable(
  text: string,
  file: string,
  at: readonly string[],
  keys: readonly KeyLiteral[],
): readonly Edit[] {
  const eol = lineBreak(text);
  const tables = new Map<string, string[]>();
  for (const { path, value } of keys) {
    const name = [...at, ...path.slice(0, -1)].join('.');
    tables.set(name, [...(tables.get(name) ?? []), `${path.at(-1) ?? ''} = ${value}`]);
  }
  const sections = [...tables].map(([name, lines]) => [`[${name}]`, ...lines, ''].join(eol));
  const gap = text === '' ? '' : text.endsWith('\n') ? eol : eol + eol;
  const place = { file, start: text.length, end: text.length };
  return [{ place, newText: gap + sections.join(eol) }];
}

/**
 * The edits that take an entry out of its mapping, its line with it where it has one of its own.
 * Null when it is not of this mapping's text (merged in), holds an anchor or is a TOML table.
 */
export function removeEntry(
  text: string,
  syntax: DataSyntax,
  map: MapNode,
  entry: Entry,
): readonly Edit[] | null {
  const own = ownEntries(map);
  const index = own.indexOf(entry);
  const start = entry.keyPlace.start;
  const end = entryEnd(text, entry);
  if (index < 0) return null;
  if (syntax === 'yaml' && /(?:^|\s)&\S/.test(text.slice(start, end))) return null;
  if (text[map.place.start] === '{') return removeFromFlow(text, map, own, index);
  if (syntax === 'toml' && isHeader(text, start)) return null;
  const lineAt = lineStart(text, start);
  const next = own[index + 1];
  const beforeKey = text.slice(lineAt, start);
  if (syntax === 'yaml' && own.length === 1 && beforeKey !== '') {
    return [{ place: { ...map.place, start, end }, newText: '{}' }];
  }
  if (syntax === 'yaml' && beforeKey.trim() !== '') {
    // The first key of a list item stands behind its dash; the next one takes its place.
    return next ? [deletion(map, start, next.keyPlace.start)] : null;
  }
  const lineAfter = lineEnd(text, end);
  const after = /^\r?\n/.exec(text.slice(lineAfter, lineAfter + 2))?.[0].length ?? 0;
  // The last line of a file may have no break of its own: then the one before it goes.
  const from = after > 0 ? lineAt : Math.max(0, lineAt - lineBreak(text).length);
  return [deletion(map, lineAt === 0 ? 0 : from, lineAfter + after)];
}

function removeFromFlow(
  text: string,
  map: MapNode,
  own: readonly Entry[],
  index: number,
): readonly Edit[] | null {
  const entry = own[index];
  const next = own[index + 1];
  const previous = own[index - 1];
  if (!entry) return null;
  if (next) return [deletion(map, entry.keyPlace.start, next.keyPlace.start)];
  const end = entryEnd(text, entry);
  if (!previous) return [deletion(map, entry.keyPlace.start, end)];
  const gapStart = entryEnd(text, previous);
  const gap = text.slice(gapStart, entry.keyPlace.start);
  const comma = gapStart + gap.indexOf(',');
  const from = gapStart + gap.trimEnd().length;
  // A comment between the two belongs to the entry that stays.
  return comma + 1 >= from
    ? [deletion(map, comma, end)]
    : [deletion(map, comma, comma + 1), deletion(map, from, end)];
}

/**
 * The flag that a new one stands beside: that with which it shares the most first words, as
 * `fp8-recipe` does with `fp8-format`; of several the last, and the last of all where none does.
 * Scripts keep their flags in several arrays, of which each has its subject.
 */
function besideWhich(flags: readonly Entry[], key: string): Entry | undefined {
  const words = (name: string) => name.split(/[-_]/);
  const own = words(key);
  const shared = ({ key: name }: Entry): number => {
    const differ = words(name).findIndex((word, at) => word !== own[at]);
    return differ < 0 ? words(name).length : differ;
  };
  return flags.reduce<Entry | undefined>(
    (best, flag) => (best && shared(best) > shared(flag) ? best : flag),
    undefined,
  );
}

/**
 * The edit that adds a flag in front of the one it belongs beside: right in arrays, quotes and on
 * long lines.
 */
export function insertFlag(
  text: string,
  map: MapNode,
  key: string,
  value: string,
): readonly Edit[] | null {
  const flags = map.entries.filter(({ key: name }) => !name.startsWith('$'));
  const beside = besideWhich(flags, key);
  if (!beside) return null;
  const { start, end } = beside.keyPlace;
  const written = text.slice(start, end);
  const dashes = /^-*/.exec(written)?.[0] ?? '';
  const name =
    written.includes('-', dashes.length) || !written.includes('_') ? key.replaceAll('_', '-') : key;
  const flag = dashes === '' ? `${key}=${value}` : [dashes + name, value].filter(Boolean).join(' ');
  return [{ place: { file: beside.keyPlace.file, start, end: start }, newText: `${flag} ` }];
}

/** The edit that takes a flag and its value out; a continued line stays a line. */
export function removeFlag(text: string, entry: Entry): readonly Edit[] | null {
  const { file, start, end } = entry.keyPlace;
  const value =
    /^(?:=(?:"[^"]*"|[^\s"')]*)|[ \t]+(?!-[A-Za-z-]|[)\\])(?:"[^"]*"|[^\s"')]+))?[ \t]?/;
  const bare = entry.value.kind === 'scalar' && entry.value.place.start === start;
  const rest = bare ? /^[ \t]?/ : value;
  const length = rest.exec(text.slice(end, end + 1000))?.[0].length ?? 0;
  return [{ place: { file, start, end: end + length }, newText: '' }];
}

/** The entries that stand in the mapping's own text, not merged in, in the order of the text. */
function ownEntries(map: MapNode): Entry[] {
  const { file, start, end } = map.place;
  return map.entries.filter(
    ({ keyPlace }) => keyPlace.file === file && keyPlace.start >= start && keyPlace.end <= end,
  );
}

/** An aliased value is stated before its key; then the entry ends with its line. */
function entryEnd(text: string, { keyPlace, value }: Entry): number {
  if (value.place.start >= keyPlace.end) return value.place.end;
  const rest = text.slice(keyPlace.end, lineEnd(text, keyPlace.end));
  return keyPlace.end + (/^\s*:\s*\*[^\s,}\]]+/.exec(rest)?.[0].length ?? 0);
}

function isHeader(text: string, at: number): boolean {
  return /^\s*\[/.test(text.slice(lineStart(text, at), at + 1));
}

function insertion(map: MapNode, at: number, newText: string): Edit {
  return { place: { file: map.place.file, start: at, end: at }, newText };
}

function deletion(map: MapNode, start: number, end: number): Edit {
  return { place: { file: map.place.file, start, end }, newText: '' };
}

function lineBreak(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

/** The end of a line, before its break. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}

/** Blanks as wide as what stands before a key on its line: `- a: 1` goes on below `a`. */
function indentation(text: string, at: number): string {
  return text
    .slice(lineStart(text, at), at)
    .replace(/^\uFEFF/, '')
    .replace(/[^\t]/g, ' ');
}

/** The first indentation of the file, two blanks if there is none. */
function indentStep(text: string): string {
  return /\n( +)\S/.exec(text)?.[1] ?? '  ';
}
