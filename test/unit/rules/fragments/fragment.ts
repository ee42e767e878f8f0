/** A config that breaks a rule, and one that differs in little and does not. */
export interface Fragment {
  readonly file: string;
  readonly trips: string;
  readonly passes: string;
  /** The accelerator under which each is looked at. */
  readonly tripsOn?: string;
  readonly passesOn?: string;
  /** Other files that both draw on, by name. */
  readonly others?: Readonly<Record<string, string>>;
}

/** Fragments by the rule's id. */
export type Fragments = Readonly<Record<string, Fragment | readonly Fragment[]>>;

/** Makes fragments of a framework: what is said of a rule stands in, or behind, the same config. */
export function within(file: string, config: (said: string) => string) {
  return (trips: string, passes: string, tripsOn?: string, passesOn = tripsOn): Fragment => ({
    file,
    trips: config(trips),
    passes: config(passes),
    ...(tripsOn !== undefined && { tripsOn }),
    ...(passesOn !== undefined && { passesOn }),
  });
}

/** Lines behind those that make a file one of the framework's. */
export const behind =
  (...lines: readonly string[]) =>
  (said: string): string =>
    `${[...lines, said].join('\n')}\n`;
