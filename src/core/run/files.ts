/**
 * Texts of other files by path from the workspace's root; null = known not to exist.
 * A path that is not in the map has not been asked for yet.
 */
export type Files = ReadonlyMap<string, string | null>;

/** A file with its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}
