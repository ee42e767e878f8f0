import type { Io } from './io.ts';

/** An option of a command, as parsing, help, completion and the page of the command line know it. */
export interface OptionDefinition {
  /** Its long name without dashes, in kebab-case; `no-…` says that something is not done. */
  readonly name: string;
  readonly short?: string;
  /** What its value is called; a switch has none. */
  readonly value?: string;
  readonly says: string;
  /** The only values that there are. */
  readonly choices?: readonly string[];
  /** The shelf whose ids are values of it, which a shell can complete. */
  readonly shelf?: Shelf;
  /** Whether it may be given several times. */
  readonly repeated?: boolean;
}

/** A shelf whose ids the command line takes, as its list is called. */
export type Shelf = 'laws' | 'formats' | 'hardware' | 'frameworks' | 'findings';

/** What a command is given: its options by name, texts and switches, and its other arguments. */
type Action<Values> = (
  values: Values,
  positionals: readonly string[],
  io: Io,
) => number | Promise<number>;

/** A command of the command line. */
export interface CommandDefinition {
  readonly name: string;
  /** One line, a noun or an imperative, without a full stop. */
  readonly summary: string;
  /** Its other arguments in commander’s notation, `[paths...]`, and what they are. */
  readonly arguments?: {
    readonly name: string;
    readonly says: string;
    readonly choices?: readonly string[];
  };
  readonly options: readonly OptionDefinition[];
  /** Lines that its help ends with. */
  readonly examples?: readonly string[];
  /** The command itself, which is loaded once it is asked for. */
  readonly load: () => Promise<Action<never>>;
}
