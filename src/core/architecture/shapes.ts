import { byDefault, derived } from '../run/known.ts';
import type { Known } from '../run/known.ts';
import type { ModelShape, ShapeReading } from './shape.ts';

const common = {
  learnedPositions: 0,
  normsPerLayer: 2,
  finalNorm: true,
  embeddingNorm: false,
  queryKeyNorm: 'none',
  experts: null,
  latentAttention: null,
  extraPerLayer: 0,
} as const satisfies Partial<ModelShape>;

const llamaDefaults = {
  ...common,
  gated: true,
  tied: false,
  biases: { queryKeyValue: false, attentionOutput: false, feedForward: false, head: false },
  norm: 'weight',
} as const satisfies Partial<ModelShape>;

const gptDefaults = {
  ...common,
  gated: false,
  tied: true,
  biases: { queryKeyValue: true, attentionOutput: true, feedForward: true, head: false },
  norm: 'weight-and-bias',
} as const satisfies Partial<ModelShape>;

type Required = 'layers' | 'hidden' | 'heads' | 'vocabulary';

/** A Llama-like shape's own numbers; what is left out takes the family's value. */
export type LlamaStatement = Partial<ModelShape> & Pick<ModelShape, Required | 'feedForward'>;

/** A GPT-2-like shape's own numbers; what is left out takes the family's value. */
export type GptStatement = Partial<ModelShape> & Pick<ModelShape, Required>;

/**
 * A Llama-like shape: gated, no biases, two weight-only norms a layer, untied head.
 *
 * Key-value heads default to the heads, their width to hidden ÷ heads.
 */
export function llamaShape(shape: LlamaStatement): ModelShape {
  const attention = { keyValueHeads: shape.heads, headDimension: shape.hidden / shape.heads };
  return { ...llamaDefaults, ...attention, ...shape };
}

/**
 * A GPT-2-like shape: two matrices of 4 × hidden, biases everywhere, layer norms, tied head.
 *
 * Learned positions are 0 unless given.
 */
export function gptShape(shape: GptStatement): ModelShape {
  const attention = { keyValueHeads: shape.heads, headDimension: shape.hidden / shape.heads };
  return { ...gptDefaults, ...attention, feedForward: 4 * shape.hidden, ...shape };
}

/** What a reader found of a shape; a field it did not find may be null or undefined. */
export type StatedShape = {
  readonly [K in keyof ShapeReading]?: ShapeReading[K] | null | undefined;
};

/** Drops the fields a reader found nothing for. */
export function withoutAbsent(stated: StatedShape): ShapeReading {
  return Object.fromEntries(
    Object.entries(stated).filter(([, known]) => known !== null && known !== undefined),
  );
}

function completed(stated: StatedShape, defaults: Partial<ModelShape>, of: string): ShapeReading {
  const said = withoutAbsent(stated);
  const family = Object.fromEntries(
    Object.entries(defaults).map(([field, value]) => [field, byDefault(value, of)]),
  ) as ShapeReading;
  const { heads, hidden } = said;
  return {
    ...family,
    ...(heads && { keyValueHeads: byDefault(heads.value, of) }),
    ...(heads && hidden && { headDimension: headDimension(hidden, heads) }),
    ...said,
  };
}

function headDimension(hidden: Known<number>, heads: Known<number>): Known<number> {
  return derived(hidden.value / heads.value, `${hidden.value} ÷ ${heads.value}`, [
    { name: 'hidden width', known: hidden },
    { name: 'heads', known: heads },
  ]);
}

/**
 * Completes a Llama-like reading with `llamaShape`'s values, each marked as a default of `of`.
 *
 * The vocabulary stays absent when it was not stated: it is the tokenizer's, not the family's.
 */
export function llamaReading(stated: StatedShape, of: string): ShapeReading {
  return completed(stated, llamaDefaults, of);
}

/** Completes a GPT-2-like reading with `gptShape`'s values, each marked as a default of `of`. */
export function gptReading(stated: StatedShape, of: string): ShapeReading {
  const { hidden } = stated;
  const width = hidden && {
    feedForward: derived(4 * hidden.value, `4 × ${hidden.value}`, [
      { name: 'hidden width', known: hidden },
    ]),
  };
  return { ...width, ...completed(stated, gptDefaults, of) };
}
