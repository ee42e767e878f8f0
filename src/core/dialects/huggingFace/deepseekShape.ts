import type { Experts, LatentAttention, ShapeReading } from '../../architecture/shape.ts';
import { llamaReading } from '../../architecture/shapes.ts';
import { derived, type Known } from '../../run/known.ts';
import type { Fields } from '../../config/fields.ts';
import type { HfKeys } from './keys.ts';
import { mixtureOf } from '../mixture.ts';

/** DeepSeek-V2 and -V3 in transformers' keys: latent attention, dense layers first. */
export function deepseekReading(keys: HfKeys, version: 'v2' | 'v3'): ShapeReading {
  const layers = keys.layers();
  const dense = keys.number('first_k_dense_replace')?.value ?? 0;
  const every = keys.number('moe_layer_freq')?.value ?? 1;
  return llamaReading(
    {
      layers,
      hidden: keys.hidden(),
      heads: keys.heads(),
      feedForward: keys.feedForward(),
      vocabulary: keys.vocabulary(),
      tied: keys.flag('tie_word_embeddings'),
      latentAttention: latentAttention((key) => keys.number(key)),
      // A dense DeepSeek config has no routed experts.
      experts:
        layers &&
        mixture(
          keys.number('n_routed_experts'),
          keys.number('num_experts_per_tok'),
          keys.number('moe_intermediate_size'),
          keys.number('n_shared_experts')?.value ?? 0,
          Math.floor((layers.value - dense) / every),
          // noaux_tc routing keeps a correction bias an expert among the weights.
          version === 'v3',
        ),
    },
    `transformers DeepseekV${version === 'v3' ? 3 : 2}Config`,
  );
}

/**
 * DeepSeek's own inference schema: `dim`, `n_dense_layers`, `n_activated_experts`.
 * Its gate has a bias only at V3's width (inference/model.py).
 */
export function deepseekInference(fields: Fields): ShapeReading {
  const number = (key: string) => fields.positive(key);
  const layers = number('n_layers');
  const hidden = number('dim');
  return llamaReading(
    {
      layers,
      hidden,
      heads: number('n_heads'),
      feedForward: number('inter_dim'),
      vocabulary: number('vocab_size'),
      latentAttention: latentAttention(number),
      experts:
        layers &&
        mixture(
          number('n_routed_experts'),
          number('n_activated_experts'),
          number('moe_inter_dim'),
          number('n_shared_experts')?.value ?? 0,
          layers.value - (number('n_dense_layers')?.value ?? 0),
          hidden?.value === 7168,
        ),
    },
    'DeepSeek inference ModelArgs',
  );
}

function latentAttention(
  number: (key: string) => Known<number> | null,
): Known<LatentAttention> | null {
  const rank = number('kv_lora_rank');
  const noPosition = number('qk_nope_head_dim');
  const rotary = number('qk_rope_head_dim');
  const value = number('v_head_dim');
  if (!rank || !noPosition || !rotary || !value) return null;
  const queryRank = number('q_lora_rank');
  const latent = {
    queryRank: queryRank?.value ?? 0,
    keyValueRank: rank.value,
    noPositionHead: noPosition.value,
    rotaryHead: rotary.value,
    valueHead: value.value,
  };
  return derived(latent, `keys and values compressed to ${rank.value}`, [
    { name: 'kv_lora_rank', known: rank },
    ...(queryRank ? [{ name: 'q_lora_rank', known: queryRank }] : []),
    { name: 'qk_nope_head_dim', known: noPosition },
    { name: 'qk_rope_head_dim', known: rotary },
    { name: 'v_head_dim', known: value },
  ]);
}

function mixture(
  count: Known<number> | null,
  active: Known<number> | null,
  width: Known<number> | null,
  shared: number,
  layers: number,
  routerBias: boolean,
): Known<Experts> | null {
  if (!count || !active || !width) return null;
  return mixtureOf(
    {
      count: count.value,
      active: active.value,
      width: width.value,
      sharedWidth: shared * width.value,
      layers,
      routerBias,
    },
    [
      { name: 'routed experts', known: count },
      { name: 'experts a token', known: active },
      { name: 'expert width', known: width },
    ],
  );
}
