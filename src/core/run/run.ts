import type { Edit } from '../syntax/edit.ts';
import type { Place } from '../syntax/tree.ts';
import type { Known, Origin } from './known.ts';
import type { Need } from './need.ts';

/** What a config is for; CLI.md's words. `other` (encoder, diffusion, evaluation) stays silent. */
export type Role =
  'pretrain' | 'continued' | 'finetune' | 'model' | 'quantize' | 'serve' | 'fragment' | 'other';

/** Over how many values one scaling factor is shared. */
export type Granularity = 'none' | 'tensor' | 'channel' | 'block';

/** Which matrix-multiplication operands a recipe quantises. */
export type Operand = 'weights' | 'activations' | 'kv' | 'gradients';

/** Parameter counts of the described model, in parameters. */
export interface ParameterCounts {
  /** Everything stored; null when the vocabulary is unknown. */
  readonly total: number | null;
  /** Without token and learned-position embeddings and an untied head; norms and biases stay. */
  readonly nonEmbedding: number;
  /** Weight matrices of the linear layers inside the blocks: the laws' N. */
  readonly linear: number;
  /** Mixture of experts: the non-embedding parameters a token passes through; else null. */
  readonly active: number | null;
  /** Mixture of experts: the linear parameters a token passes through; else null. */
  readonly activeLinear: number | null;
  readonly parts: readonly ParameterPart[];
  readonly origin: Origin;
}

/** The laws' N: the linear weights, of a mixture those that a token passes through. */
export function lawParameters({ activeLinear, linear }: ParameterCounts): number {
  return activeLinear ?? linear;
}

/** One line of the parameter table: attention, feed-forward, experts, embeddings… */
export interface ParameterPart {
  readonly name: string;
  readonly count: number;
}

/** The training tokens D of a run: exact, exact per data-parallel rank, or unknown with the reason. */
export interface TokenCount {
  readonly total: Known<number> | null;
  /** What is known when only the number of data-parallel ranks is missing. */
  readonly perRank: Known<number> | null;
  /** What is missing, each a sentence beginning with what it would settle. */
  readonly needs: readonly Need[];
  /** The assumption keys that would settle it. */
  readonly settledBy: readonly AssumptionKey[];
  /** What a person assumed that it rests on, as it was said. */
  readonly assumed?: readonly { readonly key: AssumptionKey; readonly value: number }[];
}

/** What a file cannot say and a person can: settings, modeline, assumptions file, `--assume`. */
export type AssumptionKey = 'world-size' | 'data-parallel-ranks' | 'dataset-tokens';
export type Assumptions = Readonly<Partial<Record<AssumptionKey, Known<number>>>>;

/** The number format of the matrix multiplications, and how it is scaled. */
export interface Precision {
  /** Id of the forward format on the formats shelf, e.g. `fp8-e4m3`. */
  readonly format: Known<string>;
  /** Format of the output gradients where a hybrid recipe has another one. */
  readonly gradientFormat: string | null;
  readonly granularity: Granularity;
  /** Values along the contraction that share a scale, when `granularity` is `block`. */
  readonly block: number | null;
  /** What the scale itself is stored as: `fp32`, `e8m0`, `e4m3`, power of two…; null without one. */
  readonly scale: string | null;
  readonly operands: readonly Operand[];
  /** The 16- or 32-bit format around a low-precision recipe; null when the format is that itself. */
  readonly base: string | null;
  /** Name of the recipe in the framework's own words, e.g. `TE delayed scaling`. */
  readonly recipe: string | null;
  /** What else a careful engineer should know, whole sentences. */
  readonly notes: readonly string[];
}

/** Where annotations stand: the field that names or shapes N, that fixes D, that says the format. */
interface Anchors {
  readonly parameters: Place | null;
  readonly tokens: Place | null;
  readonly precision: Place | null;
}

/** What a training config describes; absent knowledge is null. */
export interface TrainingRun {
  readonly role: Role;
  readonly model: Known<string> | null;
  readonly parameters: ParameterCounts | null;
  readonly tokens: TokenCount;
  readonly precision: Precision | null;
  readonly anchors: Anchors;
  /** Every place that states part of N, of D and of the format: where hovers answer. */
  readonly fields: {
    readonly parameters: readonly Place[];
    readonly tokens: readonly Place[];
    readonly precision: readonly Place[];
  };
}

/** A number format and its scaling, as asked of a writer. */
export interface FormatTarget {
  readonly format: string;
  readonly granularity: Granularity;
  readonly block: number | null;
}

/** What a writer answers: the edits, or why the framework cannot say it. */
export type WriteResult =
  | { readonly ok: true; readonly edits: readonly Edit[]; readonly notes?: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** What stands for a writer where the framework cannot say another format in this file. */
export const noFormatKey = {
  ok: false,
  reason: 'The framework has no key for the number format in this file.',
} as const satisfies WriteResult;

/** Writes a number format in the framework's own keys. Provided by its reader. */
export type WriteFormat = (target: FormatTarget) => WriteResult;

/** Cuts the duration so that at most `tokens` are trained on. Provided by `countTokens`' caller. */
export type WriteTokens = (tokens: number) => WriteResult;
