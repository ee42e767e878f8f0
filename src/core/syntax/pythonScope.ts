import { maximumAliasedNodes } from './limits.ts';
import { mapNode } from './tree.ts';
import type { ConfigNode, Entry, MapNode, Place } from './tree.ts';

/**
 * The names of a module or function, and what may still be changed in place.
 * Nodes are values here, not objects: `b = a` and a later `a.x = 1` leave `b` as it was. That loses
 * little of real configs, and no node can come to contain itself.
 */
export interface Scope {
  readonly file: string;
  readonly text: string;
  readonly names: MapNode;
  readonly outer: Scope | null;
  readonly budget: Budget;
}

/** Shared by all scopes of a file: nodes that nothing else refers to, and what sharing has cost. */
export interface Budget {
  readonly owned: WeakSet<MapNode>;
  shared: number;
}

/** An empty scope within `outer`. */
export function scopeWithin(outer: Scope, place: Place): Scope {
  return { ...outer, names: ownedMap(outer.budget, place, []), outer };
}

/** A mapping that attribute assignments may still add to. */
export function ownedMap(
  budget: Budget,
  place: Place,
  entries: readonly Entry[],
  tag?: string,
): MapNode {
  const node = mapNode(place, [...entries], tag);
  budget.owned.add(node);
  return node;
}

/**
 * What a dotted or subscripted name stands for, or undefined. The node is shared from then on.
 * Names that double what they stand for (`a = [b, b]` over many lines) end being followed.
 */
export function lookUp(scope: Scope, path: readonly string[]): ConfigNode | undefined {
  let node: ConfigNode | undefined = scope.names;
  for (const key of path) {
    if (node?.kind === 'map') node = node.byKey.get(key)?.value;
    else if (node?.kind === 'list') node = /^\d+$/.test(key) ? node.items[Number(key)] : undefined;
    else return undefined;
  }
  if (!node && scope.outer && !scope.names.byKey.has(path[0] ?? '')) {
    return lookUp(scope.outer, path);
  }
  return node && share(scope.budget, node) ? node : undefined;
}

function share(budget: Budget, node: ConfigNode): boolean {
  budget.shared += 1;
  if (budget.shared > maximumAliasedNodes) return false;
  if (node.kind === 'map') {
    budget.owned.delete(node);
    return node.entries.every((entry) => share(budget, entry.value));
  }
  return node.kind === 'scalar' || node.items.every((item) => share(budget, item));
}

/** Gives a name, or an attribute of one, a value; mappings on the way are made. */
export function assignTo(
  scope: Scope,
  path: readonly string[],
  keyPlace: Place,
  value: ConfigNode,
): void {
  set(scope.budget, scope.names, path, keyPlace, value);
}

function set(
  budget: Budget,
  map: MapNode,
  path: readonly string[],
  keyPlace: Place,
  value: ConfigNode,
): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    put(map, { key, keyPlace, value });
    return;
  }
  const before = map.byKey.get(key);
  const child = before?.value;
  if (child?.kind === 'map' && budget.owned.has(child)) {
    set(budget, child, rest, keyPlace, value);
    return;
  }
  const copy =
    child?.kind === 'map'
      ? ownedMap(budget, child.place, child.entries, child.tag)
      : ownedMap(budget, keyPlace, []);
  set(budget, copy, rest, keyPlace, value);
  if (before) replace(map, { ...before, value: copy });
  else put(map, { key, keyPlace, value: copy });
}

/** The room of `tree.ts` is read-only for readers; only its builder here may add. */
function put(map: MapNode, entry: Entry): void {
  (map.entries as Entry[]).push(entry);
  (map.byKey as Map<string, Entry>).set(entry.key, entry);
}

function replace(map: MapNode, entry: Entry): void {
  const entries = map.entries as Entry[];
  entries[entries.findLastIndex(({ key }) => key === entry.key)] = entry;
  (map.byKey as Map<string, Entry>).set(entry.key, entry);
}
