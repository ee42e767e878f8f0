import { own } from '../../run/own.ts';
import { llamaFeedForward } from '../../architecture/feedForward.ts';
import type { ModelShape, ShapeReading } from '../../architecture/shape.ts';
import { llamaShape, withoutAbsent } from '../../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../../run/known.ts';
import type { Fields } from '../../config/fields.ts';
import { publishedShape } from '../../dialects/models.ts';

/** Where the shapes below are stated. */
const olmoCoreSource = 'allenai/OLMo-core src/olmo_core/nn/transformer/config.py (2026-06-22)';

type Row = readonly [
  layers: number,
  hidden: number,
  heads: number,
  keyValueHeads: number,
  multiplier: number | null,
  multipleOf: number,
];

const olmo2: Readonly<Record<string, Row>> = {
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

const olmo3: Readonly<Record<string, Row | undefined>> = {
  '190M': olmo2['190M'],
  '7B': olmo2['7B'],
  '32B': olmo2['32B'],
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

const families: Readonly<Record<string, Readonly<Record<string, Row | undefined>>>> = {
  olmo2,
  olmo3,
  llama2,
  llama3,
};

/** The vocabulary stays out: it is an argument of the call. */
function shapeOf([layers, hidden, heads, keyValueHeads, multiplier, multipleOf]: Row): ModelShape {
  const feedForward = llamaFeedForward(hidden, multiplier, multipleOf);
  const shape = { layers, hidden, heads, keyValueHeads, feedForward };
  return llamaShape({ ...shape, headDimension: Math.floor(hidden / heads), vocabulary: null });
}

/**
 * The shape of `TransformerConfig.olmo2_7B(vocab_size=…, n_layers=…)`, the call's mapping being the
 * root of `call`; null for a preset that is not in the table.
 */
export function olmoCoreShape(
  preset: string,
  call: Fields,
  vocabulary: Known<number> | null,
): ShapeReading | null {
  const [, family = '', size = ''] = /^([a-z]+\d)_(\w+)$/.exec(preset) ?? [];
  const row = own(own(families, family) ?? {}, size);
  const changed = ['hidden_size_multiplier', 'd_model', 'head_dim', 'block', 'block_overrides'];
  if (!row || changed.some((key) => call.has(key))) return null;
  const published = publishedShape(shapeOf(row), `OLMo-core ${preset}`, olmoCoreSource);
  const layers = call.positive('n_layers');
  const heads = call.positive('n_heads');
  const groups = call.positive('n_kv_heads');
  const norm = call.boolean('qk_norm') ?? byDefault(family.startsWith('olmo'), olmoCoreSource);
  return {
    ...withoutAbsent({ ...published, vocabulary: null }),
    ...(layers && { layers }),
    ...(heads && { heads, keyValueHeads: heads, headDimension: width(row[1], heads) }),
    ...(groups && { keyValueHeads: groups }),
    ...(vocabulary && { vocabulary }),
    queryKeyNorm: { ...norm, value: norm.value ? 'full' : 'none' },
  };
}

function width(hidden: number, heads: Known<number>): Known<number> {
  return derived(Math.floor(hidden / heads.value), `${hidden} ÷ ${heads.value}`, [
    { name: 'n_heads', known: heads },
  ]);
}
