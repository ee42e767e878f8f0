import { paddedVocabulary } from '../../architecture/feedForward.ts';
import type { Experts, NormKind, ShapeReading } from '../../architecture/shape.ts';
import { gptReading, llamaReading, withoutAbsent } from '../../architecture/shapes.ts';
import { gptShape, llamaShape } from '../../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../../run/known.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { namedModel, publishedShape, type NamedModel } from '../../dialects/models.ts';
import { need, type Need } from '../../run/need.ts';

const litgptConfig = 'LitGPT Config';

/** LitGPT's own models that no publisher's name stands for (litgpt/config.py, 2026-06-29). */
const ownModels = {
  'micro-llama-300m': llamaShape({
    layers: 12,
    hidden: 1024,
    heads: 16,
    keyValueHeads: 4,
    feedForward: 5632,
    vocabulary: 32000,
  }),
  'stablelm-base-alpha-3b': neox(4096, 32, 50688),
  'stablelm-tuned-alpha-3b': neox(4096, 32, 50688),
  'stablelm-base-alpha-7b': neox(6144, 48, 50432),
  'stablelm-tuned-alpha-7b': neox(6144, 48, 50432),
  'salamandra-2b': llamaShape({
    layers: 24,
    hidden: 2048,
    heads: 16,
    feedForward: 5440,
    vocabulary: 256000,
  }),
  'salamandra-7b': llamaShape({
    layers: 32,
    hidden: 4096,
    heads: 32,
    keyValueHeads: 8,
    feedForward: 11008,
    vocabulary: 256000,
  }),
};

function neox(hidden: number, heads: number, vocabulary: number) {
  return gptShape({ layers: 16, hidden, heads, vocabulary, tied: false });
}

/** Looks a LitGPT model or checkpoint directory up: LitGPT's own names, then published ones. */
export function litgptModel(name: Known<string> | null): NamedModel {
  const last =
    name?.value
      .toLowerCase()
      .split('/')
      .at(-1)
      ?.replace(/-instruct$/, '') ?? '';
  const own = Object.entries(ownModels).find(([key]) => key === last);
  if (!name || !own) return namedModel(name);
  return { model: name, shape: publishedShape(own[1], own[0], 'litgpt/config.py'), needs: [] };
}

/** An inline `model_config`, or a checkpoint's `model_config.yaml`; what it leaves out is Config's. */
export function litgptShape(
  fields: Fields,
  at: Path,
): { readonly shape: ShapeReading; readonly needs: readonly Need[] } {
  const path = (key: string) => (at === '' ? key : `${at}.${key}`);
  const number = (key: string, otherwise: number) =>
    fields.positive(path(key)) ?? byDefault(otherwise, litgptConfig);
  const flag = (key: string, otherwise: boolean) => fields.boolean(path(key))?.value ?? otherwise;
  const word = (key: string, otherwise: string) => fields.string(path(key))?.value ?? otherwise;
  const unknown = ['latent_attention', 'n_shared_expert'].filter((key) => fields.isSet(path(key)));
  if (unknown.length > 0) {
    return {
      shape: {},
      needs: [need('parameters', `how LitGPT builds ${unknown.join(' and ')} is not known`)],
    };
  }
  const layers = number('n_layer', 16);
  const hidden = number('n_embd', 4096);
  const heads = number('n_head', 32);
  const mlp = word('mlp_class_name', 'GptNeoxMLP');
  const bias = flag('bias', true);
  const reading = mlp === 'GptNeoxMLP' ? gptReading : llamaReading;
  const shape = reading(
    withoutAbsent({
      layers,
      hidden,
      heads,
      keyValueHeads: fields.positive(path('n_query_groups')) ?? heads,
      headDimension: fields.positive(path('head_size')),
      feedForward: fields.positive(path('intermediate_size')),
      gated: byDefault(mlp !== 'GptNeoxMLP', litgptConfig),
      vocabulary: vocabulary(fields, path),
      biases: byDefault(
        {
          queryKeyValue: bias || flag('attn_bias', false),
          attentionOutput: bias,
          feedForward: bias,
          head: flag('lm_head_bias', false),
        },
        litgptConfig,
      ),
      norm: byDefault(
        normKind(word('norm_class_name', 'LayerNorm'), word('name', '')),
        litgptConfig,
      ),
      normsPerLayer: byDefault(
        [
          flag('norm_1', true),
          flag('norm_2', true) && !flag('shared_attention_norm', false),
          flag('post_attention_norm', false),
          flag('post_mlp_norm', false),
        ].filter(Boolean).length,
        litgptConfig,
      ),
      queryKeyNorm: byDefault(
        !flag('norm_qk', false)
          ? 'none'
          : word('norm_qk_type', 'default') === 'olmo2'
            ? 'full'
            : 'head',
        litgptConfig,
      ),
      experts: mlp === 'LLaMAMoE' ? experts(fields, path, layers) : null,
    }),
    litgptConfig,
  );
  return { shape, needs: [] };
}

function normKind(className: string, model: string): NormKind {
  if (className === 'RMSNorm') return 'weight';
  // LitGPT strips the weights off OLMo's layer norms by the model's name.
  return model.includes('OLMo') ? 'none' : 'weight-and-bias';
}

/** `padded_vocab_size`, else `vocab_size` rounded up to `padding_multiple`. */
function vocabulary(fields: Fields, path: (key: string) => Path): Known<number> {
  const padded = fields.positive(path('padded_vocab_size'));
  if (padded) return padded;
  const size = fields.positive(path('vocab_size')) ?? byDefault(50254, litgptConfig);
  const multiple = fields.positive(path('padding_multiple')) ?? byDefault(512, litgptConfig);
  return derived(
    paddedVocabulary(size.value, multiple.value),
    `${size.value} rounded up to a multiple of ${multiple.value}`,
    [
      { name: 'vocab_size', known: size },
      { name: 'padding_multiple', known: multiple },
    ],
  );
}

function experts(
  fields: Fields,
  path: (key: string) => Path,
  layers: Known<number>,
): Known<Experts> | null {
  const count = fields.positive(path('n_expert'));
  const active = fields.positive(path('n_expert_per_token'));
  const width =
    fields.positive(path('moe_intermediate_size')) ?? fields.positive(path('intermediate_size'));
  if (!count || !active || !width) return null;
  const dense = fields.positive(path('first_k_dense_replace'))?.value ?? 0;
  return derived(
    {
      count: count.value,
      active: active.value,
      width: width.value,
      sharedWidth: 0,
      layers: layers.value - dense,
    },
    `${count.value} experts of ${width.value}`,
    [
      { name: 'n_expert', known: count },
      { name: 'n_expert_per_token', known: active },
      { name: 'expert width', known: width },
    ],
  );
}
