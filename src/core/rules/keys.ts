/** Spellings of Megatron’s FP8 format in the frameworks that hand it on. */
export const fp8Format = [
  'fp8_format',
  'fp8',
  'mixed_precision.fp8',
  'policy.megatron_cfg.fp8_cfg.fp8',
  'actor_rollout_ref.actor.megatron.override_transformer_config.fp8',
];

/** Spellings of Megatron’s FP8 recipe. */
export const fp8Recipe = [
  'fp8_recipe',
  'mixed_precision.fp8_recipe',
  'policy.megatron_cfg.fp8_cfg.fp8_recipe',
  'actor_rollout_ref.actor.megatron.override_transformer_config.fp8_recipe',
];

/** Spellings of Megatron’s FP4 format. */
export const fp4Format = ['fp4_format', 'fp4', 'mixed_precision.fp4'];
