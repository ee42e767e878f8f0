import { lineMap } from '../syntax/lines.ts';
import { mapNode, type Entry, type MapNode, type Place } from '../syntax/tree.ts';
import { sizeOf } from './budget.ts';
import type { Fields } from './fields.ts';
import { pathFrom } from './library.ts';
import { need, type Need } from '../run/need.ts';

/** How deep files may include files; a longer chain is a mistake. */
export const maximumDepth = 12;

/** How many folders above a file are searched for what it names. */
const maximumFolders = 8;

/**
 * `over` laid on `base`: mappings of the same key merge, any other value of `over` replaces.
 * Every node keeps the place it was stated at. Where both have a mapping, new keys go to the one of
 * the file `home`, else to `over`'s.
 */
export function mergeMaps(base: MapNode, over: MapNode, home?: string): MapNode {
  if (base === over) return over;
  const entries = [...base.byKey.values()].map((entry): Entry => {
    const other = over.byKey.get(entry.key);
    if (!other) return entry;
    if (entry.value.kind !== 'map' || other.value.kind !== 'map') return other;
    return { ...other, value: mergeMaps(entry.value, other.value, home) };
  });
  const added = [...over.byKey.values()].filter(({ key }) => !base.byKey.has(key));
  const keepBase = over.place.start === over.place.end || base.place.file === home;
  const isHome = over.place.file === home && over.place.start !== over.place.end;
  const place = keepBase && !isHome ? base.place : over.place;
  return mapNode(place, [...entries, ...added], over.tag ?? base.tag);
}

/** Layers laid on one another, the last on top; what does not fit into the budget is left out. */
export function layered(
  fields: Fields,
  layers: readonly MapNode[],
  home?: string,
): MapNode | undefined {
  const { budget } = fields.library;
  return layers.reduce<MapNode | undefined>(
    (base, over) =>
      base === undefined || !budget.spend(sizeOf(over)) ? over : mergeMaps(base, over, home),
    undefined,
  );
}

/** A mapping put below keys: `a.b` → `{a: {b: map}}`. The mappings around it have no text of their own. */
export function nested(keys: readonly string[], map: MapNode): MapNode {
  return keys.reduceRight((value, key) => {
    const { file, start, end } = value.place;
    const keyPlace = { file, start, end: start };
    return mapNode({ file, start: end, end }, [{ key, keyPlace, value }]);
  }, map);
}

/** A mapping without some of its keys. */
export function without(map: MapNode, keys: readonly string[]): MapNode {
  const kept = map.entries.filter(({ key }) => !keys.includes(key));
  return mapNode(map.place, kept, map.tag);
}

/** A mapping of another file. */
export interface OpenedFile {
  readonly file: string;
  readonly map: MapNode;
}

/**
 * The first of several paths that exists and holds a mapping; nearer ones go first. `pending` while
 * one that would go before is not known yet; null when none exists.
 */
export function openFirst(
  fields: Fields,
  candidates: readonly (string | null)[],
): OpenedFile | 'pending' | null {
  const { library } = fields;
  const paths = [...new Set(candidates)].filter((path) => path !== null);
  // All are asked for at once: every round of asking costs a reading of the whole config.
  const roots = paths.map((file) => ({ file, map: library.open(file)?.documents[0] }));
  const [first] = roots.filter(({ file }) => !library.isMissing(file));
  if (!first) return null;
  if (library.text(first.file) === null) return 'pending';
  return first.map?.kind === 'map' ? { file: first.file, map: first.map } : null;
}

/**
 * The places of the conventional sub-paths in the folder of `file` and those above it, nearest
 * first. All paths lie in the workspace.
 */
export function upwards(file: string, subPaths: readonly string[]): readonly (string | null)[] {
  const folders = file.split('/').length;
  return Array.from({ length: Math.min(folders, maximumFolders) }, (_, up) =>
    subPaths.map((path) => pathFrom(file, '../'.repeat(up) + path)),
  ).flat();
}

/** A file that a config names and the workspace does not have, and where it is named. */
interface MissingFile {
  readonly written: string;
  readonly named: Place;
}

/** What of the files could not be put together, for the needs of a run. */
export interface Unfound {
  readonly missing: MissingFile[];
  /** Files that lead back to themselves, or through too many others. */
  readonly circles: string[];
}

/** The needs for files that were not found, one for each file that names some. */
export function unfoundNeeds(fields: Fields, { missing, circles }: Unfound): readonly Need[] {
  const inOrder = [...missing].sort((a, b) => a.named.start - b.named.start);
  const naming = new Set(missing.map(({ named }) => named.file));
  const sentences = [...naming].map((file) => {
    const ours = inOrder.filter(({ named }) => named.file === file);
    const names = ours.map(({ written }) => `“${written}”`);
    const one = names.length === 1;
    const line = lineMap(fields.textOf(file))(ours[0]?.named.start ?? 0).line;
    const where = file === fields.tree.file ? `on line ${line}` : `in ${file}:${line}`;
    const listed = one ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
    return need(
      'run',
      `the ${one ? 'file' : 'files'} ${listed}, named ${where}${one ? '' : ' and below'}, ${one ? 'was' : 'were'} not found`,
    );
  });
  const back = circles.map((written) =>
    need('run', `the file “${written}” leads back to itself, so it was left out`),
  );
  return [...sentences, ...back];
}
