/** What a need stands in the way of; `run` where it may be any of it: a file that was not found. */
export type Settled =
  | 'parameters'
  | 'tokens'
  | 'format'
  | 'role'
  | 'forecast'
  | 'quantisation gap'
  | 'compute'
  | 'memory'
  | 'time'
  | 'run';

/** Something that a file does not tell. */
export interface Need {
  readonly settles: Settled;
  /** What is missing and, where a person can help, what would settle it; a clause in small letters. */
  readonly why: string;
}

/** A need as a value. */
export function need(settles: Settled, why: string): Need {
  return { settles, why };
}

/** Each need once, in the order they were said. */
export function distinctNeeds(needs: readonly Need[]): readonly Need[] {
  const byText = new Map(needs.map((each) => [`${each.settles}\n${each.why}`, each]));
  return [...byText.values()];
}
