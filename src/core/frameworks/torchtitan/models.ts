import { llamaFeedForward } from '../../architecture/feedForward.ts';
import type { LatentAttention, ModelShape } from '../../architecture/shape.ts';
import { llamaShape } from '../../architecture/shapes.ts';

const llamaVocabulary = 128256;
const llama4Vocabulary = 202048;
const qwenVocabulary = 151936;

function llama3(
  layers: number,
  hidden: number,
  heads: number,
  keyValueHeads: number,
  multiplier: number | null,
  multipleOf: number,
  vocabulary = llamaVocabulary,
): ModelShape {
  const feedForward = llamaFeedForward(hidden, multiplier, multipleOf);
  return llamaShape({ layers, hidden, heads, keyValueHeads, feedForward, vocabulary });
}

/** A mixture in every `step`th layer: `count` experts beside a shared one, all of one width. */
function llama4(dense: ModelShape, count: number, width: number, step: number): ModelShape {
  const layers = Math.floor(dense.layers / step);
  return { ...dense, experts: { count, active: 1, width, sharedWidth: width, layers } };
}

function qwen3(
  layers: number,
  hidden: number,
  heads: number,
  keyValueHeads: number,
  feedForward: number,
  more: Partial<ModelShape> = {},
): ModelShape {
  return llamaShape({
    layers,
    hidden,
    heads,
    keyValueHeads,
    headDimension: 128,
    feedForward,
    vocabulary: qwenVocabulary,
    queryKeyNorm: 'head',
    ...more,
  });
}

function qwen3Mixture(layers: number, count: number, width: number): Partial<ModelShape> {
  return { experts: { count, active: 8, width, sharedWidth: 0, layers } };
}

/** The expert bias is a buffer in torchtitan, so it is no parameter here. */
function deepseekV3(
  layers: number,
  denseLayers: number,
  hidden: number,
  heads: number,
  feedForward: number,
  mixture: { count: number; active: number; width: number; shared: number },
  vocabulary: number,
  queryRank: number,
): ModelShape {
  const { count, active, width, shared } = mixture;
  const latentAttention: LatentAttention = {
    queryRank,
    keyValueRank: 512,
    noPositionHead: 128,
    rotaryHead: 64,
    valueHead: 128,
  };
  return llamaShape({
    layers,
    hidden,
    heads,
    feedForward,
    vocabulary,
    latentAttention,
    experts: { count, active, width, sharedWidth: shared * width, layers: layers - denseLayers },
  });
}

type Flavors = ReadonlyMap<string, ModelShape>;

function llama3Flavors(): Flavors {
  return new Map([
    ['debugmodel', llama3(6, 256, 16, 16, null, 256, 2048)],
    ['1B', llama3(16, 2048, 32, 8, 1.5, 1024)],
    ['3B', llama3(28, 3072, 24, 8, 1, 1024)],
    ['8B', llama3(32, 4096, 32, 8, 1.3, 1024)],
    ['70B', llama3(80, 8192, 64, 8, 1.3, 4096)],
    ['405B', llama3(126, 16384, 128, 8, 1.2, 4096)],
  ]);
}

function llama4Flavors(): Flavors {
  const large = llama3(48, 5120, 40, 8, 1.2, 2048, llama4Vocabulary);
  const debug = llama3(6, 256, 16, 16, null, 256, 2048);
  // auto_scale_hidden_dim halves a width for the two experts a token passes, before rounding:
  // 682 ÷ 2 is rounded to 512, 16383 ÷ 2 to 8192.
  return new Map([
    ['debugmodel', llama4(debug, 8, 512, 2)],
    ['17bx16e', llama4(large, 16, 8192, 1)],
    ['17bx128e', llama4(large, 128, 8192, 2)],
  ]);
}

function qwen3Flavors(): Flavors {
  const tied = { tied: true };
  return new Map([
    ['debugmodel', qwen3(8, 256, 16, 8, 3072, { vocabulary: 2048, tied: true })],
    ['0.6B', qwen3(28, 1024, 16, 8, 3072, tied)],
    ['1.7B', qwen3(28, 2048, 16, 8, 6144, tied)],
    ['4B', qwen3(36, 2560, 32, 8, 9728, tied)],
    ['8B', qwen3(36, 4096, 32, 8, 12288)],
    ['14B', qwen3(40, 5120, 40, 8, 17408)],
    ['32B', qwen3(64, 5120, 64, 8, 25600)],
    [
      'debugmodel_moe',
      qwen3(8, 256, 16, 8, 3072, { vocabulary: 2048, ...qwen3Mixture(8, 64, 768) }),
    ],
    ['30B-A3B', qwen3(48, 2048, 32, 4, 6144, qwen3Mixture(48, 128, 768))],
    ['235B-A22B', qwen3(94, 4096, 64, 4, 12288, qwen3Mixture(94, 128, 1536))],
  ]);
}

function deepseekFlavors(): Flavors {
  const mixture = (count: number, active: number, width: number, shared: number) => ({
    count,
    active,
    width,
    shared,
  });
  return new Map([
    ['debugmodel', deepseekV3(6, 1, 256, 16, 1024, mixture(8, 3, 256, 2), 2048, 0)],
    ['16B', deepseekV3(27, 1, 2048, 16, 10944, mixture(64, 6, 1408, 2), 102400, 0)],
    ['236B', deepseekV3(60, 1, 5120, 128, 12288, mixture(160, 6, 1536, 2), 102400, 1536)],
    ['671B', deepseekV3(61, 3, 7168, 128, 18432, mixture(256, 8, 2048, 1), 129280, 1536)],
  ]);
}

/** gpt-oss: biases everywhere but the head, and a sink for each attention head. */
function gptOssFlavors(): Flavors {
  const shape = (layers: number, hidden: number, vocabulary: number, count: number): ModelShape =>
    llamaShape({
      ...{ layers, hidden, heads: 64, keyValueHeads: 8, headDimension: 64, feedForward: 2880 },
      vocabulary,
      biases: { queryKeyValue: true, attentionOutput: true, feedForward: false, head: false },
      experts: {
        ...{ count, active: 4, width: 2880, sharedWidth: 0, layers },
        ...{ routerBias: true, biases: true },
      },
      extraPerLayer: 64,
    });
  return new Map([
    ['debugmodel', shape(4, 256, 2048, 8)],
    ['20b', shape(24, 2880, 201088, 32)],
    ['120b', shape(36, 2880, 201088, 128)],
  ]);
}

/** Moonlight, the one flavor that reads text alone. */
function kimiFlavors(): Flavors {
  const mixture = { count: 64, active: 6, width: 1408, shared: 2 };
  return new Map([['moonlight-16B-A3B', deepseekV3(27, 1, 2048, 16, 11264, mixture, 163840, 0)]]);
}

const families: ReadonlyMap<string, Flavors> = new Map([
  ['llama3', llama3Flavors()],
  ['llama4', llama4Flavors()],
  ['qwen3', qwen3Flavors()],
  ['deepseek_v3', deepseekFlavors()],
  ['gpt_oss', gptOssFlavors()],
  ['kimi_k2_7', kimiFlavors()],
]);

/** Where the shapes below are stated. */
export const flavorSource =
  'pytorch/torchtitan, torchtitan/models/<name>/__init__.py (v0.2.2, b5bcd76)';

/**
 * The shape behind `model.name` and `model.flavor`, or null for one that is not in the table.
 *
 * Another attention backend (`debugmodel_flex_attn`, `17bx16e_irope`) or an experiment's wrapper
 * (`simple_fsdp.llama3`) changes no parameter.
 */
export function flavorShape(name: string, flavor: string): ModelShape | null {
  const family = families.get(name.split('.').at(-1) ?? name);
  const base = flavor.replace(
    /_(?:flex|flex_attn|varlen|varlen_attn|irope|(?:non_)?fused_qkv)$/,
    '',
  );
  return family?.get(flavor) ?? family?.get(base) ?? null;
}
