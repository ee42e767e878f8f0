import { mapNode, type ConfigNode, type Entry } from '../syntax/tree.ts';
import { maximumDepth, openFirst, unfoundNeeds, type Unfound } from './compose.ts';
import type { Fields } from './fields.ts';
import { pathFrom } from './library.ts';
import type { Composition } from './reader.ts';

/**
 * Puts the files that `!include` tags name in their places (Levanter's draccus, Home-Assistant-like
 * loaders): paths are relative to the file that holds the tag. Circles and long chains stay open.
 */
export function withIncludes(fields: Fields): Composition {
  if (!fields.text.includes('!include')) return { fields, needs: [] };
  const unfound: Unfound = { missing: [], circles: [] };
  const root = expanded(fields, fields.root, [fields.tree.file], unfound);
  const needs = unfoundNeeds(fields, unfound);
  return root.kind === 'map' ? { fields: fields.with(root), needs } : { fields, needs };
}

function expanded(
  fields: Fields,
  node: ConfigNode,
  chain: readonly string[],
  unfound: Unfound,
): ConfigNode {
  if (node.kind === 'map') {
    const entries = node.entries.map((entry): Entry => {
      const value = expanded(fields, entry.value, chain, unfound);
      return value === entry.value ? entry : { ...entry, value };
    });
    const changed = entries.some((entry, index) => entry !== node.entries[index]);
    return changed ? mapNode(node.place, entries, node.tag) : node;
  }
  if (node.kind === 'list') {
    const items = node.items.map((item) => expanded(fields, item, chain, unfound));
    return items.some((item, index) => item !== node.items[index]) ? { ...node, items } : node;
  }
  if (node.tag !== '!include') return node;
  const path = pathFrom(node.place.file, node.text);
  if (path !== null && (chain.includes(path) || chain.length > maximumDepth)) {
    unfound.circles.push(node.text);
    return node;
  }
  const opened = openFirst(fields, [path]);
  if (opened === null) unfound.missing.push({ written: node.text, named: node.place });
  if (opened === null || opened === 'pending') return node;
  return expanded(fields, opened.map, [...chain, opened.file], unfound);
}
