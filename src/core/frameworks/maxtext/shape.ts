import type { LatentAttention, ShapeReading } from '../../architecture/shape.ts';
import { withoutAbsent } from '../../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../../run/known.ts';
import type { Fields } from '../../config/fields.ts';
import { mixtureOf } from '../../dialects/mixture.ts';
import { need, type Need } from '../../run/need.ts';

const of = 'MaxText base.yml';

/** base.yml's own model, which a config without a preset starts from. */
const defaults = {
  base_emb_dim: 2048,
  base_num_query_heads: 16,
  base_num_kv_heads: 16,
  base_mlp_dim: 7168,
  base_num_decoder_layers: 16,
  head_dim: 128,
  vocab_size: 32000,
} as const;

/** Decoder blocks that are plain transformers here; the others have layers that are not counted. */
const knownBlocks = new Set([
  'default',
  'llama2',
  'mistral',
  'mixtral',
  'gemma',
  'gemma2',
  'gemma3',
  'qwen2',
  'qwen3',
  'qwen3_moe',
  'deepseek',
  'gpt3',
  'gpt_oss',
]);

/** The shape that MaxText's keys describe; what a config leaves out is base.yml's. */
export function maxtextShape(fields: Fields): {
  readonly shape: ShapeReading;
  readonly needs: readonly Need[];
} {
  const block = fields.string('decoder_block')?.value ?? 'llama2';
  if (!knownBlocks.has(block)) {
    return { shape: {}, needs: [need('parameters', `decoder_block ${block} is not counted`)] };
  }
  const scale = scales(fields.positive('global_parameter_scale')?.value ?? 1);
  if (!scale) {
    return {
      shape: {},
      needs: [need('parameters', 'global_parameter_scale is not a power of two')],
    };
  }
  const number = (key: keyof typeof defaults) =>
    fields.positive(key) ?? byDefault(defaults[key], of);
  const hidden = times(number('base_emb_dim'), scale.hidden, 'base_emb_dim');
  const heads = times(number('base_num_query_heads'), scale.heads, 'base_num_query_heads');
  // Gemma 2's local and global attention are merged into one layer of the preset.
  const merged = block === 'gemma2' ? 2 : 1;
  const layers = times(
    number('base_num_decoder_layers'),
    scale.layers * merged,
    'base_num_decoder_layers',
  );
  const feedForward = times(number('base_mlp_dim'), scale.feedForward, 'base_mlp_dim');
  const gpt = block === 'gpt3';
  const queryKeyValue = gpt || block === 'qwen2' || fields.isTrue('attention_bias');
  const attentionOutput = gpt || (block === 'gpt_oss' && fields.isTrue('attention_bias'));
  const bias = gpt || fields.isTrue('mlp_bias');
  const sandwich = fields.isTrue('use_post_attn_norm') && fields.isTrue('use_post_ffw_norm');
  const activations = fields.list('mlp_activations');
  const positions = fields.positive('trainable_position_size');
  const queryKeyNorm = fields.isTrue('use_qk_norm') || block === 'gemma3' || block === 'qwen3';
  const latent = fields.string('attention_type')?.value === 'mla' ? latentAttention(fields) : null;
  const sinks = fields.isTrue('attention_sink') ? heads.value : 0;
  return {
    shape: withoutAbsent({
      layers,
      hidden,
      heads,
      keyValueHeads: times(number('base_num_kv_heads'), scale.heads, 'base_num_kv_heads'),
      headDimension: number('head_dim'),
      feedForward,
      gated: byDefault(activations.length === 0 || activations.length > 1, of),
      vocabulary: number('vocab_size'),
      tied: fields.boolean('logits_via_embedding') ?? byDefault(false, of),
      learnedPositions: positions ?? byDefault(0, of),
      biases: byDefault({ queryKeyValue, attentionOutput, feedForward: bias, head: false }, of),
      norm: byDefault(gpt ? 'weight-and-bias' : 'weight', `MaxText ${block}`),
      normsPerLayer: byDefault(sandwich ? 4 : 2, `MaxText ${block}`),
      queryKeyNorm: byDefault(queryKeyNorm && !latent ? 'head' : 'none', `MaxText ${block}`),
      latentAttention: latent,
      experts: readExperts(fields, block, layers, feedForward, scale.feedForward),
      extraPerLayer: byDefault(sinks, `MaxText ${block}`),
    }),
    needs: [],
  };
}

interface Scales {
  readonly hidden: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly layers: number;
}

/** How a scale, a power of two, is spread over the dimensions (`get_individual_scales`). */
function scales(scale: number): Scales | null {
  const power = Math.log2(scale);
  if (!Number.isInteger(power) || power < 0) return null;
  const [whole, rest] = [Math.floor(power / 3), power % 3];
  const heads = 2 ** (whole + (rest > 0 ? 1 : 0));
  return {
    heads,
    feedForward: heads,
    hidden: 2 ** (whole + (rest > 1 ? 1 : 0)),
    layers: 2 ** whole,
  };
}

function times(known: Known<number>, factor: number, name: string): Known<number> {
  if (factor === 1) return known;
  return derived(known.value * factor, `${known.value} × ${factor}`, [{ name, known }]);
}

function latentAttention(fields: Fields): Known<LatentAttention> {
  const rank = (key: string, otherwise: number) => fields.number(key) ?? byDefault(otherwise, of);
  const parts = {
    q_lora_rank: rank('q_lora_rank', 0),
    kv_lora_rank: rank('kv_lora_rank', 512),
    qk_nope_head_dim: rank('qk_nope_head_dim', 128),
    qk_rope_head_dim: rank('qk_rope_head_dim', 64),
    v_head_dim: rank('v_head_dim', 128),
  };
  return derived(
    {
      queryRank: parts.q_lora_rank.value,
      keyValueRank: parts.kv_lora_rank.value,
      noPositionHead: parts.qk_nope_head_dim.value,
      rotaryHead: parts.qk_rope_head_dim.value,
      valueHead: parts.v_head_dim.value,
    },
    'multi-head latent attention',
    Object.entries(parts).map(([name, known]) => ({ name, known })),
  );
}

/** Mixtral's experts are base_mlp_dim wide, DeepSeek-like ones base_moe_mlp_dim. */
function readExperts(
  fields: Fields,
  block: string,
  layers: Known<number>,
  feedForward: Known<number>,
  scale: number,
): ReturnType<typeof mixtureOf> | null {
  const count = fields.positive('num_experts');
  if (!count || count.value === 1) return null;
  const active = fields.positive('num_experts_per_tok') ?? byDefault(1, of);
  const stated = block === 'mixtral' ? null : fields.positive('base_moe_mlp_dim');
  const width = stated ? times(stated, scale, 'base_moe_mlp_dim') : feedForward;
  const dense = fields.positive('first_num_dense_layers');
  const shared = block === 'deepseek' ? fields.positive('shared_experts') : null;
  return mixtureOf(
    {
      count: count.value,
      active: active.value,
      width: width.value,
      sharedWidth: (shared?.value ?? 0) * width.value,
      layers: layers.value - (dense?.value ?? 0),
      ...(fields.isTrue('routed_bias') ? { routerBias: true } : {}),
      ...(fields.isTrue('mlp_bias') ? { biases: true } : {}),
    },
    [
      { name: 'num_experts', known: count },
      { name: 'num_experts_per_tok', known: active },
      { name: 'expert width', known: width },
      { name: 'shared_experts', known: shared },
      { name: 'first_num_dense_layers', known: dense },
    ],
  );
}
