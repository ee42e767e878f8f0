import type { Fields, Path } from '../config/fields.ts';
import type { ConfigNode, MapNode, ScalarNode } from '../syntax/tree.ts';
import type { Operand } from './condition.ts';
import type { Setting } from './inForce.ts';

const absent: Setting = { kind: 'absent' };
const unknown: Setting = { kind: 'unknown' };

/** How many nodes of a Python config are searched for calls. */
const maximumNodes = 20_000;

/** Where the keys stand that rules speak of. */
export interface Whereabouts {
  readonly fields: Fields;
  /** Whether more may be set elsewhere: a file was not found, arguments are handed on. */
  readonly isOpen: boolean;
  /** Where the file has a key of a rule; absent = at the path that is the key. */
  readonly pathOf?: ((key: string) => Path) | undefined;
  /** The DeepSpeed config that the file names, `missing` where it is not there; null = it names none. */
  readonly deepspeed: Fields | 'missing' | null;
}

/** A config's key by a rule's: the fields that hold it, and the path in them. */
export function whereIs(
  { fields, pathOf, deepspeed }: Whereabouts,
  key: string,
): { readonly fields: Fields | 'missing' | null; readonly path: Path } {
  const other = '$deepspeed.';
  if (key.startsWith(other)) return { fields: deepspeed, path: key.slice(other.length) };
  return { fields, path: pathOf ? pathOf(normal(key)) : key };
}

/**
 * Looks keys up as rules write them, in the values that are in force: a composed config's, a
 * command's flags, then its launcher's, then the environment the script exports. Where more may be
 * set elsewhere a key that is not set is unknown.
 */
export function settingsOf(whereabouts: Whereabouts): (key: string) => Setting {
  const notSet = whereabouts.isOpen ? unknown : absent;
  let calls: ReadonlyMap<string, readonly MapNode[]> | null = null;
  // Many rules of a framework ask for the same keys.
  const known = new Map<string, Setting>();
  return (written) => {
    const before = known.get(written);
    if (before) return before;
    const found = inForce(written);
    known.set(written, found);
    return found;
  };

  function inForce(written: string): Setting {
    const { fields, path } = whereIs(whereabouts, written);
    if (fields === null) return absent;
    if (fields === 'missing') return unknown;
    const key = normal(path);
    if (key.endsWith('.*')) {
      const found = lookUp(fields, key.slice(0, -2));
      return found?.kind === 'map' && !found.isEmpty ? found : notSet;
    }
    const found = lookUp(fields, key);
    if (found) return found;
    if (fields.tree.syntax === 'shell') {
      return (
        lookUp(fields, `$launcher.${key}`) ??
        (/^[A-Z]/.test(key) ? lookUp(fields, `$variables.${written}`) : null) ??
        notSet
      );
    }
    if (fields.tree.syntax !== 'python') return notSet;
    calls ??= callsIn(fields.root);
    return ofCall(calls, written) ?? notSet;
  }
}

const normal = (key: string): string => key.replace(/^--/, '').replaceAll('-', '_');

function lookUp(fields: Fields, key: string): Setting | null {
  const found = fields.find(key) ?? (key.includes('_') ? fields.find(dashed(fields, key)) : null);
  if (!found) return null;
  if (found.unresolved !== undefined) return unknown;
  if (found.computed)
    return { kind: 'value', value: found.computed.value, place: found.node.place };
  return ofNode(found.node);
}

/** The path with dashes where the file writes them: GPT-NeoX takes `num-layers` too. */
function dashed(fields: Fields, key: string): string {
  let map: MapNode | null = fields.root;
  return key
    .split('.')
    .map((part) => {
      const name: string = map && !map.byKey.has(part) ? part.replaceAll('_', '-') : part;
      const value: ConfigNode | undefined = map?.byKey.get(name)?.value;
      map = value?.kind === 'map' ? value : null;
      return name;
    })
    .join('.');
}

function ofNode(node: ConfigNode): Setting {
  const { place } = node;
  switch (node.kind) {
    case 'map':
      return { kind: 'map', isEmpty: node.entries.length === 0, place };
    case 'list': {
      const scalars = node.items.filter((item) => item.kind === 'scalar');
      if (scalars.some((item) => item.unresolved !== undefined)) return unknown;
      return { kind: 'list', items: scalars.map(operandOf), place };
    }
    case 'scalar':
      if (node.unresolved !== undefined) return unknown;
      return node.value === null
        ? { kind: 'null', place }
        : { kind: 'value', value: operandOf(node), place };
  }
}

/** A scalar as launchers and loaders take it: words for numbers and switches are those. */
function operandOf({ value, legacy, text }: ScalarNode): Operand {
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof legacy === 'boolean') return legacy;
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** `Name.Config.key` is an argument of a call of `Name.Config`, `Name.Config()` the call. */
function ofCall(calls: ReadonlyMap<string, readonly MapNode[]>, key: string): Setting | null {
  if (key.endsWith('()')) {
    const call = calls.get(key.slice(0, -2))?.[0];
    return call ? { kind: 'map', isEmpty: false, place: call.place } : null;
  }
  const at = key.lastIndexOf('.');
  for (const call of calls.get(key.slice(0, Math.max(at, 0))) ?? []) {
    const value = call.byKey.get(key.slice(at + 1))?.value;
    if (value) return ofNode(value);
  }
  return null;
}

/** Every call below a mapping by the name it is called by, its module left out too. */
function callsIn(root: MapNode): ReadonlyMap<string, readonly MapNode[]> {
  const calls = new Map<string, MapNode[]>();
  const open: ConfigNode[] = [root];
  for (let seen = 0; seen < maximumNodes; seen += 1) {
    const node = open.pop();
    if (!node) break;
    if (node.kind === 'list') open.push(...node.items);
    if (node.kind !== 'map') continue;
    for (const { value } of node.entries) open.push(value);
    const parts = node.tag?.split('.') ?? [];
    for (let from = 0; from < parts.length; from += 1) {
      const name = parts.slice(from).join('.');
      calls.set(name, [...(calls.get(name) ?? []), node]);
    }
  }
  return calls;
}
