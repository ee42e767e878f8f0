import { llamaFeedForward } from '../../architecture/feedForward.ts';
import type { Experts, ModelShape } from '../../architecture/shape.ts';
import { llamaShape } from '../../architecture/shapes.ts';

/** Where the shapes below are stated. */
export const olmoCoreSource =
  'allenai/OLMo-core src/olmo_core/nn/transformer/config.py (2026-06-22)';

/** The multiplier is null where the preset has none; the head's width follows unless it is told. */
type Row = readonly [
  layers: number,
  hidden: number,
  heads: number,
  keyValueHeads: number,
  multiplier: number | null,
  multipleOf: number,
  headDimension?: number,
];

const olmo2: Readonly<Record<string, Row>> = {
  '1M': [4, 12, 4, 4, 1, 256, 4],
  '14M': [4, 128, 8, 8, null, 256],
  '30M': [4, 256, 8, 8, null, 256],
  '60M': [8, 384, 8, 8, 1.5, 256],
  '100M': [12, 512, 8, 8, 1.5, 256],
  '190M': [12, 768, 12, 12, 1.5, 256],
  '370M': [16, 1024, 16, 16, 1.5, 256],
  '600M': [16, 1344, 16, 16, 1.5, 256],
  '760M': [16, 1536, 16, 16, 1.5, 256],
  '1B': [18, 2048, 16, 16, 1.5, 256],
  '1B_v2': [16, 2048, 16, 16, 1.5, 256],
  '3B': [16, 3328, 16, 16, 1.5, 256],
  '7B': [32, 4096, 32, 32, null, 256],
  '13B': [40, 5120, 40, 40, null, 256],
  '32B': [64, 5120, 40, 8, 27648 / ((8 * 5120) / 3), 512],
};

const llama2: Readonly<Record<string, Row>> = {
  '271M': [16, 1024, 8, 8, null, 256],
  '1B': [18, 2048, 16, 16, null, 256],
  '7B': [32, 4096, 32, 32, null, 256],
  '13B': [40, 5120, 40, 40, null, 256],
  '26B': [80, 5120, 40, 40, null, 256],
  '70B': [80, 8192, 64, 8, 1.3, 4096],
};

// 8196 is what the file says for 70B.
const llama3: Readonly<Record<string, Row>> = {
  '1B': [16, 2048, 32, 8, 1.5, 256],
  '8B': [32, 4096, 32, 8, 1.3, 1024],
  '70B': [80, 8196, 64, 8, 1.3, 4096],
  '405B': [126, 16384, 128, 8, 1.2, 4096],
};

/** The vocabulary stays out: it is an argument of the call. */
function rowShape(row: Row, more: Partial<ModelShape> = {}): ModelShape {
  const [layers, hidden, heads, keyValueHeads, multiplier, multipleOf, headDimension] = row;
  return llamaShape({
    ...{ layers, hidden, heads, keyValueHeads, vocabulary: null },
    feedForward: llamaFeedForward(hidden, multiplier, multipleOf),
    headDimension: headDimension ?? Math.floor(hidden / heads),
    ...more,
  });
}

const full = { queryKeyNorm: 'full' } as const;

/** A mixture in every layer, half as wide as the model is. */
function mixture(
  layers: number,
  hidden: number,
  heads: number,
  experts: Pick<Experts, 'count' | 'active' | 'sharedWidth'>,
  more: Partial<ModelShape> = {},
): ModelShape {
  const width = hidden / 2;
  return rowShape([layers, hidden, heads, heads, null, 256], {
    ...{ ...full, experts: { ...experts, width, layers } },
    ...more,
  });
}

/** Qwen3's dense models: heads of 128 with norms of their own. */
function qwen3(
  layers: number,
  hidden: number,
  heads: number,
  feedForward: number,
  tied = false,
): ModelShape {
  const row: Row = [layers, hidden, heads, 8, null, 256, 128];
  return rowShape(row, { feedForward, tied, queryKeyNorm: 'head' });
}

/** Gemma 3 with two more norms a layer, around the attention and the feed-forward block. */
function gemma3(
  layers: number,
  hidden: number,
  heads: number,
  keyValueHeads: number,
  feedForward: number,
): ModelShape {
  const row: Row = [layers, hidden, heads, keyValueHeads, null, 256];
  return rowShape(row, { feedForward, queryKeyNorm: 'head', normsPerLayer: 4 });
}

/**
 * nGPT: no norm has weights; factors scale the queries and keys, the two blocks, the gate and the
 * up-projection of a layer, and each row of the head.
 */
function ngpt(layers: number, hidden: number, heads: number): ModelShape {
  const feedForward = llamaFeedForward(hidden, null, 256);
  return rowShape([layers, hidden, heads, heads, null, 256], {
    norm: 'none',
    extraPerLayer: 2 * hidden + 2 * hidden + 2 * feedForward,
    biases: { queryKeyValue: false, attentionOutput: false, feedForward: false, head: true },
  });
}

function rows(
  family: string,
  table: Readonly<Record<string, Row>>,
  more: Partial<ModelShape> = {},
): readonly (readonly [string, ModelShape])[] {
  return Object.entries(table).map(([size, row]) => [`${family}_${size}`, rowShape(row, more)]);
}

const smallMixture = { count: 32, active: 4, sharedWidth: 1536 };

/** The shape behind each preset of `TransformerConfig`, without a vocabulary. */
export const olmoCorePresets: ReadonlyMap<string, ModelShape> = new Map([
  ...rows('olmo2', olmo2, full),
  // OLMo 3 adds windows to the attention, which have no parameters.
  ...rows('olmo3', { ...olmo2, '1B': [16, 2048, 16, 16, 1.5, 256] }, full),
  ['olmo3_600M', rowShape([16, 1280, 16, 16, 1.5, 256], full)],
  ...rows('llama2', llama2),
  ...rows('llama3', llama3),
  ['olmoe_1B_7B', mixture(16, 2048, 16, { count: 64, active: 8, sharedWidth: 0 })],
  [
    'smallmoe',
    // The shared expert has biases: its configuration says nothing of them.
    mixture(12, 768, 12, smallMixture, { extraPerLayer: 2 * 1536 + 768 }),
  ],
  [
    'small_hybrid_moe',
    // A dense block runs beside the mixture and has a norm of its own.
    mixture(12, 768, 12, smallMixture, { normsPerLayer: 3 }),
  ],
  ['ngpt_271M', ngpt(16, 1024, 16)],
  ['ngpt_1B', ngpt(18, 2048, 16)],
  ['qwen3_0_6B', qwen3(28, 1024, 16, 3072, true)],
  ['qwen3_1_7B', qwen3(28, 2048, 16, 6144, true)],
  ['qwen3_4B', qwen3(36, 2560, 32, 9728, true)],
  ['qwen3_8B', qwen3(36, 4096, 32, 12288)],
  ['qwen3_14B', qwen3(48, 5120, 40, 17408)],
  ['qwen3_32B', qwen3(64, 5120, 40, 25600)],
  ['gemma3_1B', gemma3(26, 2304, 8, 4, 9216)],
  ['gemma3_4B', gemma3(34, 2560, 16, 4, 10240)],
  ['gemma3_12B', gemma3(48, 3840, 24, 8, 15360)],
  ['gemma3_27B', gemma3(62, 5376, 32, 16, 21504)],
]);
