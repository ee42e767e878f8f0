import type { ShapeReading } from '../architecture/shape.ts';
import type { Known } from '../run/known.ts';
import type { Precision, Role, WriteFormat } from '../run/run.ts';
import type { Setup } from '../run/setup.ts';
import type { TokenPlan } from '../run/tokens.ts';
import type { Place, SyntaxKind } from '../syntax/tree.ts';
import type { Fields, Path } from './fields.ts';
import type { Need } from '../run/need.ts';

/** A quantisation of the trained model that a config plans: the format and how it is scaled. */
export interface PlannedQuantisation extends Pick<
  Precision,
  'granularity' | 'block' | 'scale' | 'operands'
> {
  /** Format id. */
  readonly format: string;
}

/** What a reader gives a config: all it could read, with what is missing said, nothing guessed. */
export interface Reading {
  readonly role: Role;
  /** The model's name where the config names one (`meta-llama/Llama-3.1-8B`, `llama3 8B`). */
  readonly model: Known<string> | null;
  /** The shape to count N from; {} when the config says nothing of it. */
  readonly shape: ShapeReading;
  readonly tokens: TokenPlan;
  /** Null when the config states no precision and the framework has no fixed default. */
  readonly precision: Precision | null;
  /** What the file says the trained model is quantised to afterwards; absent where it does not. */
  readonly postTraining?: PlannedQuantisation | null;
  /** How it is trained on its devices; absent where that is not read. */
  readonly setup?: Setup | null;
  /** Where the precision is stated, or would be: the anchor of its annotations. */
  readonly precisionPlaces: readonly Place[];
  /** Null when the framework cannot say another format in this file. */
  readonly writeFormat: WriteFormat | null;
  /** What else is missing. */
  readonly needs: readonly Need[];
}

/** A config put together from several files. */
export interface Composition {
  readonly fields: Fields;
  /** The files that were named and not found. */
  readonly needs: readonly Need[];
  /** False where what was not found holds the framework's own defaults only. */
  readonly mayHoldMore?: boolean;
}

/**
 * Words one of which every file of a framework holds, by the file's kind; `_` stands for `-` too. A
 * key of a YAML, JSON or TOML file may be a part of a longer one; in a script a word that begins
 * with `--` is a flag.
 */
export interface ReaderWords {
  readonly config?: readonly string[];
  readonly shell?: readonly string[];
  readonly python?: readonly string[];
}

/** One framework: recognised by its keys, read by a table of them. */
export interface FrameworkReader {
  /** CLI.md's id. */
  readonly id: string;
  readonly name: string;
  /** What the keys were read from: repository and date. */
  readonly source: string;
  readonly syntaxes: readonly SyntaxKind[];
  /** What a file is looked through for before it is parsed. */
  readonly words: ReaderWords;
  /** Whether its commands take switches as bare flags: `--bf16`, not `--bf16 true`. */
  readonly bareFlags?: true;
  /**
   * Who loads the file: plain PyYAML reads `1.5e12` as a string, the others do not. With
   * `pyyaml-typed` the schema that follows (pydantic, argparse) makes the float that was meant of
   * it, and refuses it where a whole number belongs.
   */
  readonly loader: 'pyyaml' | 'pyyaml-typed' | 'omegaconf' | 'other';
  /** Keys of a strong name (`config/unread.ts`) that change neither N, D nor the format here. */
  readonly harmless?: readonly string[];
  /** What is read from it, one line for the README's table. */
  readonly reads: string;
  /** Why this file is one of the framework's (a whole sentence), or null when it is not. */
  recognise(fields: Fields): string | null;
  /** Brings in the other files that the framework itself would load; without it there are none. */
  compose?(fields: Fields): Composition;
  /** Where a file has the keys that recipe rules speak of, when not at the root as they are spelled. */
  keyPaths?(fields: Fields): (key: string) => Path;
  /** The runs that one file describes, each as fields to read; without it the file is one run. */
  runs?(fields: Fields): readonly Fields[];
  read(fields: Fields): Reading;
}
