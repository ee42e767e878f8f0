import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { maximumDepth, maximumProblems } from './limits.ts';
import { readAround, type Attempt, type Notation } from './repair.ts';
import { scalarNode, unresolvedNode } from './scalars.ts';
import { isTemplate } from './templates.ts';
import { mapNode } from './tree.ts';
import type { ConfigNode, ConfigTree, Entry, MapNode, ScalarValue } from './tree.ts';
import type { Span, SyntaxProblem } from './tree.ts';

interface Walk {
  readonly file: string;
  readonly text: string;
  readonly problems: SyntaxProblem[];
  readonly quoted: Span[];
}

/** What the parser's codes mean; those that are missing here are said by their name. */
const messages: Readonly<Record<string, string>> = {
  InvalidSymbol: 'JSON has no bare words but true, false and null.',
  InvalidNumberFormat: 'This is not a JSON number.',
  PropertyNameExpected: 'A key in double quotes is expected here.',
  ValueExpected: 'A value is expected here.',
  ColonExpected: 'A colon is expected here.',
  CommaExpected: 'A comma is expected here.',
  CloseBraceExpected: 'A closing brace is expected here.',
  CloseBracketExpected: 'A closing bracket is expected here.',
  EndOfFileExpected: 'Nothing may follow the value of a JSON file.',
  UnexpectedEndOfComment: 'The comment is not closed.',
  UnexpectedEndOfString: 'The string is not closed.',
  InvalidEscapeCharacter: 'JSON has no such escape.',
};

const notation: Notation = { quotes: '"', comment: '//' };

/** Errors after which the parser takes what follows for something else. */
const harmful: ReadonlySet<string> = new Set([
  'PropertyNameExpected',
  'ColonExpected',
  'ValueExpected',
  'CloseBraceExpected',
  'CloseBracketExpected',
  'EndOfFileExpected',
]);

interface JsonAttempt extends Attempt {
  readonly root: Node | undefined;
  readonly problems: readonly (SyntaxProblem & { readonly code: string })[];
}

function attempt(file: string, text: string): JsonAttempt {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const problems = errors.map(({ error, offset, length }) => {
    const code = printParseErrorCode(error);
    const end = Math.min(offset + length, text.length);
    const message = messages[code] ?? `This is not JSON (${code}).`;
    const place = { file, start: Math.min(offset, end), end };
    return { place, severity: 'error' as const, message, code };
  });
  const first = problems.find(({ code }) => harmful.has(code));
  // Where nothing is left to read, the whole text is what is broken.
  const at = root === undefined ? 0 : first?.place.start;
  const { message = '' } = first ?? problems[0] ?? {};
  return { root, problems, error: at === undefined ? null : { at, message } };
}

/**
 * Reads JSON with comments and trailing commas. Broken lines are read around; what the parser
 * itself gets over (a missing comma, a bare word) stays.
 */
export function parseJson(file: string, text: string): ConfigTree {
  const read = (each: string) => attempt(file, each);
  const { attempt: last, lost } = readAround(text.replace(/^\uFEFF/, ' '), notation, read);
  const found = [
    ...lost.map(({ start, end, message }) => ({ place: { file, start, end }, message })),
    ...last.problems,
  ];
  const problems = found.slice(0, maximumProblems).map(({ place, message }): SyntaxProblem => {
    return { place, severity: 'error', message };
  });
  const walk: Walk = { file, text, problems, quoted: [] };
  const documents = last.root ? [convert(last.root, 0, walk)] : [];
  const template = isTemplate(text, walk.quoted, '//');
  return { file, syntax: 'json', documents, problems: walk.problems, template };
}

function convert(node: Node, depth: number, walk: Walk): ConfigNode {
  if (node.type !== 'object' && node.type !== 'array') return scalar(node, walk);
  if (depth >= maximumDepth) {
    const message = `Nested deeper than ${maximumDepth} levels; what is inside is not read.`;
    const place = { file: walk.file, start: node.offset, end: node.offset + 1 };
    if (walk.problems.length < maximumProblems) {
      walk.problems.push({ place, severity: 'error', message });
    }
    return unresolvedNode(place, '', message);
  }
  if (node.type === 'object') return mapping(node, depth, walk);
  const items = (node.children ?? []).map((child) => convert(child, depth + 1, walk));
  return { kind: 'list', place: collectionPlace(node, items.at(-1)?.place.end, walk), items };
}

function scalar(node: Node, walk: Walk): ConfigNode {
  const end = Math.min(node.offset + node.length, walk.text.length);
  const place = { file: walk.file, start: node.offset, end };
  const value = node.value as ScalarValue;
  if (node.type === 'string') {
    walk.quoted.push(place);
    return scalarNode(place, String(value), value, 'quoted');
  }
  return scalarNode(place, walk.text.slice(place.start, place.end), value);
}

function mapping(node: Node, depth: number, walk: Walk): MapNode {
  const entries: Entry[] = [];
  const seen = new Set<string>();
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (!keyNode) continue;
    const key = String(keyNode.value);
    const keyEnd = keyNode.offset + keyNode.length;
    const keyPlace = { file: walk.file, start: keyNode.offset, end: keyEnd };
    walk.quoted.push(keyPlace);
    const gap = property.colonOffset === undefined ? keyEnd : property.colonOffset + 1;
    const value = valueNode
      ? convert(valueNode, depth + 1, walk)
      : unresolvedNode({ file: walk.file, start: gap, end: gap }, '', 'The key has no value.');
    if (seen.has(key) && walk.problems.length < maximumProblems) {
      const message = `The key "${key}" stands twice in this object; the last one counts.`;
      walk.problems.push({ place: keyPlace, severity: 'warning', message });
    }
    seen.add(key);
    entries.push({ key, keyPlace, value });
  }
  const last = entries.at(-1);
  return mapNode(collectionPlace(node, last?.value.place.end, walk), entries);
}

/** The parser leaves no length on a collection that is not closed; it ends with its last child. */
function collectionPlace(node: Node, childEnd: number | undefined, walk: Walk): MapNode['place'] {
  const end = node.length > 0 ? node.offset + node.length : (childEnd ?? node.offset + 1);
  return { file: walk.file, start: node.offset, end: Math.min(end, walk.text.length) };
}
