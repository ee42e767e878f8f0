import { mapNode, type Entry, type MapNode, type Place } from '../syntax/tree.ts';
import { scalarNode } from '../syntax/scalars.ts';
import type { Fields } from './fields.ts';

/** Where one of a file's runs is defined. */
export interface Definition {
  /** The run's own name: of its function, its variable or its key; null where it has none. */
  readonly name: string | null;
  /** Where it is named, else where it begins. */
  readonly place: Place;
  /** All that stands in the definition itself, and not in others that it builds on. */
  readonly body: Place;
}

/** The key under which a run of a file with several keeps its name. */
const nameKey = '$name';

/** One run of a file: its own mapping, under the name of the entry that defines it. */
export function namedRun(fields: Fields, config: MapNode, { key, keyPlace, value }: Entry): Fields {
  const body = mapNode(value.place, [
    { key: 'text', keyPlace, value: scalarNode(keyPlace, key, key) },
  ]);
  const name: Entry = { key: nameKey, keyPlace, value: body };
  return fields.with(mapNode(config.place, [name, ...config.entries], config.tag));
}

/** Whether an entry is one of the config itself, not the name it is defined under. */
export function isNoName({ key }: Entry): boolean {
  return key !== nameKey;
}

/** The name of a run, '' for one that has none. */
export function runName(fields: Fields): string {
  return fields.string(`${nameKey}.text`)?.value ?? '';
}

/** Where a run is defined: by its name, else where it begins in a file of several. */
export function definitionOf(fields: Fields, isOnly: boolean): Definition | null {
  const name = fields.map(nameKey);
  const place = fields.keyPlace(nameKey);
  if (name && place) return { name: runName(fields), place, body: name.place };
  const { file, start } = fields.root.place;
  const begin = { file, start, end: start };
  return isOnly ? null : { name: null, place: begin, body: fields.root.place };
}
