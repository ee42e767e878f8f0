import type { Place } from '../syntax/tree.ts';

/** A key and where it stands. */
export interface PlacedKey {
  readonly path: string;
  readonly place: Place;
}

/** The keys of a run by what a reading made of them, each in the order of the text. */
export interface SortedKeys {
  readonly read: readonly PlacedKey[];
  /** Nothing was read from them, and by their names they could change a number. */
  readonly leftOver: readonly PlacedKey[];
  /** Nothing was read from them, and they ask for nothing or change no number. */
  readonly harmless: readonly PlacedKey[];
}
