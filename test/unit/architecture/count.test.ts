import { describe, expect, it } from 'vitest';
import { countParameters, countReading } from '../../../src/core/architecture/count.ts';
import type { LatentAttention, ModelShape } from '../../../src/core/architecture/shape.ts';
import { gptShape, llamaReading, llamaShape } from '../../../src/core/architecture/shapes.ts';
import { neoxFeedForward } from '../../../src/core/architecture/feedForward.ts';
import { byDefault, published, stated } from '../../../src/core/run/known.ts';

function llama(
  [layers, hidden, heads, keyValueHeads, feedForward]: [number, number, number, number, number],
  vocabulary: number | null,
  more: Partial<ModelShape> = {},
): ModelShape {
  return llamaShape({ layers, hidden, heads, keyValueHeads, feedForward, vocabulary, ...more });
}

function gpt(
  [layers, hidden, heads]: [number, number, number],
  vocabulary: number | null,
  more: Partial<ModelShape> = {},
): ModelShape {
  return gptShape({ layers, hidden, heads, vocabulary, ...more });
}

const noBiases = { queryKeyValue: false, attentionOutput: false, feedForward: false, head: false };
const latentAttention: LatentAttention = {
  queryRank: 1536,
  keyValueRank: 512,
  noPositionHead: 128,
  rotaryHead: 64,
  valueHead: 128,
};
const deepseekExperts = { count: 256, active: 8, width: 2048, sharedWidth: 2048, layers: 58 };

describe('countParameters: total and non-embedding', () => {
  const positions = { learnedPositions: 2048 };
  it.each<[string, ModelShape, number | null, number]>([
    // MPT: the counts printed in llm-foundry scripts/train/benchmarking/README.md.
    ['MPT-1b YAML', gpt([24, 2048, 16], 50368, positions), 1315950592, 1208602624],
    ['MPT-70b YAML', gpt([80, 8192, 64], 50368, positions), 64862437376, 64433045504],
    [
      'MPT-small-cpu YAML',
      gpt([4, 16, 4], 50368, { learnedPositions: 128, feedForward: 80 }),
      823200,
      15264,
    ],
    ['GPT-2 small', gpt([12, 768, 12], 50257, { learnedPositions: 1024 }), 124439808, 85056000],
    [
      'GPT-Neo 125M, no query-key-value bias',
      gpt([12, 768, 12], 50257, {
        ...positions,
        biases: { ...noBiases, attentionOutput: true, feedForward: true },
      }),
      125198592,
      85028352,
    ],
    ['GPT-NeoX-20B', gpt([44, 6144, 64], 50432, { tied: false }), 20554567680, 19934859264],
    [
      'GPT-NeoX llama2/7B.yml, whose MLP keeps its biases',
      llama([32, 4096, 32, 32, neoxFeedForward(32768, true, 256)], null, {
        biases: { ...noBiases, feedForward: true },
      }),
      null,
      6477107200,
    ],
    [
      'NeMo 7b_improved, layernorm1p',
      llama([32, 4096, 32, 32, 10880], 50257, { norm: 'weight-and-bias' }),
      6837911552,
      6426206208,
    ],
    [
      'OLMo-1B, norms without parameters',
      llama([16, 2048, 16, 16, 8192], 50304, { norm: 'none', tied: true }),
      1176764416,
      1073741824,
    ],
    [
      'OLMo-2-7B, norm of whole queries and keys',
      llama([32, 4096, 32, 32, 11008], 100352, { queryKeyNorm: 'full' }),
      7298617344,
      6476533760,
    ],
    [
      'Qwen3-0.6B, norm per head',
      llama([28, 1024, 16, 8, 3072], 151936, {
        tied: true,
        headDimension: 128,
        queryKeyNorm: 'head',
      }),
      596049920,
      440467456,
    ],
    [
      'Gemma-2-9B, sandwich norms',
      llama([42, 3584, 16, 8, 14336], 256000, {
        tied: true,
        headDimension: 256,
        normsPerLayer: 4,
      }),
      9241705984,
      8324201984,
    ],
    [
      'BLOOM-560m, norm after the embedding',
      gpt([24, 1024, 16], 250880, { embeddingNorm: true }),
      559214592,
      302313472,
    ],
    [
      'phi-2, one norm a layer and a head bias',
      gpt([32, 2560, 32], 51200, {
        tied: false,
        normsPerLayer: 1,
        biases: { queryKeyValue: true, attentionOutput: true, feedForward: true, head: true },
      }),
      2779683840,
      2517488640,
    ],
    ['Llama-3.1-8B', llama([32, 4096, 32, 8, 14336], 128256), 8030261248, 6979588096],
  ])('%s', (_name, shape, total, nonEmbedding) => {
    expect(countParameters(shape)).toMatchObject({ total, nonEmbedding });
  });
});

describe('countParameters: mixtures of experts', () => {
  it.each<[string, ModelShape, object]>([
    [
      'Mixtral 8x7B',
      llama([32, 4096, 32, 8, 14336], 32000, {
        experts: { count: 8, active: 2, width: 14336, sharedWidth: 0, layers: 32 },
      }),
      { total: 46702792704, nonEmbedding: 46440648704, active: 12617781248 },
    ],
    [
      'DeepSeek-V3 as on Hugging Face, with the routing bias',
      llama([61, 7168, 128, 128, 18432], 129280, {
        latentAttention,
        experts: { ...deepseekExperts, routerBias: true },
      }),
      { total: 671026419200, nonEmbedding: 669173061120, active: 35698939392 },
    ],
    [
      'DeepSeek-V3 as in torchtitan, where that bias is a buffer',
      llama([61, 7168, 128, 128, 18432], 129280, { latentAttention, experts: deepseekExperts }),
      { total: 671026404352, nonEmbedding: 669173046272, active: 35698924544 },
    ],
    [
      'Qwen1.5-MoE-A2.7B, gated shared expert',
      llama([24, 2048, 16, 16, 5632], 151936, {
        biases: { ...noBiases, queryKeyValue: true },
        experts: {
          ...{ count: 60, active: 4, width: 1408, layers: 24 },
          ...{ sharedWidth: 5632, sharedGate: true },
        },
      }),
      { total: 14315784192 },
    ],
    [
      'gpt-oss-20b, biases in router and experts, sinks',
      llama([24, 2880, 64, 8, 2880], 201088, {
        ...{ headDimension: 64, extraPerLayer: 64 },
        biases: { ...noBiases, queryKeyValue: true, attentionOutput: true },
        experts: {
          ...{ count: 32, active: 4, width: 2880, sharedWidth: 0, layers: 24 },
          ...{ routerBias: true, biases: true },
        },
      }),
      { total: 20914757184 },
    ],
  ])('%s', (_name, shape, counts) => {
    expect(countParameters(shape)).toMatchObject(counts);
  });

  it('leaves inactive experts out of the active counts, and only them', () => {
    const shape = llama([2, 8, 2, 2, 0], 10, {
      experts: { count: 4, active: 1, width: 16, sharedWidth: 0, layers: 2, biases: true },
    });
    const tally = countParameters(shape);
    const expert = 3 * 8 * 16;
    const expertBias = 2 * 16 + 8;
    expect(tally?.linear).toBe(2 * (4 * 64 + 8 * 4 + 4 * expert));
    expect(tally?.activeLinear).toBe(2 * (4 * 64 + 8 * 4 + expert));
    expect((tally?.nonEmbedding ?? 0) - (tally?.active ?? 0)).toBe(2 * 3 * (expert + expertBias));
  });
});

describe('countParameters: linear', () => {
  // "Scaling Laws for Floating Point Quantization Training" (arXiv 2501.02423), Tables 1 and 3.
  // The 7B row's printed width 10752 is a misprint: only 11008 gives its N.
  it.each([
    ['41M', 12, 512, 1536, 8, 40894464],
    ['85M', 12, 768, 2048, 12, 84934656],
    ['154M', 12, 1024, 2816, 16, 154140672],
    ['679M', 24, 1536, 4096, 24, 679477248],
    ['1.2B', 24, 2048, 5632, 32, 1233125376],
    ['7B', 35, 4096, 11008, 32, 7083130880],
    ['70B', 88, 8192, 22016, 64, 71236059136],
  ])('is the N of the paper for %s', (_label, layers, hidden, width, heads, n) => {
    const tally = countParameters(llama([layers, hidden, heads, heads, width], 32000));
    expect(tally?.linear).toBe(n);
  });

  it('has no bias, norm, position or embedding', () => {
    const shape = gpt([2, 8, 2], 100, { learnedPositions: 16, embeddingNorm: true });
    expect(countParameters(shape)?.linear).toBe(2 * (4 * 64 + 2 * 8 * 32));
  });
});

describe('countParameters: what it shows and what it refuses', () => {
  it('splits the total into parts that add up to it', () => {
    const tally = countParameters(gpt([2, 8, 2], 100, { learnedPositions: 16, tied: false }));
    expect(tally?.parts).toEqual([
      { name: 'attention', count: 512 },
      { name: 'feed-forward', count: 1024 },
      { name: 'norms', count: 80 },
      { name: 'biases', count: 2 * (24 + 8 + 32 + 8) },
      { name: 'embeddings', count: 928 },
      { name: 'head', count: 800 },
    ]);
    expect(tally?.total).toBe(512 + 1024 + 80 + 144 + 928 + 800);
  });

  it('has no total and no embedding part without a vocabulary', () => {
    const tally = countParameters(gpt([2, 8, 2], null, { learnedPositions: 16 }));
    expect(tally).toMatchObject({ total: null, head: null, nonEmbedding: 512 + 1024 + 80 + 144 });
    expect(tally?.parts.map((part) => part.name)).not.toContain('embeddings');
  });

  it.each([NaN, Infinity, -1, 0, 1.5, 2 ** 60])('gives null for a hidden width of %s', (hidden) => {
    expect(countParameters({ ...llama([2, 8, 2, 2, 16], 100), hidden })).toBeNull();
  });

  it('gives null where the count would no longer be exact', () => {
    expect(countParameters(llama([1000, 10 ** 7, 8, 8, 10 ** 7], null))).toBeNull();
  });

  it('gives null for more active experts than there are, or more mixture layers than layers', () => {
    const experts = { count: 4, active: 2, width: 16, sharedWidth: 0, layers: 2 };
    const shape = llama([2, 8, 2, 2, 16], 100, { experts });
    expect(countParameters(shape)?.active).toBe(
      2 * (4 * 64 + 8 * 4 + 2 * 3 * 8 * 16) + 2 * 2 * 8 + 8,
    );
    expect(countParameters({ ...shape, experts: { ...experts, active: 5 } })).toBeNull();
    expect(countParameters({ ...shape, experts: { ...experts, layers: 3 } })).toBeNull();
  });
});

describe('countReading', () => {
  const at = <T>(value: T, start: number) =>
    stated(value, { file: 'model.yaml', start, end: start + 1 });
  const shape = {
    layers: at(32, 0),
    hidden: at(4096, 10),
    heads: at(32, 20),
    keyValueHeads: at(8, 30),
    feedForward: at(14336, 40),
  };

  it('counts a reading and shows the formula with its numbers and parts', () => {
    const vocabulary = at(128256, 50);
    const result = countReading(llamaReading({ ...shape, vocabulary }, 'LlamaConfig'));
    if (!('counts' in result)) throw new Error('counted nothing');
    expect(result.counts).toMatchObject({
      total: 8030261248,
      nonEmbedding: 6979588096,
      linear: 6979321856,
      active: null,
      activeLinear: null,
    });
    const { origin } = result.counts;
    if (origin.kind !== 'derived') throw new Error(origin.kind);
    expect(origin.formula).toBe(
      '32 layers × (attention 41,943,040 + feed-forward 176,160,768) + norms 266,240 + ' +
        'embeddings 525,336,576 + head 525,336,576',
    );
    expect(origin.parts[0]).toEqual({ name: 'layers', known: shape.layers });
    expect(origin.parts.at(-1)).toEqual({
      name: 'tied head',
      known: byDefault(false, 'LlamaConfig'),
    });
  });

  it('writes dense and mixture layers apart', () => {
    const experts = { count: 64, active: 6, width: 1408, sharedWidth: 2816, layers: 31 };
    const result = countReading(llamaReading({ ...shape, experts: at(experts, 60) }, 'x'));
    expect('counts' in result && result.counts.origin).toMatchObject({
      formula:
        '1 dense layer × (attention 41,943,040 + feed-forward 176,160,768) + 31 mixture layers × ' +
        '(attention 41,943,040 + router 262,144 + 64 experts × 17,301,504 + shared experts ' +
        '34,603,008) + norms 266,240',
    });
  });

  it('names what is missing, and nothing that is there', () => {
    const result = countReading({ hidden: at(4096, 0), gated: at(true, 1), heads: null });
    expect(result).toEqual({
      missing: ['the number of layers', 'the number of attention heads', 'the feed-forward width'],
    });
  });

  it('needs no dense width when every layer is a mixture', () => {
    const experts = { count: 8, active: 2, width: 14336, sharedWidth: 0, layers: 32 };
    const reading = llamaReading({ ...shape, feedForward: null, experts: at(experts, 1) }, 'x');
    expect(countReading(reading)).toMatchObject({ counts: { nonEmbedding: 46440648704 } });
  });

  it('names a dimension that cannot be, instead of a wrong count', () => {
    const reading = llamaReading({ ...shape, heads: at(33, 0), layers: at(-1, 1) }, 'x');
    expect(countReading(reading)).toEqual({
      missing: ['a possible number of layers', 'a possible head dimension'],
    });
  });

  it('has no total while nobody says whether the head is tied', () => {
    const result = countReading({ ...shape, gated: at(true, 1), vocabulary: at(128256, 2) });
    expect(result).toMatchObject({ counts: { total: null, nonEmbedding: 6979588096 } });
  });

  it('keeps a published model’s origin, and derives once the file changes a number', () => {
    const as = <T>(value: T) => published(value, 'Llama-3.1-8B', 'its config.json');
    const whole = Object.fromEntries(
      Object.entries(llama([32, 4096, 32, 8, 14336], 128256)).map(([field, value]) => [
        field,
        as(value as unknown),
      ]),
    );
    expect(countReading(whole)).toMatchObject({
      counts: { total: 8030261248, origin: { kind: 'published', model: 'Llama-3.1-8B' } },
    });
    expect(countReading({ ...whole, vocabulary: at(50257, 0) })).toMatchObject({
      counts: { total: 8030261248 - 2 * 4096 * (128256 - 50257), origin: { kind: 'derived' } },
    });
  });
});

it('shows routers and experts apart where the mixtures of a model differ', () => {
  const of = 'a test';
  const experts = { count: 4, active: 1, width: 32, sharedWidth: 0, layers: 2, routed: 6 };
  const reading = llamaReading(
    {
      layers: byDefault(2, of),
      hidden: byDefault(8, of),
      heads: byDefault(1, of),
      feedForward: byDefault(32, of),
      gated: byDefault(false, of),
      experts: byDefault(experts, of),
    },
    of,
  );
  const counted = countReading(reading);
  if (!('counts' in counted)) throw new Error('not counted');
  const { origin, linear } = counted.counts;
  expect(linear).toBe(2 * 256 + 6 * 8 + 6 * 512);
  expect(origin.kind === 'derived' && origin.formula).toBe(
    '2 layers × (attention 256) + routers 48 + 6 experts × 512 + norms 40',
  );
});
