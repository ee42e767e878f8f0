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
  readonly published: PublishedCount;
}

/** Counts as published: exact ones in parameters; `rounded` is a total such as `7.24B`. */
export interface PublishedCount {
  readonly total?: number;
  readonly nonEmbedding?: number;
  readonly rounded?: string;
}

/** The published total of a row: exact, or rounded as text. */
export type Total = number | string;

function published(total: Total): PublishedCount {
  return typeof total === 'number' ? { total } : { rounded: total };
}

/** Makes a preset; `names` are separated by spaces, the first being its id. */
export function preset(
  names: string,
  shape: ModelShape,
  count: Total | PublishedCount,
  source: string,
): Preset {
  const all = names.split(' ');
  const counts = typeof count === 'object' ? count : published(count);
  return { id: all[0] ?? names, names: all, shape, source, published: counts };
}

/** Names, layers, hidden, heads, key-value heads, feed-forward, vocabulary, published total. */
export type LlamaRow = readonly [
  names: string,
  layers: number,
  hidden: number,
  heads: number,
  keyValueHeads: number,
  feedForward: number,
  vocabulary: number,
  total: Total,
  more?: Partial<ModelShape>,
];

/** Presets of a Llama-like family; `family` holds where all its models differ from Llama. */
export function llamaPresets(
  source: string,
  rows: readonly LlamaRow[],
  family: Partial<ModelShape> = {},
): readonly Preset[] {
  return rows.map(
    ([names, layers, hidden, heads, keyValueHeads, feedForward, vocabulary, total, more]) => {
      const numbers = { layers, hidden, heads, keyValueHeads, feedForward, vocabulary };
      return preset(names, llamaShape({ ...numbers, ...family, ...more }), total, source);
    },
  );
}

/** Names, layers, hidden, heads, vocabulary, published total. */
export type GptRow = readonly [
  names: string,
  layers: number,
  hidden: number,
  heads: number,
  vocabulary: number,
  total: Total | PublishedCount,
  more?: Partial<ModelShape>,
];

/** Presets of a GPT-2-like family; `family` holds where all its models differ from GPT-2. */
export function gptPresets(
  source: string,
  rows: readonly GptRow[],
  family: Partial<ModelShape> = {},
): readonly Preset[] {
  return rows.map(([names, layers, hidden, heads, vocabulary, total, more]) => {
    const numbers = { layers, hidden, heads, vocabulary };
    return preset(names, gptShape({ ...numbers, ...family, ...more }), total, source);
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
