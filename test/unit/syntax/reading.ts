import { expect } from 'vitest';
import type {
  ConfigNode,
  ConfigTree,
  MapNode,
  ScalarNode,
  ScalarValue,
} from '../../../src/core/syntax/tree.ts';

export type Plain = ScalarValue | readonly Plain[] | { readonly [key: string]: Plain };

/** A tree as plain data, by the file's own standard; what is unresolved reads `<unresolved>`. */
export function plain(node: ConfigNode | undefined): Plain {
  if (!node) return '<absent>';
  if (node.kind === 'scalar') return node.unresolved === undefined ? node.value : '<unresolved>';
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.byKey].map(([key, entry]) => [key, plain(entry.value)]));
}

export function rootOf(tree: ConfigTree, index = 0): MapNode {
  const root = tree.documents[index];
  if (root?.kind !== 'map') throw new Error('The document is no mapping.');
  return root;
}

/** The node that plain keys and positions lead to, without following references. */
export function at(node: ConfigNode, ...path: readonly (string | number)[]): ConfigNode {
  let current: ConfigNode | undefined = node;
  for (const key of path) {
    current =
      current?.kind === 'map'
        ? current.byKey.get(String(key))?.value
        : current?.kind === 'list'
          ? current.items[Number(key)]
          : undefined;
  }
  if (!current) throw new Error(`Nothing at ${path.join('.')}.`);
  return current;
}

export function scalarAt(node: ConfigNode, ...path: readonly (string | number)[]): ScalarNode {
  const found = at(node, ...path);
  if (found.kind !== 'scalar') throw new Error(`No scalar at ${path.join('.')}.`);
  return found;
}

/** Every node of a tree once, even where aliases share it. */
export function nodesOf(tree: ConfigTree): ConfigNode[] {
  const seen = new Set<ConfigNode>();
  const pending = [...tree.documents];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'map') pending.push(...node.entries.map((entry) => entry.value));
    else if (node.kind === 'list') pending.push(...node.items);
  }
  return [...seen];
}

/** Every place lies in the text, and a plain scalar on one line stands there as it was read. */
export function expectTruePlaces(tree: ConfigTree, text: string): void {
  for (const problem of tree.problems) {
    expect(problem.place.start).toBeGreaterThanOrEqual(0);
    expect(problem.place.end).toBeGreaterThanOrEqual(problem.place.start);
    expect(problem.place.end).toBeLessThanOrEqual(text.length);
  }
  for (const node of nodesOf(tree)) {
    const { start, end } = node.place;
    if (start < 0 || end < start || end > text.length) {
      expect.fail(`A ${node.kind} stands at ${start}–${end} of ${text.length}.`);
    }
    for (const { keyPlace } of node.kind === 'map' ? node.entries : []) {
      if (keyPlace.start < 0 || keyPlace.end < keyPlace.start || keyPlace.end > text.length) {
        expect.fail(`A key stands at ${keyPlace.start}–${keyPlace.end} of ${text.length}.`);
      }
    }
    if (node.kind !== 'scalar' || node.style !== 'plain' || node.unresolved !== undefined) continue;
    const source = text.slice(start, end);
    // A script's words may be put together from several places; then the place is the word's.
    const isExpanded = tree.syntax === 'shell' && /[$\\"'`]/.test(source);
    if (!/[\r\n]/.test(source) && !isExpanded) expect(node.text).toBe(source);
  }
}
