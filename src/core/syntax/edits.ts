import type { Edit } from './edit.ts';
import { insertEntry, insertFlag, newTable, removeEntry, removeFlag } from './entries.ts';
import { resolve, type Path } from './resolve.ts';
import { literalFor } from './literals.ts';
import type { ConfigTree, MapNode, ScalarNode, SyntaxKind } from './tree.ts';

/**
 * The edit that gives a scalar another value. `newText` is the value as it shall stand in the
 * source; where the syntax wants quotes around it they are added, in the style there was.
 */
export function replaceScalar(
  text: string,
  node: ScalarNode,
  newText: string,
  syntax: SyntaxKind,
): Edit {
  const { place } = node;
  const quote = node.style === 'quoted' ? /["']/.exec(text.slice(place.start))?.[0] : undefined;
  const literal = literalFor(newText, syntax, quote);
  // An absent value stands right behind its colon, in a script behind its equals sign.
  const isAbsent = place.start === place.end && syntax !== 'shell';
  return { place, newText: isAbsent ? ` ${literal}` : literal };
}

/**
 * The edits that give the key at `path` a value, written as it shall stand in the source.
 * An existing value is replaced where it is stated, through references; a missing key is added
 * to its mapping, with the mappings it lies in. Null when the file as it stands has no such place.
 */
export function setKey(
  tree: ConfigTree,
  root: MapNode,
  path: Path,
  value: string,
  text: string,
): readonly Edit[] | null {
  const found = resolve(root, path);
  if (found?.computed ?? found?.unresolved !== undefined) return null;
  if (found?.node.kind === 'scalar') {
    return [replaceScalar(text, found.node, value, tree.syntax)];
  }
  if (found) return [{ place: found.node.place, newText: literalFor(value, tree.syntax) }];
  return addKeys(tree, root, [{ path, value }], text);
}

/** A key that is missing, and the value it shall have. */
export interface NewKey {
  readonly path: Path;
  readonly value: string;
}

/**
 * The edits that add several missing keys at once: those of one missing mapping are put into one
 * new mapping, which single calls of `setKey` could not know of. Null when one has no place.
 */
export function addKeys(
  tree: ConfigTree,
  root: MapNode,
  keys: readonly NewKey[],
  text: string,
): readonly Edit[] | null {
  const edits: Edit[] = [];
  const groups = new Map<string, { depth: number; keys: NewKey[] }>();
  for (const key of keys) {
    let depth = key.path.length - 1;
    while (depth > 0 && !resolve(root, key.path.slice(0, depth))) depth -= 1;
    // Keys whose first missing mapping is the same are written together.
    const missing = depth < key.path.length - 1 && tree.syntax !== 'shell';
    const group = JSON.stringify(key.path.slice(0, missing ? depth + 1 : key.path.length));
    groups.set(group, { depth, keys: [...(groups.get(group)?.keys ?? []), key] });
  }
  for (const { depth, keys: members } of groups.values()) {
    const first = members[0];
    if (!first) continue;
    const parent = resolve(root, first.path.slice(0, depth));
    const nested = members.map(({ path, value }) => ({
      path: path.slice(depth).map(String),
      value: literalFor(value, tree.syntax),
    }));
    if (parent?.node.kind !== 'map' || parent.unresolved !== undefined) return null;
    const made = addTo(tree, parent.node, first.path.slice(0, depth), nested, text);
    if (!made) return null;
    edits.push(...made);
  }
  return edits;
}

function addTo(
  tree: ConfigTree,
  map: MapNode,
  at: Path,
  keys: readonly { readonly path: readonly string[]; readonly value: string }[],
  text: string,
): readonly Edit[] | null {
  const only = keys[0]?.path.length === 1 ? keys[0] : undefined;
  if (tree.syntax === 'python') return null;
  if (tree.syntax === 'shell') {
    const [key] = only?.path ?? [];
    return only && key !== undefined ? insertFlag(text, map, key, only.value) : null;
  }
  if (tree.syntax === 'toml' && !only && text[map.place.start] !== '{') {
    return newTable(text, map.place.file, at.map(String), keys);
  }
  return insertEntry(text, tree.syntax, map, keys, at.length === 0);
}

/** The edits that take the key at `path` out. Null when it stands in no mapping of this file. */
export function removeKey(
  tree: ConfigTree,
  root: MapNode,
  path: Path,
  text: string,
): readonly Edit[] | null {
  const parent = resolve(root, path.slice(0, -1));
  const key = String(path.at(-1));
  if (parent?.node.kind !== 'map' || parent.unresolved !== undefined) return null;
  if (tree.syntax === 'python') return null;
  const entries = parent.node.entries.filter((entry) => entry.key === key);
  const edits: Edit[] = [];
  for (const entry of entries) {
    const removal =
      tree.syntax === 'shell'
        ? removeFlag(text, entry)
        : removeEntry(text, tree.syntax, parent.node, entry);
    if (!removal) return null;
    edits.push(...removal);
  }
  return entries.length > 0 ? edits : null;
}
