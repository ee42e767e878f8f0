import type { Place } from '../syntax/tree.ts';

/** One sentence instead of numbers, and where in a file it belongs; null = the whole file. */
export interface Notice {
  readonly message: string;
  readonly place: Place | null;
}
