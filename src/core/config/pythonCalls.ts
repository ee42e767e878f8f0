import type { ConfigNode, Entry, MapNode } from '../syntax/tree.ts';
import type { Fields } from './fields.ts';

const maximumVisited = 20_000;

/** The calls of a config, found once: readers ask for many kinds of them, and again for each run. */
const known = new WeakMap<ConfigNode, readonly MapNode[]>();

/** Every call in a Python config whose callee matches, outer ones first, each once. */
export function callsOf(root: ConfigNode, callee: RegExp): readonly MapNode[] {
  return allCalls(root).filter(({ tag }) => tag !== undefined && callee.test(tag));
}

function allCalls(root: ConfigNode): readonly MapNode[] {
  const before = known.get(root);
  if (before) return before;
  const seen = new Set<ConfigNode>();
  const found: MapNode[] = [];
  const visit = (node: ConfigNode): void => {
    if (seen.has(node) || seen.size >= maximumVisited) return;
    seen.add(node);
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind !== 'map') return;
    if (node.tag !== undefined) found.push(node);
    for (const { value } of node.entries) visit(value);
  };
  visit(root);
  known.set(root, found);
  return found;
}

/** Every value that a keyword, attribute or name of this spelling is given anywhere, each once. */
export function valuesOf(root: ConfigNode, key: string): readonly ConfigNode[] {
  const seen = new Set<ConfigNode>();
  const found = new Set<ConfigNode>();
  const visit = (node: ConfigNode): void => {
    if (seen.has(node) || seen.size >= maximumVisited) return;
    seen.add(node);
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind !== 'map') return;
    for (const entry of node.entries) {
      if (entry.key === key) found.add(entry.value);
      visit(entry.value);
    }
  };
  visit(root);
  return [...found];
}

/** A function of the module: what it returns, with its own names around it. */
export interface PythonFunction {
  readonly name: string;
  readonly entry: Entry;
  readonly names: MapNode;
  /** What it returns last, if that is a call, a dictionary or an object that it filled. */
  readonly returned: MapNode | null;
}

/** The functions of a Python config, in the order of the text. */
export function functionsOf(fields: Fields): readonly PythonFunction[] {
  const functions = fields.map('$functions');
  if (!functions) return [];
  return [...functions.byKey.values()].flatMap((entry) => {
    const names = entry.value;
    if (names.kind !== 'map') return [];
    const value = names.byKey.get('$return')?.value;
    return [{ name: entry.key, entry, names, returned: value?.kind === 'map' ? value : null }];
  });
}
