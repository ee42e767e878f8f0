import { ParseError, parseTOML, type AST } from 'toml-eslint-parser';
import { maximumDepth } from './limits.ts';
import { blank, readAround, type Attempt, type Notation } from './repair.ts';
import { scalarNode, unresolvedNode } from './scalars.ts';
import { isTemplate } from './templates.ts';
import { mapNode } from './tree.ts';
import type { ConfigNode, ConfigTree, Entry, MapNode, Place, ScalarNode } from './tree.ts';
import type { Span, SyntaxProblem } from './tree.ts';

/** A mapping still being put together: TOML says one table in several places. */
interface Draft {
  readonly kind: 'draft';
  start: number;
  end: number;
  readonly entries: Map<
    string,
    { readonly keyPlace: Place; value: Draft | DraftList | ConfigNode }
  >;
}
interface DraftList {
  readonly kind: 'draftList';
  readonly items: Draft[];
}
interface Walk {
  readonly file: string;
  readonly text: string;
  readonly quoted: Span[];
}

const notation: Notation = { quotes: `"'`, comment: '#' };

/**
 * Reads TOML into one tree: dotted keys, tables and arrays of tables are merged as they mean.
 * The parser stops at the first error, so it reads around broken lines; each is a problem.
 */
export function parseToml(file: string, text: string): ConfigTree {
  const walk: Walk = { file, text, quoted: [] };
  const { program, problems } = parseRepaired(file, text);
  const table = program?.body[0];
  const root: Draft = { kind: 'draft', start: 0, end: text.length, entries: new Map() };
  for (const part of table?.body ?? []) {
    if (part.type === 'TOMLKeyValue') addKeyValue(root, part, 0, walk);
    else addTable(root, part, walk);
  }
  const documents = root.entries.size > 0 || problems.length > 0 ? [freeze(root, file)] : [];
  const template = isTemplate(text, walk.quoted, '#');
  return { file, syntax: 'toml', documents, problems, template };
}

interface TomlAttempt extends Attempt {
  readonly program: AST.TOMLProgram | null;
}

function parseRepaired(
  file: string,
  text: string,
): { program: AST.TOMLProgram | null; problems: SyntaxProblem[] } {
  const whole = text.replace(/^\uFEFF/, ' ');
  const { attempt: last, text: current, lost } = readAround(whole, notation, attempt);
  const problems = lost.map(({ start, end, message }): SyntaxProblem => {
    return { place: { file, start, end }, severity: 'error', message };
  });
  const { error } = last;
  if (!error) return { program: last.program, problems };
  // What stands before the error is still read.
  const start = error.at === 0 ? 0 : current.lastIndexOf('\n', error.at - 1) + 1;
  const place = { file, start, end: text.length };
  problems.push({ place, severity: 'error', message: error.message });
  return { program: attempt(blank(current, place)).program, problems };
}

function attempt(text: string): TomlAttempt {
  try {
    return { program: parseTOML(text), error: null };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const at = Math.min(error.index, text.length);
    const isLocal = error.message.includes('multiple times');
    return { program: null, error: { at, message: `${error.message}.`, isLocal } };
  }
}

function placeOf(node: { readonly range: readonly [number, number] }, walk: Walk): Place {
  return { file: walk.file, start: node.range[0], end: node.range[1] };
}

/** The draft that a key leads to, made where there is none; of an array of tables the last item. */
function descend(from: Draft, key: AST.TOMLBare | AST.TOMLQuoted, walk: Walk): Draft {
  const name = keyName(key);
  const existing = from.entries.get(name)?.value;
  if (existing?.kind === 'draft') return existing;
  const last = existing?.kind === 'draftList' ? existing.items.at(-1) : undefined;
  if (last) return last;
  const keyPlace = placeOf(key, walk);
  const made: Draft = {
    kind: 'draft',
    start: keyPlace.start,
    end: keyPlace.end,
    entries: new Map(),
  };
  from.entries.set(name, { keyPlace, value: made });
  return made;
}

function keyName(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function addTable(root: Draft, table: AST.TOMLTable, walk: Walk): void {
  const path = table.key.keys.slice(0, maximumDepth);
  let draft = root;
  const [start, end] = table.range;
  const last = path.at(-1);
  for (const key of path.slice(0, -1)) {
    draft = descend(draft, key, walk);
    draft.end = Math.max(draft.end, end);
  }
  if (!last) return;
  if (table.kind === 'standard') {
    draft = descend(draft, last, walk);
    draft.start = Math.min(draft.start, start);
    draft.end = Math.max(draft.end, end);
  } else {
    const item: Draft = { kind: 'draft', start, end, entries: new Map() };
    const existing = draft.entries.get(keyName(last))?.value;
    if (existing?.kind === 'draftList') existing.items.push(item);
    else {
      const value: DraftList = { kind: 'draftList', items: [item] };
      draft.entries.set(keyName(last), { keyPlace: placeOf(last, walk), value });
    }
    draft = item;
  }
  for (const part of table.body) addKeyValue(draft, part, path.length, walk);
}

function addKeyValue(into: Draft, part: AST.TOMLKeyValue, depth: number, walk: Walk): void {
  const path = part.key.keys.slice(0, maximumDepth);
  const last = path.at(-1);
  if (!last) return;
  let draft = into;
  for (const key of path.slice(0, -1)) {
    draft = descend(draft, key, walk);
    draft.end = Math.max(draft.end, part.range[1]);
  }
  const value = content(part.value, depth + path.length, walk);
  draft.entries.set(keyName(last), { keyPlace: placeOf(last, walk), value });
}

function content(node: AST.TOMLContentNode, depth: number, walk: Walk): Draft | ConfigNode {
  const place = placeOf(node, walk);
  if (node.type === 'TOMLValue') return scalar(node, place, walk);
  if (depth >= maximumDepth) {
    return unresolvedNode(place, '', `Nested deeper than ${maximumDepth} levels; not read.`);
  }
  if (node.type === 'TOMLArray') {
    const items = node.elements.map((item) => freeze(content(item, depth + 1, walk), walk.file));
    return { kind: 'list', place, items };
  }
  const draft: Draft = { kind: 'draft', start: place.start, end: place.end, entries: new Map() };
  for (const part of node.body) addKeyValue(draft, part, depth, walk);
  return draft;
}

function scalar(node: AST.TOMLValue, place: Place, walk: Walk): ScalarNode {
  const source = walk.text.slice(place.start, place.end);
  switch (node.kind) {
    case 'string': {
      walk.quoted.push(place);
      // Line breaks as they are written are one thing, escapes of them another.
      const text = source.includes('\r\n') ? node.value.replaceAll('\r\n', '\n') : node.value;
      return scalarNode(place, text, text, 'quoted');
    }
    case 'integer':
    case 'float':
    case 'boolean':
      return scalarNode(place, source, node.value);
    case 'offset-date-time':
    case 'local-date-time':
    case 'local-date':
    case 'local-time':
      return scalarNode(place, source, source);
  }
}

function freeze(node: Draft | DraftList | ConfigNode, file: string): ConfigNode {
  if (node.kind === 'draftList') {
    const items = node.items.map((item) => freeze(item, file));
    const start = node.items[0]?.start ?? 0;
    return { kind: 'list', place: { file, start, end: node.items.at(-1)?.end ?? start }, items };
  }
  if (node.kind !== 'draft') return node;
  const entries: Entry[] = [];
  for (const [key, entry] of node.entries) {
    entries.push({ key, keyPlace: entry.keyPlace, value: freeze(entry.value, file) });
  }
  const map: MapNode = mapNode({ file, start: node.start, end: node.end }, entries);
  return map;
}
