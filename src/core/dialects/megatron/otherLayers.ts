import type { Fields, Path } from '../../config/fields.ts';

type Named = (name: string) => Path;

/** Arguments of layers that are not a transformer's, or of no layer that is counted here. */
const otherLayers = [
  'hybrid_layer_pattern',
  'hybrid_override_pattern',
  'hybrid_attention_ratio',
  'is_hybrid_model',
  'mamba_num_heads',
  'experimental_attention_variant',
  'linear_attention_type',
  'heterogeneous_layers_config_path',
  'moe_latent_size',
] as const;

/** Why the layers that Megatron-LM's arguments describe are not counted; null where they are. */
export function uncountedLayers(fields: Fields, path: Named): string | null {
  const other = otherLayers.find(
    (name) => fields.isSet(path(name)) && fields.boolean(path(name))?.value !== false,
  );
  if (other !== undefined) return `models with ${other} are not counted`;
  const spec = layersOfItsOwn(fields, path);
  if (spec !== null) return `the layers are those of ${spec}, which is not read`;
  return isMixtureOfOldOrNew(fields, path)
    ? 'the script does not say moe_router_topk: Megatron-LM’s default was one expert a token until December 2023 and is two since'
    : null;
}

/** `--spec module function`: a function of the user's own builds the layers, of other parts. */
function layersOfItsOwn(fields: Fields, path: Named): string | null {
  const module = fields.list(path('spec'))[0]?.value ?? fields.string(path('spec'))?.value;
  if (module === undefined || /^(?:|local|none|megatron\.core\.models\.gpt\b.*)$/i.test(module))
    return null;
  return module;
}

/**
 * A mixture of which only the number of experts is said: SwitchMLP, which sends a token to one
 * expert, had no more arguments (megatron/core/transformer/switch_mlp.py, core_r0.4.0); what came
 * after it sends a token to two where moe_router_topk is left out (core_r0.5.0).
 */
function isMixtureOfOldOrNew(fields: Fields, path: Named): boolean {
  const count = fields.number(path('num_experts'))?.value ?? 0;
  return count > 1 && !newerFlags.some((name) => fields.has(path(name)));
}

/** Arguments of mixtures since core_r0.5.0, and those by which DeepSpeed's fork is known. */
const newerFlags = [
  ...['moe_router_topk', 'moe_router_load_balancing_type', 'moe_router_pre_softmax', 'moe_topk'],
  ...['moe_ffn_hidden_size', 'moe_layer_freq', 'moe_shared_expert_intermediate_size'],
  ...['moe_grouped_gemm', 'moe_token_dispatcher_type', 'moe_permute_fusion', 'moe_router_dtype'],
  ...['moe_aux_loss_coeff', 'moe_z_loss_coeff', 'moe_expert_capacity_factor'],
  ...['topk', 'expert_interval', 'mlp_type', 'deepspeed', 'deepspeed_config'],
];
