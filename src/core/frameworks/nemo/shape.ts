import type { ShapeReading } from '../../architecture/shape.ts';
import { withoutAbsent } from '../../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../../run/known.ts';
import type { Fields } from '../../config/fields.ts';
import { mixtureOf } from '../../dialects/mixture.ts';
import { mixtureLayers } from '../../dialects/megatron/mixture.ts';
import { namedTokenizer } from '../../dialects/tokenizers.ts';
import { need, type Need } from '../../run/need.ts';

const of = 'NeMo MegatronGPTModel';

/** Activations whose block has a gate: three matrices instead of two. */
const gatedActivations = /^(?:fast-)?(?:swiglu|geglu|reglu)$/;

/** The shape of a NeMo 1 GPT model, and what of it cannot be read. */
export function nemoShape(fields: Fields): {
  readonly shape: ShapeReading;
  readonly needs: readonly Need[];
} {
  const number = (key: string) => fields.positive(`model.${key}`);
  const flag = (key: string, otherwise: boolean) =>
    fields.boolean(`model.${key}`) ?? byDefault(otherwise, of);
  const word = (key: string, otherwise: string) =>
    fields.string(`model.${key}`) ?? byDefault(otherwise, of);

  const layers = number('num_layers');
  const hidden = number('hidden_size');
  const heads = number('num_attention_heads');
  const bias = flag('bias', true);
  const queryKeyValue = bias.value || fields.isTrue('model.qkv_bias');
  const activation = word('activation', 'gelu');
  const norm = word('normalization', 'layernorm');
  const positions = word('position_embedding_type', 'learned_absolute');
  const learned = positions.value === 'learned_absolute';
  const feedForward = number('ffn_hidden_size') ?? (hidden && fourTimes(hidden));
  const experts = number('num_moe_experts');
  const mixtures = layers && mixtureLayers(fields, 'model.moe_layer_freq', layers.value);
  const width = number('moe_ffn_hidden_size') ?? feedForward;
  const active = number('moe_router_topk') ?? byDefault(2, of);
  const shared = number('moe_shared_expert_intermediate_size');
  // Only Falcon's layers ask mcore_customization_config; other files carry it without effect.
  const parallel =
    /falcon/i.test(fields.string('model.name')?.value ?? fields.string('name')?.value ?? '') &&
    fields.isTrue('model.mcore_customization_config.parallel_attention') &&
    !fields.isTrue('model.mcore_customization_config.new_decoder_architecture');
  const sandwich = fields.string('name')?.value === 'megatron_gemma2';
  const tokenizer = namedTokenizer(fields, ['model.tokenizer.type', 'model.tokenizer.model']);
  const shape = withoutAbsent({
    layers,
    hidden,
    heads,
    keyValueHeads: number('num_query_groups') ?? heads,
    headDimension: number('kv_channels'),
    feedForward,
    gated: { ...activation, value: gatedActivations.test(activation.value) },
    vocabulary: number('override_vocab_size') ?? tokenizer,
    tied: flag('share_embeddings_and_output_weights', true),
    learnedPositions: learned
      ? (number('max_position_embeddings') ?? byDefault(512, of))
      : { ...positions, value: 0 },
    biases: {
      ...bias,
      value: {
        queryKeyValue,
        attentionOutput: bias.value,
        feedForward: bias.value,
        head: false,
      },
    },
    norm: { ...norm, value: /rms/i.test(norm.value) ? 'weight' : 'weight-and-bias' },
    normsPerLayer: byDefault(sandwich ? 4 : parallel ? 1 : 2, of),
    queryKeyNorm: byDefault(fields.isTrue('model.qk_layernorm') ? 'head' : 'none', of),
    ...(experts && layers && width && mixtures !== null
      ? {
          experts: mixtureOf(
            {
              count: experts.value,
              active: active.value,
              width: width.value,
              sharedWidth: shared?.value ?? 0,
              layers: mixtures,
            },
            [
              { name: 'num_moe_experts', known: experts },
              { name: 'moe_router_topk', known: active },
              { name: 'expert width', known: width },
            ],
          ),
        }
      : {}),
  });
  const needs =
    layers && hidden && !shape.vocabulary
      ? [need('parameters', 'the total needs the tokenizer’s number of tokens')]
      : [];
  return { shape, needs };
}

function fourTimes(hidden: Known<number>): Known<number> {
  return derived(4 * hidden.value, `4 × ${hidden.value}`, [{ name: 'hidden_size', known: hidden }]);
}
