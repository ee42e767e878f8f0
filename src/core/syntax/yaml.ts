import { isAlias, isMap, isPair, isScalar, parseAllDocuments } from 'yaml';
import type { Alias, Document, ErrorCode, ParsedNode, Scalar, YAMLMap, YAMLParseError } from 'yaml';
import type { YAMLSeq } from 'yaml';
import { readAround, type Attempt, type LostLine, type Notation } from './repair.ts';
import { coreValue, plainNumber, plainScalar, scalarNode, unresolvedNode } from './scalars.ts';
import { isTemplate } from './templates.ts';
import { mapNode } from './tree.ts';
import type { ConfigNode, ConfigTree, Entry, MapNode, Place, ScalarNode } from './tree.ts';
import type { Span, SyntaxProblem } from './tree.ts';
import { limitDepth } from './yamlDepth.ts';
import { maximumAliasedNodes, maximumDepth, maximumProblems } from './limits.ts';

/** What is carried through one file. */
interface Walk {
  readonly file: string;
  readonly text: string;
  readonly problems: SyntaxProblem[];
  /** Quoted and block scalars: what stands in them is content, not syntax. */
  readonly quoted: Span[];
  /** Of the document being read. */
  readonly anchors: Map<string, { readonly node: ConfigNode; readonly size: number }>;
  nodes: number;
  aliased: number;
  /**
   * The first key that begins a line and goes on in the next. Legal in `{ }`, but nobody means it: a word that
   * was being typed and the key behind it.
   */
  longKey: Attempt['error'];
}

const notation: Notation = { quotes: `"'`, comment: '#' };

/** Errors of a value or a node alone, which the parser gets over without harm to what follows. */
const harmless: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ALIAS_PROPS',
  'BAD_ALIAS',
  'BAD_DIRECTIVE',
  'BAD_DQ_ESCAPE',
  'BAD_PROP_ORDER',
  'BAD_SCALAR_START',
  'BAD_COLLECTION_TYPE',
  'DUPLICATE_KEY',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'NON_STRING_KEY',
  'TAB_AS_INDENT',
  'TAG_RESOLVE_FAILED',
]);

interface YamlAttempt extends Attempt {
  readonly documents: readonly Document.Parsed[];
  readonly errors: readonly Pick<YAMLParseError, 'code' | 'pos' | 'message'>[];
}

function attempt(text: string): YamlAttempt {
  // The failsafe schema leaves every plain scalar a string: the readings are `scalars.ts`'s, made
  // from the source text. `strict` would refuse flow collections that PyYAML takes.
  const parsed = parseAllDocuments(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    strict: false,
    // `!!omap` and `!!set` are read as the list and the mapping they are written as.
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents = 'empty' in parsed ? [] : parsed;
  const errors = documents.flatMap((document) => document.errors);
  let error: Attempt['error'] = null;
  for (const { code, pos, message } of errors) {
    if (harmless.has(code) || (error && error.at <= pos[0])) continue;
    error = { at: Math.min(pos[0], text.length), message: sentence(message) };
  }
  return { documents, errors, error };
}

/**
 * Reads YAML of any number of documents as PyYAML's frameworks mean it: merge keys, tags of other
 * programs, duplicate keys (the last wins, with a warning). Broken lines are read around. An
 * aliased node keeps the place of the anchored text, where an edit must go.
 */
export function parseYaml(file: string, text: string): ConfigTree {
  const limited = limitDepth(text);
  const parsed = attempt(limited.text);
  const { tree, longKey } = converted(file, text, limited.cut, parsed, []);
  const first = { ...parsed, error: parsed.error ?? longKey };
  // What a template breaks is not unfinished, and its numbers are not final anyway.
  if (!first.error || tree.template) return tree;
  const repaired = readAround(limited.text, notation, attempt, first);
  return converted(file, text, limited.cut, repaired.attempt, repaired.lost).tree;
}

function converted(
  file: string,
  text: string,
  cut: Span | null,
  { documents: parsed, errors }: YamlAttempt,
  lost: readonly LostLine[],
): { readonly tree: ConfigTree; readonly longKey: Attempt['error'] } {
  const walk: Walk = {
    file,
    text,
    problems: [],
    quoted: [],
    anchors: new Map(),
    nodes: 0,
    aliased: 0,
    longKey: null,
  };
  if (cut) tooDeep({ file, ...cut }, walk);
  for (const { start, end, message } of lost) {
    report(walk, { place: { file, start, end }, severity: 'error', message });
  }
  for (const { pos, message } of errors) {
    const [start, end] = pos;
    const place = { file, start, end: Math.min(Math.max(end, start), text.length) };
    report(walk, { place, severity: 'error', message: sentence(message) });
  }
  const documents: ConfigNode[] = [];
  for (const document of parsed) {
    walk.anchors.clear();
    if (document.contents) documents.push(convert(document.contents, 0, walk));
  }
  const template = isTemplate(text, walk.quoted, '#');
  const tree = { file, syntax: 'yaml', documents, problems: walk.problems, template } as const;
  return { tree, longKey: walk.longKey };
}

function convert(parsed: ParsedNode, depth: number, walk: Walk): ConfigNode {
  if (isAlias(parsed)) return aliased(parsed, walk);
  walk.nodes += 1;
  const before = walk.nodes;
  let node: ConfigNode;
  if (isScalar(parsed)) node = scalar(parsed, walk);
  else if (depth >= maximumDepth) node = tooDeep(placeOf(parsed, walk), walk);
  else if (isMap(parsed)) node = mapping(parsed, depth, walk);
  else node = sequence(parsed, depth, walk);
  if (parsed.anchor !== undefined) {
    walk.anchors.set(parsed.anchor, { node, size: 1 + walk.nodes - before });
  }
  return node;
}

function placeOf(parsed: ParsedNode, walk: Walk): Place {
  return { file: walk.file, start: parsed.range[0], end: parsed.range[1] };
}

function scalar(parsed: Scalar.Parsed, walk: Walk): ScalarNode {
  const place = placeOf(parsed, walk);
  const type = parsed.type;
  const text = typeof parsed.value === 'string' ? parsed.value : '';
  const tag = parsed.tag;
  if (type === 'PLAIN') {
    if (text === '') return tagged(scalarNode(afterIndicator(place, walk), '', null), tag);
    const source = walk.text.slice(place.start, place.end);
    return tagged(plainScalar(place, source.includes('\n') ? text : source), tag);
  }
  if (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') {
    walk.quoted.push(place);
    return tagged(scalarNode(place, text, text, 'quoted'), tag);
  }
  // The range of a block scalar holds its last line break, which an edit must leave.
  const end = place.end - (/\r?\n$/.exec(walk.text.slice(place.start, place.end))?.[0].length ?? 0);
  const block = { ...place, end };
  walk.quoted.push(block);
  return tagged(scalarNode(block, text, text, 'block'), tag);
}

/** An absent value stands right behind its colon or dash, where one would be written. */
function afterIndicator(place: Place, walk: Walk): Place {
  let at = place.start;
  while (at > 0 && /\s/.test(walk.text.charAt(at - 1))) at -= 1;
  return { ...place, start: at, end: at };
}

/** Applies an explicit tag; those of the standard convert, others are kept for the reader. */
function tagged(node: ScalarNode, tag: string | undefined): ScalarNode {
  if (tag === undefined) return node;
  if (tag === '!') return { ...node, value: node.text, legacy: node.text };
  const standard = /^tag:yaml\.org,2002:(\w+)$/.exec(tag)?.[1];
  if (standard === undefined) return { ...node, value: node.text, legacy: node.text, tag };
  const number = standard === 'int' || standard === 'float' ? plainNumber(node.text) : null;
  const value = number ?? (standard === 'str' ? node.text : coreValue(node.text));
  return { ...node, value, legacy: value };
}

function mapping(parsed: YAMLMap.Parsed, depth: number, walk: Walk): MapNode {
  const explicit: Entry[] = [];
  const merged: Entry[] = [];
  const seen = new Set<string>();
  let end = parsed.range[0];
  for (const pair of parsed.items) {
    const keyNode = pair.key as ParsedNode | null;
    const keyPlace = keyNode ? placeOf(keyNode, walk) : { file: walk.file, start: end, end };
    const key = keyText(keyNode, keyPlace, walk);
    const valueNode = pair.value;
    const value = valueNode
      ? convert(valueNode, depth + 1, walk)
      : scalarNode({ file: walk.file, start: keyPlace.end, end: keyPlace.end }, '', null);
    end = Math.max(
      keyPlace.end,
      valueNode && isAlias(valueNode) ? valueNode.range[1] : value.place.end,
    );
    if (isScalar(keyNode) && isLongKey(keyPlace, walk)) {
      walk.longKey ??= { at: keyPlace.start, message: 'A key goes over several lines.' };
    }
    if (key === '<<' && isScalar(keyNode) && keyNode.type === 'PLAIN') {
      merged.push(...mergedEntries(value, keyPlace, walk));
      continue;
    }
    if (seen.has(key)) {
      const message = `The key "${key}" stands twice in this mapping; the last one counts.`;
      report(walk, { place: keyPlace, severity: 'warning', message });
    }
    seen.add(key);
    explicit.push({ key, keyPlace, value });
  }
  const inherited = new Map<string, Entry>();
  for (const entry of merged) {
    if (!seen.has(entry.key) && !inherited.has(entry.key)) inherited.set(entry.key, entry);
  }
  const place = placeOf(parsed, walk);
  const tag = parsed.tag?.startsWith('tag:yaml.org') === true ? undefined : parsed.tag;
  const own = parsed.flow === true ? place : { ...place, end };
  return mapNode(own, [...inherited.values(), ...explicit], tag);
}

/** Whether a key begins a line of its own and goes on in the next. */
function isLongKey({ start, end }: Place, { text }: Walk): boolean {
  if (!text.slice(start, end).includes('\n')) return false;
  return text.slice(text.lastIndexOf('\n', start) + 1, start).trim() === '';
}

function keyText(key: ParsedNode | null, place: Place, walk: Walk): string {
  if (key === null) return '';
  if (isScalar(key)) {
    const text = typeof key.value === 'string' ? key.value : '';
    if (key.anchor !== undefined) {
      walk.anchors.set(key.anchor, { node: scalar(key, walk), size: 1 });
    }
    return text;
  }
  const target = isAlias(key) ? walk.anchors.get(key.source)?.node : undefined;
  return target?.kind === 'scalar' ? target.text : walk.text.slice(place.start, place.end).trim();
}

/** The entries that `<<: *base` or `<<: [*a, *b]` brings in; of a list the first to say a key wins. */
function mergedEntries(value: ConfigNode, keyPlace: Place, walk: Walk): Entry[] {
  const sources = value.kind === 'list' ? value.items : [value];
  return sources.flatMap((source) => {
    if (source.kind === 'map') return [...source.byKey.values()];
    const message = 'A merge key takes a mapping or a list of mappings.';
    report(walk, { place: keyPlace, severity: 'warning', message });
    return [];
  });
}

function sequence(parsed: YAMLSeq.Parsed, depth: number, walk: Walk): ConfigNode {
  const items: ConfigNode[] = [];
  let end = parsed.range[0];
  for (const item of parsed.items as unknown[]) {
    if (item === null || isPair(item)) continue;
    const node = item as ParsedNode;
    const converted = convert(node, depth + 1, walk);
    items.push(converted);
    end = Math.max(end, isAlias(node) ? node.range[1] : converted.place.end);
  }
  const place = placeOf(parsed, walk);
  return { kind: 'list', place: parsed.flow === true ? place : { ...place, end }, items };
}

function aliased(alias: Alias.Parsed, walk: Walk): ConfigNode {
  const place = placeOf(alias, walk);
  const target = walk.anchors.get(alias.source);
  const source = walk.text.slice(place.start, place.end);
  if (!target) {
    const message = `No anchor "${alias.source}" stands before this alias.`;
    report(walk, { place, severity: 'error', message });
    return unresolvedNode(place, source, message);
  }
  // Aliases of aliases grow exponentially for whoever walks the tree, though nodes are shared here.
  if (walk.aliased + target.size > maximumAliasedNodes) {
    const message = `Aliases stand for more than ${maximumAliasedNodes} values; this one is not read.`;
    report(walk, { place, severity: 'error', message });
    return unresolvedNode(place, source, message);
  }
  walk.aliased += target.size;
  walk.nodes += target.size;
  return target.node;
}

function tooDeep(place: Place, walk: Walk): ScalarNode {
  const message = `Nested deeper than ${maximumDepth} levels; what is inside is not read.`;
  report(walk, { place, severity: 'error', message });
  return unresolvedNode(place, '', message);
}

function report(walk: Walk, problem: SyntaxProblem): void {
  if (walk.problems.length < maximumProblems) walk.problems.push(problem);
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}
