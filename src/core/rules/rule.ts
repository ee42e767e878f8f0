import type { SyntaxKind } from '../syntax/tree.ts';
import type { Condition, Keys, Operand } from './condition.ts';

/**
 * What the rule's sources say happens. Error: the run does not start, or diverges. Warning: the
 * run is not what the config says. Information: advice, or sources disagree.
 */
type RuleSeverity = 'error' | 'warning' | 'information';

/** Where a rule was seen: a file of a repository, a thread, or a page. */
interface RuleSource {
  /** `NVIDIA/TransformerEngine`. */
  readonly repository: string;
  /** Commit, or tag. */
  readonly commit?: string;
  /** A path with a line, `transformer_engine/pytorch/quantization.py:154`, or a thread, `#2668`. */
  readonly at: string;
  readonly date?: string;
}

/** Values to write, by key in the spelling that the file has; null takes a key out. */
export type RuleEdit = readonly (readonly [Keys, Operand | null])[];

/** One verified conflict of a recipe: data, evaluated by one check. */
export interface Rule {
  /** The finding's id, kebab-case. */
  readonly id: string;
  /** Reader ids in whose files the rule speaks. */
  readonly frameworks: readonly string[];
  /** Only in files of these kinds; absent = in all. */
  readonly syntaxes?: readonly SyntaxKind[];
  readonly severity: RuleSeverity;
  /** A heading: what is wrong, in a few words. */
  readonly title: string;
  readonly when: Condition;
  /** The finding's message, at most 200 characters. */
  readonly message: string;
  /** What to do about it, a sentence; also why there is no fix where there is none. */
  readonly remedy: string;
  /** The edits that end the conflict, the first is preferred. */
  readonly fixes?: readonly { readonly title: string; readonly set: RuleEdit }[];
  /** How it was seen: by running the framework's own code, in its source, in its documentation. */
  readonly verified: 'run' | 'source' | 'documentation';
  readonly sources: readonly RuleSource[];
  /**
   * Where the rule speaks without being asked for; absent = everywhere. `never`: it is broken by most
   * configs that ship with the framework.
   */
  readonly byDefault?: Condition | 'never';
  /** Rules about the same cause that say more: where one of them is broken this one is silent. */
  readonly yieldsTo?: readonly string[];
}
