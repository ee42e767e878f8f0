import { arithmetic } from './arithmetic.ts';
import { coreValue, legacyValue, numberOf } from './scalars.ts';
import type { ConfigNode, MapNode, Place, ScalarNode } from './tree.ts';

/** Keys and list positions from a root; a position may be written as digits. */
export type Path = readonly (string | number)[];

/** What a path leads to once its references are followed. */
export interface Resolved {
  /** The node that finally states the value; where one is computed, the scalar with the formula. */
  readonly node: ConfigNode;
  /** Where the node lies in the root: the path itself, or what its references lead to. */
  readonly at: Path;
  /** Each reference passed on the way, the one at the path itself first. */
  readonly via: readonly Place[];
  /** A number worked out by a resolver: the formula with its numbers, and where those are stated. */
  readonly computed?: {
    readonly value: number;
    readonly formula: string;
    readonly from: readonly Place[];
  };
  /** Why the file does not tell the value: a whole sentence. */
  readonly unresolved?: string;
}

/** Follows are counted because `${a}${a}` over many levels doubles at each. */
interface Walk {
  readonly root: MapNode;
  /** What a person says of environment variables. */
  readonly variables: ReadonlyMap<string, string> | undefined;
  follows: number;
}

const maximumFollows = 1000;
const maximumChain = 20;
const maximumTextLength = 10_000;

/**
 * Looks a path up and follows references as OmegaConf does: `${a.b}`, `${a[0].b}`, `${.sibling}`,
 * `${..x}`, `${oc.env:X,default}`, Primus' `${X:default}`, nested and embedded ones, and the
 * arithmetic resolvers of NeMo (`multiply`, `divide_ceil`, `eval`…). List positions may be digits.
 * Undefined when a key on the path is missing; anything else that cannot be told is `unresolved`.
 */
export function resolve(
  root: MapNode,
  path: Path,
  variables?: ReadonlyMap<string, string>,
): Resolved | undefined {
  // Nearly all look-ups of nearly all readers end at a key that is not there: no walk for those.
  let node: ConfigNode = root;
  for (const key of path) {
    if (node.kind === 'scalar') return remembered(root, path, variables);
    const child = childOf(node, key);
    if (!child) return undefined;
    node = child;
  }
  return node.kind === 'scalar' && (node.unresolved !== undefined || node.text.includes('${'))
    ? remembered(root, path, variables)
    : { node, via: [], at: path };
}

interface Memory {
  readonly variables: Walk['variables'];
  readonly found: Map<string, Resolved | undefined>;
}

/** What was found at each path: readers ask for the same ones again, and trees do not change. */
const memories = new WeakMap<MapNode, Memory>();

function remembered(root: MapNode, path: Path, variables: Walk['variables']): Resolved | undefined {
  let memory = memories.get(root);
  if (!memory || memory.variables !== variables) {
    memory = { variables, found: new Map() };
    memories.set(root, memory);
  }
  const name = path.join('\0');
  if (memory.found.has(name)) return memory.found.get(name);
  const found = locate({ root, variables, follows: 0 }, path, 0);
  memory.found.set(name, found);
  return found;
}

function locate(walk: Walk, path: Path, chain: number): Resolved | undefined {
  let current: Resolved = { node: walk.root, via: [], at: [] };
  for (const key of path) {
    const settled = settle(walk, current, chain);
    if (settled.unresolved !== undefined) return settled;
    const child = childOf(settled.node, key);
    if (!child) return undefined;
    current = { node: child, via: settled.via, at: [...settled.at, key] };
  }
  return settle(walk, current, chain);
}

function childOf(node: ConfigNode, key: string | number): ConfigNode | undefined {
  if (node.kind === 'map') return node.byKey.get(String(key))?.value;
  if (node.kind === 'list' && /^\d+$/.test(String(key))) return node.items[Number(key)];
  return undefined;
}

/** Follows the references of a scalar; other nodes are themselves. */
function settle(walk: Walk, found: Resolved, chain: number): Resolved {
  const { node } = found;
  if (node.kind !== 'scalar') return found;
  if (node.unresolved !== undefined) return { ...found, unresolved: node.unresolved };
  if (!node.text.includes('${')) return found;
  walk.follows += 1;
  if (chain >= maximumChain || walk.follows > maximumFollows) {
    return { ...found, unresolved: `The references of "${shorten(node.text)}" go in a circle.` };
  }
  const result = evaluate(walk, node.text, node, found.at, chain + 1);
  return { ...result, via: [...found.via, ...result.via] };
}

/** The value of a text that may hold references, standing where `scalar` does. */
function evaluate(walk: Walk, text: string, scalar: ScalarNode, at: Path, chain: number): Resolved {
  if (text.startsWith('${') && closingBrace(text, 2) === text.length - 1) {
    return interpolation(walk, text.slice(2, -1), scalar, at, chain);
  }
  const composed = compose(walk, text, scalar, at, chain);
  return 'unresolved' in composed
    ? { node: scalar, via: [], at, unresolved: composed.unresolved }
    : { node: rewritten(scalar, composed.text), via: [], at };
}

/** A text with its references replaced by their values, and the places of those. */
function compose(
  walk: Walk,
  text: string,
  scalar: ScalarNode,
  at: Path,
  chain: number,
): { readonly text: string; readonly from: readonly Place[] } | { readonly unresolved: string } {
  let result = '';
  let read = 0;
  const from: Place[] = [];
  while (result.length < maximumTextLength) {
    const start = text.indexOf('${', read);
    const end = start < 0 ? -1 : closingBrace(text, start + 2);
    if (end < 0) break;
    const part = interpolation(walk, text.slice(start + 2, end), scalar, at, chain);
    if (part.unresolved !== undefined) return { unresolved: part.unresolved };
    if (part.node.kind !== 'scalar') {
      return { unresolved: `"${shorten(text)}" puts a whole section into a text.` };
    }
    result += text.slice(read, start) + String(part.computed?.value ?? part.node.text);
    from.push(...statedAt(part, scalar));
    read = end + 1;
  }
  return { text: result + text.slice(read), from };
}

/** The value of what stands between `${` and `}`. */
function interpolation(
  walk: Walk,
  body: string,
  scalar: ScalarNode,
  at: Path,
  chain: number,
): Resolved {
  const fail = (unresolved: string): Resolved => ({ node: scalar, via: [], at, unresolved });
  if (chain > maximumChain) return fail(`"${shorten(body)}" is nested too deeply.`);
  const colon = body.indexOf(':');
  const name = body.slice(0, Math.max(colon, 0)).trim();
  if (/^[A-Za-z_][\w.]*$/.test(name)) {
    return resolver(walk, name, body.slice(colon + 1).trim(), scalar, at, chain);
  }
  const key = compose(walk, body.trim(), scalar, at, chain + 1);
  if ('unresolved' in key) return fail(key.unresolved);
  const dots = /^\.*/.exec(key.text)?.[0].length ?? 0;
  const missing = `\${${shorten(body)}} is not stated in this file.`;
  if (dots > at.length) return fail(missing);
  const base = dots === 0 ? [] : at.slice(0, -dots);
  const keys = key.text.slice(dots).replace(/\[([^[\]]*)\]/g, '.$1');
  const told = walk.variables?.get(key.text);
  if (told !== undefined) return { node: rewritten(scalar, told), via: [], at };
  const target = locate(walk, keys === '' ? base : [...base, ...keys.split('.')], chain);
  return target ? { ...target, via: [scalar.place, ...target.via] } : fail(missing);
}

function resolver(
  walk: Walk,
  name: string,
  rest: string,
  scalar: ScalarNode,
  at: Path,
  chain: number,
): Resolved {
  const here: Resolved = { node: scalar, via: [], at };
  const value = (text: string) => evaluate(walk, unquoted(text), scalar, at, chain + 1);
  const unresolved = `\${${name}:…} is worked out when the framework runs.`;
  if (name === 'oc.env' || name === 'env') {
    const comma = rest.indexOf(',');
    const told = walk.variables?.get((comma < 0 ? rest : rest.slice(0, comma)).trim());
    if (told !== undefined) return { ...here, node: rewritten(scalar, told) };
    return comma < 0
      ? { ...here, unresolved: `The environment variable ${shorten(rest)} gives this value.` }
      : value(rest.slice(comma + 1).trim());
  }
  if (name === 'eval') {
    const expression = compose(walk, unquoted(rest), scalar, at, chain + 1);
    if ('unresolved' in expression) return { ...here, unresolved: expression.unresolved };
    const result = arithmetic(expression.text, { lookup: () => null, integers: false });
    if (result === null) return { ...here, unresolved };
    return {
      ...here,
      computed: { value: result, formula: expression.text, from: expression.from },
    };
  }
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) {
    // Primus writes `${PRIMUS_TRAIN_ITERS:50}`: an environment variable and its default.
    const told = walk.variables?.get(name);
    if (told !== undefined) return { ...here, node: rewritten(scalar, told) };
    return /^[A-Z][A-Z0-9_]*$/.test(name) ? value(rest) : { ...here, unresolved };
  }
  const numbers: number[] = [];
  const from: Place[] = [];
  for (const text of splitArguments(rest)) {
    const part = value(text);
    const number =
      part.computed?.value ?? (part.node.kind === 'scalar' ? numberOf(part.node) : null);
    if (part.unresolved !== undefined || number === null) {
      return { ...here, unresolved: part.unresolved ?? unresolved };
    }
    numbers.push(number);
    from.push(...statedAt(part, scalar));
  }
  const folded = numbers.slice(1).reduce(operation.fold, numbers[0] ?? NaN);
  const result = operation.round?.(folded) ?? folded;
  if (!Number.isFinite(result)) return { ...here, unresolved };
  const [open, close] = operation.brackets ?? ['', ''];
  const formula = `${open}${numbers.join(` ${operation.sign} `)}${close}`;
  return { ...here, computed: { value: result, formula, from } };
}

interface Operation {
  readonly sign: string;
  readonly fold: (left: number, right: number) => number;
  readonly round?: (value: number) => number;
  readonly brackets?: readonly [string, string];
}

const divide = (left: number, right: number) => left / right;

/** The resolvers that NeMo and its launcher register; all take two numbers or more. */
const operations: Readonly<Record<string, Operation>> = {
  multiply: { sign: '×', fold: (left, right) => left * right },
  divide: { sign: '/', fold: divide },
  divide_ceil: { sign: '/', fold: divide, round: Math.ceil, brackets: ['⌈', '⌉'] },
  divide_floor: { sign: '/', fold: divide, round: Math.floor, brackets: ['⌊', '⌋'] },
  add: { sign: '+', fold: (left, right) => left + right },
  subtract: { sign: '−', fold: (left, right) => left - right },
};

/** Where the number of a part is stated; one that the reference itself spells out is nowhere else. */
function statedAt(part: Resolved, scalar: ScalarNode): readonly Place[] {
  if (part.computed) return part.computed.from;
  return part.node.place === scalar.place ? [] : [part.node.place];
}

/** The scalar with what its references stand for; it is still stated at its own place. */
function rewritten(scalar: ScalarNode, text: string): ScalarNode {
  return { ...scalar, text, style: 'plain', value: coreValue(text), legacy: legacyValue(text) };
}

/** The `}` that closes what is open at `from`, or -1. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if ('{[('.includes(character)) depth += 1;
    else if ('}])'.includes(character)) depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...parts, text.slice(start).trim()];
}

function unquoted(text: string): string {
  return /^'[^']*'$|^"[^"]*"$/.test(text) ? text.slice(1, -1) : text;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
