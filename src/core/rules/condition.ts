import type { Role } from '../run/run.ts';

/** A value that a key is compared with. */
export type Operand = string | number | boolean;

/**
 * One or several spellings of a key; the first that is set is used. Dots separate parts, dashes
 * and underscores are the same, `x.*` is any key under `x`, `Name.Config.k` the argument `k` of a
 * Python call of `Name.Config`, `Name.Config()` the call itself, `$deepspeed.k` the key `k` of the
 * DeepSpeed config that the file names.
 */
export type Keys = string | readonly string[];

interface OfKey {
  readonly key: Keys;
  /** What the framework takes where the key is not set. */
  readonly default?: Operand;
}

/** Whether a key is set, is on, or is no list. */
interface StateCondition extends OfKey {
  readonly op: 'present' | 'absent' | 'truthy' | 'falsy' | 'notList';
}

/** What a key is, or what a list holds. `ne` and `notIn` hold for a key that is not set. */
export interface EqualCondition extends OfKey {
  readonly op: 'eq' | 'ne' | 'contains';
  readonly value: Operand;
}

/** Which of several values a key has. */
export interface OneOfCondition extends OfKey {
  readonly op: 'in' | 'notIn';
  readonly value: readonly Operand[];
}

/** A regular expression without back-tracking, on the value, or on an item, as a string. */
export interface PatternCondition extends OfKey {
  readonly op: 'matches' | 'notMatches' | 'containsMatch';
  readonly value: string;
}

/** How a number compares. */
export type NumberCondition = OfKey & {
  readonly op: 'gt' | 'ge' | 'lt' | 'le' | 'notMultipleOf';
} & Against;

/** What a key must be. */
export type KeyCondition =
  StateCondition | EqualCondition | OneOfCondition | PatternCondition | NumberCondition;

/** What a number is compared with: a number, another key, a quotient or a product of keys. */
export type Against =
  | { readonly value: number; readonly dividedBy?: Keys }
  | { readonly key2: Keys }
  | { readonly ratio: readonly [Keys, Keys] }
  | { readonly product: readonly Keys[] };

/** The number of a product of keys, over a product of others that are 1 when they are not set. */
export interface ProductCondition {
  readonly product: readonly Keys[];
  readonly dividedBy: readonly Keys[];
  readonly op: 'notMultipleOf';
  readonly value: number;
}

/** Which accelerators are meant; fields of one are all asked for. */
export type HardwareCondition =
  | {
      readonly ids?: readonly string[];
      readonly vendor?: string;
      readonly arch?: string;
      /** Compute capability of an NVIDIA GPU: at least, and below. */
      readonly cc?: { readonly from?: number; readonly below?: number };
    }
  | { readonly anyOf: readonly HardwareCondition[] }
  | { readonly noneOf: readonly HardwareCondition[] };

/** When a rule is broken: over the keys in force and the accelerator. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly hardware: HardwareCondition }
  /** What the run is for. */
  | { readonly role: Role }
  | KeyCondition
  | ProductCondition;
