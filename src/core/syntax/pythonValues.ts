import type { parser } from '@lezer/python';
import { arithmetic } from './arithmetic.ts';
import { maximumDepth } from './limits.ts';
import { lookUp, ownedMap, type Scope } from './pythonScope.ts';
import { numberOf, plainNumber, scalarNode, unresolvedNode } from './scalars.ts';
import type { ConfigNode, Entry, Place } from './tree.ts';

/** A node of the Python parser. */
export type PythonNode = ReturnType<typeof parser.parse>['topNode'];

/** The children of a node, comments left out. */
export function childrenOf(node: PythonNode): PythonNode[] {
  const children: PythonNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment') children.push(child);
  }
  return children;
}

/** Where a node stands. */
export function placeOf(scope: Scope, node: PythonNode): Place {
  return { file: scope.file, start: node.from, end: node.to };
}

function sourceOf(scope: Scope, node: PythonNode): string {
  return scope.text.slice(node.from, node.to);
}

/** The value of an expression as far as literals tell it; nothing is called. */
export function valueOf(scope: Scope, node: PythonNode, depth: number): ConfigNode {
  const place = placeOf(scope, node);
  const text = sourceOf(scope, node);
  if (depth > maximumDepth) return unresolvedNode(place, '', 'Nested too deeply to be read.');
  const fail = (why: string) => unresolvedNode(place, text, why);
  switch (node.name) {
    case 'Number': {
      const value = plainNumber(text);
      return value === null ? fail('This is no real number.') : scalarNode(place, text, value);
    }
    case 'Boolean':
      return scalarNode(place, text, text === 'True');
    case 'None':
      return scalarNode(place, text, null);
    case 'String':
    case 'ContinuedString': {
      const parts = node.name === 'String' ? [node] : childrenOf(node);
      if (parts.some((part) => part.name !== 'String')) return fail('This text is put together.');
      const content = parts.map((part) => stringContent(sourceOf(scope, part))).join('');
      return scalarNode(place, content, content, 'quoted');
    }
    case 'VariableName':
    case 'MemberExpression':
      return reference(scope, node);
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression': {
      const items = elements(node).map((item) => valueOf(scope, item, depth + 1));
      return { kind: 'list', place, items };
    }
    case 'DictionaryExpression':
      return ownedMap(scope.budget, place, dictionaryEntries(scope, node, depth));
    case 'ParenthesizedExpression': {
      const inner = elements(node)[0];
      return inner ? valueOf(scope, inner, depth + 1) : fail('Nothing stands here.');
    }
    case 'CallExpression':
      return call(scope, node, depth);
    case 'UnaryExpression':
    case 'BinaryExpression':
      return computed(scope, node);
    default:
      return fail('This value is only known when the program runs.');
  }
}

/** The members of brackets: neither brackets nor commas. */
function elements(node: PythonNode): PythonNode[] {
  return childrenOf(node).filter(({ name }) => !/^[[\](){},]$/.test(name));
}

function computed(scope: Scope, node: PythonNode): ConfigNode {
  const text = sourceOf(scope, node);
  const value = arithmetic(text.replace(/#.*/g, ''), {
    integers: false,
    lookup: (name) => {
      const found = lookUp(scope, name.split('.'));
      return found?.kind === 'scalar' ? numberOf(found) : null;
    },
  });
  const place = placeOf(scope, node);
  return value === null
    ? unresolvedNode(place, text, 'The file does not tell the numbers of this expression.')
    : scalarNode(place, text, value);
}

/** The parts of `a.b["c"][0]`, or null for anything else. */
export function pathOf(scope: Scope, node: PythonNode): string[] | null {
  const path: string[] = [];
  let current: PythonNode = node;
  while (current.name === 'MemberExpression') {
    const [object, ...rest] = childrenOf(current);
    const key = rest.find(({ name }) => /^(?:PropertyName|String|Number)$/.test(name));
    if (!object || !key || rest.length > 3 || path.length > maximumDepth) return null;
    path.push(key.name === 'String' ? stringContent(sourceOf(scope, key)) : sourceOf(scope, key));
    current = object;
  }
  if (current.name !== 'VariableName') return null;
  return [...path, sourceOf(scope, current)].reverse();
}

/** A name stands for what it was given; a dotted one that was not (`torch.bfloat16`) for itself. */
function reference(scope: Scope, node: PythonNode): ConfigNode {
  const place = placeOf(scope, node);
  const text = sourceOf(scope, node);
  const path = pathOf(scope, node);
  const found = path ? lookUp(scope, path) : undefined;
  if (found) return found;
  const isSymbol = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(text);
  return isSymbol && !lookUp(scope, path?.slice(0, 1) ?? [])
    ? scalarNode(place, text, text)
    : unresolvedNode(place, text, `The file does not tell what "${text.slice(0, 60)}" is.`);
}

function call(scope: Scope, node: PythonNode, depth: number): ConfigNode {
  const [callee, list] = childrenOf(node);
  const place = placeOf(scope, node);
  const built = callee?.name === 'MemberExpression' ? builtOf(scope, callee) : null;
  if (built) return valueOf(scope, built, depth + 1);
  const name = callee ? sourceOf(scope, callee).replace(/\s+/g, '') : '';
  const entries = list ? argumentEntries(scope, list, depth) : [];
  const only = entries.length === 1 ? entries[0]?.value : undefined;
  if (/^(?:int|float|round|str)$/.test(name) && only?.kind === 'scalar') {
    const number = numberOf(only, { quoted: true });
    const value = number !== null && name === 'int' ? Math.trunc(number) : number;
    if (value !== null && name !== 'str') return scalarNode(place, sourceOf(scope, node), value);
    return name === 'str' ? only : computed(scope, node);
  }
  return ownedMap(scope.budget, place, entries, name === 'dict' ? undefined : name);
}

/** `X(…).with_y(…)` and `X(…).merge(…)` are `X(…)` still, with something added that is not followed. */
function builtOf(scope: Scope, callee: PythonNode): PythonNode | null {
  const [object, , method] = childrenOf(callee);
  if (!object || !method || !/^(?:with_\w+|merge)$/.test(sourceOf(scope, method))) return null;
  return /^(?:Call|Parenthesized)Expression$/.test(object.name) ? object : null;
}

function argumentEntries(scope: Scope, list: PythonNode, depth: number): Entry[] {
  const entries: Entry[] = [];
  let position = 0;
  const members = elements(list);
  for (let at = 0; at < members.length; at += 1) {
    const member = members[at];
    const next = members[at + 1];
    if (!member) break;
    if (member.name === '**' || member.name === '*') {
      if (next && member.name === '**') entries.push(...unpacked(valueOf(scope, next, depth + 1)));
      at += 1;
    } else if (member.name === 'VariableName' && next?.name === 'AssignOp') {
      const written = members[at + 2];
      const keyPlace = placeOf(scope, member);
      // A keyword that is still being typed has no value, and the next one follows it.
      const isValue = written && written.name !== '⚠' && members[at + 3]?.name !== 'AssignOp';
      const end = { ...placeOf(scope, next), start: next.to };
      const value = isValue
        ? valueOf(scope, written, depth + 1)
        : unresolvedNode(end, '', 'The argument has no value.');
      entries.push({ key: sourceOf(scope, member), keyPlace, value });
      at += isValue ? 2 : 1;
    } else if (member.name !== '⚠' && member.name !== 'AssignOp') {
      const value = valueOf(scope, member, depth + 1);
      entries.push({ key: String(position), keyPlace: placeOf(scope, member), value });
      position += 1;
    }
  }
  return entries;
}

function unpacked(node: ConfigNode): readonly Entry[] {
  return node.kind === 'map' ? node.entries : [];
}

function dictionaryEntries(scope: Scope, node: PythonNode, depth: number): Entry[] {
  const entries: Entry[] = [];
  const members = elements(node);
  for (let at = 0; at < members.length; at += 1) {
    const key = members[at];
    if (!key) break;
    if (key.name === '**') {
      const source = members[at + 1];
      if (source) entries.push(...unpacked(valueOf(scope, source, depth + 1)));
      at += 1;
    } else if (members[at + 1]?.name === ':') {
      const value = members[at + 2];
      if (!value) break;
      const text = sourceOf(scope, key);
      entries.push({
        key: key.name === 'String' ? stringContent(text) : text,
        keyPlace: placeOf(scope, key),
        value: valueOf(scope, value, depth + 1),
      });
      at += 2;
    }
  }
  return entries;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

/** The content of a string literal; of escapes the common ones. */
function stringContent(source: string): string {
  const [, prefix = '', quote = '', body = ''] =
    /^([A-Za-z]*)("""|'''|"|')([^]*)$/.exec(source) ?? [];
  const closed = quote !== '' && body.endsWith(quote);
  const content = (closed ? body.slice(0, -quote.length) : body).replaceAll('\r\n', '\n');
  if (/r/i.test(prefix)) return content;
  return content.replace(/\\([^])/g, (whole, letter: string) =>
    /[\\'"ntr\n]/.test(letter) ? (escapes[letter] ?? letter) : whole,
  );
}
