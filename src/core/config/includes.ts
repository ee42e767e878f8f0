import {
  mapNode,
  type ConfigNode,
  type Entry,
  type ListNode,
  type MapNode,
  type ScalarNode,
} from '../syntax/tree.ts';
import { sizeOf } from './budget.ts';
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
  const walk: Walk = { missing: [], circles: [], done: new Map(), open: [fields.tree.file] };
  const root = expanded(fields, fields.root, walk);
  fields.library.budget.spend(sizeOf(root));
  const needs = unfoundNeeds(fields, walk);
  return root.kind === 'map' ? { fields: fields.with(root), needs } : { fields, needs };
}

/** What is gathered over all the files of one config. */
interface Walk extends Unfound {
  /** Each node once: aliases and files that are included again share what they became. */
  readonly done: Map<ConfigNode, ConfigNode>;
  /** The files whose contents are being put in their places, the outermost first. */
  readonly open: string[];
}

function expanded(fields: Fields, node: ConfigNode, walk: Walk): ConfigNode {
  if (node.kind === 'scalar' && node.tag !== '!include') return node;
  const known = walk.done.get(node);
  if (known) return known;
  const result = node.kind === 'scalar' ? included(fields, node, walk) : inside(fields, node, walk);
  walk.done.set(node, result);
  return result;
}

function inside(fields: Fields, node: MapNode | ListNode, walk: Walk): ConfigNode {
  if (node.kind === 'list') {
    const items = node.items.map((item) => expanded(fields, item, walk));
    return items.some((item, index) => item !== node.items[index]) ? { ...node, items } : node;
  }
  const entries = node.entries.map((entry): Entry => {
    const value = expanded(fields, entry.value, walk);
    return value === entry.value ? entry : { ...entry, value };
  });
  const changed = entries.some((entry, index) => entry !== node.entries[index]);
  return changed ? mapNode(node.place, entries, node.tag) : node;
}

function included(fields: Fields, node: ScalarNode, walk: Walk): ConfigNode {
  const path = pathFrom(node.place.file, node.text);
  if (path !== null && (walk.open.includes(path) || walk.open.length > maximumDepth)) {
    walk.circles.push(node.text);
    return node;
  }
  const opened = openFirst(fields, [path]);
  if (opened === null) walk.missing.push({ written: node.text, named: node.place });
  if (opened === null || opened === 'pending') return node;
  walk.open.push(opened.file);
  const result = expanded(fields, opened.map, walk);
  walk.open.pop();
  return result;
}
