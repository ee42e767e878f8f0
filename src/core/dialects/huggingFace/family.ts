import type { Experts, ModelShape, ShapeReading } from '../../architecture/shape.ts';
import {
  gptReading,
  llamaReading,
  withoutAbsent,
  type StatedShape,
} from '../../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../../run/known.ts';
import type { HfKeys } from './keys.ts';
import { mixtureOf } from '../mixture.ts';
import type { Need } from '../../run/need.ts';

/** What a family makes of a config's keys. */
export interface FamilyReading {
  readonly shape: ShapeReading;
  readonly needs: readonly Need[];
}

/** Reads the shape of one `model_type`. */
export type Family = (keys: HfKeys) => FamilyReading;
/** Which matrices have a bias. */
export type Biases = ModelShape['biases'];

/** No biases at all: Llama's. */
export const noBiases: Biases = {
  queryKeyValue: false,
  attentionOutput: false,
  feedForward: false,
  head: false,
};

/** What the keys of nearly every config say, under any of their spellings. */
function stated(keys: HfKeys): StatedShape {
  return {
    layers: keys.layers(),
    hidden: keys.hidden(),
    heads: keys.heads(),
    keyValueHeads: keys.keyValueHeads(),
    headDimension: keys.number('head_dim'),
    feedForward: keys.feedForward(),
    vocabulary: keys.vocabulary(),
    tied: keys.flag('tie_word_embeddings'),
  };
}

/** Fields that the model class fixes, over which nothing in the config decides. */
function fixed(values: Partial<ModelShape>, of: string): StatedShape {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, byDefault(value, of)]),
  );
}

/** Families that fill what their class leaves out by one reading, Llama's or GPT-2's. */
function familiesBy(reading: typeof llamaReading) {
  return (
    of: string,
    values: (keys: HfKeys) => Partial<ModelShape> = () => ({}),
    more: (keys: HfKeys) => StatedShape = () => ({}),
  ): Family => {
    const name = `transformers ${of}`;
    return (keys) => ({
      shape: reading(
        {
          ...fixed(values(keys), name),
          ...withoutAbsent(stated(keys)),
          ...withoutAbsent(more(keys)),
        },
        name,
      ),
      needs: [],
    });
  };
}

/** A Llama-like family: its class, what that fixes, and its biases by the config's flags. */
export const llamaLike = familiesBy(llamaReading);

/** A GPT-2-like family: its class, what that fixes, and what its keys say. */
export const gptLike = familiesBy(gptReading);

/** attention_bias (all four projections) and mlp_bias, as in LlamaConfig. */
export function llamaBiases(keys: HfKeys, attention = false, mlp = false): Biases {
  const attentionBias = keys.isTrue('attention_bias', attention);
  return {
    ...noBiases,
    queryKeyValue: attentionBias,
    attentionOutput: attentionBias,
    feedForward: keys.isTrue('mlp_bias', mlp),
  };
}

/** A bias on every matrix but the head: GPT-2's. */
export const allBiases: Biases = {
  queryKeyValue: true,
  attentionOutput: true,
  feedForward: true,
  head: false,
};

/** Routed experts of one width in every layer that is not listed as dense. */
export function mixture(
  keys: HfKeys,
  count: Known<number> | null,
  width: Known<number> | null,
  more: Partial<Experts> = {},
): Known<Experts> | null {
  const layers = keys.layers();
  const active = keys.number('num_experts_per_tok', 'experts_per_token');
  if (!count || !width || !layers || !active) return null;
  const step = keys.number('decoder_sparse_step')?.value ?? 1;
  const dense = keys.words('mlp_only_layers').map(Number);
  const mixtures = Array.from(
    { length: Math.min(layers.value, 10_000) },
    (_, layer) => layer,
  ).filter((layer) => !dense.includes(layer) && (layer + 1) % step === 0);
  return mixtureOf(
    {
      count: count.value,
      active: active.value,
      width: width.value,
      sharedWidth: 0,
      layers: mixtures.length,
      ...more,
    },
    [
      { name: 'experts', known: count },
      { name: 'experts a token', known: active },
      { name: 'expert width', known: width },
    ],
  );
}

/** 4 × hidden unless the config says another width. */
export function widthOf(keys: HfKeys, ratio = 4): Known<number> | null {
  const hidden = keys.hidden();
  const width = hidden && Math.trunc(hidden.value * ratio);
  return hidden && width !== null
    ? derived(width, `${ratio} × ${hidden.value}`, [{ name: 'hidden width', known: hidden }])
    : null;
}
