import type { ModelShape } from '../shape.ts';
import { gptShape, llamaShape } from '../shapes.ts';

/** A named model with its published shape. */
export interface Preset {
  /** The model's own name, as shown to people. */
  readonly id: string;
  /** Names it goes by, its Hugging Face repository first, without organisation. */
  readonly names: readonly string[];
  readonly shape: ModelShape;
  /** Where shape and count come from. */
  readonly source: string;
  readonly published: PublishedCounts;
}

/** A count as published: exact in parameters, or rounded as text, such as `12.5B`. */
export type Count = number | string;

/** The published counts of a model. */
export interface PublishedCounts {
  readonly total?: Count;
  readonly nonEmbedding?: Count;
}

/** Makes a preset; `names` are separated by spaces, the first being its id. */
export function preset(
  names: string,
  shape: ModelShape,
  count: Count | PublishedCounts,
  source: string,
): Preset {
  const all = names.split(' ');
  const published = typeof count === 'object' ? count : { total: count };
  return { id: all[0] ?? names, names: all, shape, source, published };
}

/** A Llama-like model: its names, its dimensions, its published count, where it differs. */
export type LlamaRow = readonly [
  names: string,
  dimensions: readonly [
    layers: number,
    hidden: number,
    heads: number,
    keyValueHeads: number,
    feedForward: number,
    vocabulary: number,
  ],
  count: Count | PublishedCounts,
  more?: Partial<ModelShape>,
];

/** Presets of a Llama-like family; `family` holds where all its models differ from Llama. */
export function llamaPresets(
  source: string,
  rows: readonly LlamaRow[],
  family: Partial<ModelShape> = {},
): readonly Preset[] {
  return rows.map(([names, dimensions, count, more]) => {
    const [layers, hidden, heads, keyValueHeads, feedForward, vocabulary] = dimensions;
    const numbers = { layers, hidden, heads, keyValueHeads, feedForward, vocabulary };
    return preset(names, llamaShape({ ...numbers, ...family, ...more }), count, source);
  });
}

/** A GPT-2-like model: its names, its dimensions, its published count, where it differs. */
export type GptRow = readonly [
  names: string,
  dimensions: readonly [layers: number, hidden: number, heads: number, vocabulary: number],
  count: Count | PublishedCounts,
  more?: Partial<ModelShape>,
];

/** Presets of a GPT-2-like family; `family` holds where all its models differ from GPT-2. */
export function gptPresets(
  source: string,
  rows: readonly GptRow[],
  family: Partial<ModelShape> = {},
): readonly Preset[] {
  return rows.map(([names, [layers, hidden, heads, vocabulary], count, more]) => {
    const numbers = { layers, hidden, heads, vocabulary };
    return preset(names, gptShape({ ...numbers, ...family, ...more }), count, source);
  });
}

/** A mixture in every layer without shared experts; overrides say otherwise. */
export function mixture(
  layers: number,
  count: number,
  active: number,
  width: number,
  more: Partial<NonNullable<ModelShape['experts']>> = {},
): Pick<ModelShape, 'experts'> {
  return { experts: { count, active, width, sharedWidth: 0, layers, ...more } };
}
