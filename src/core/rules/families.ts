/** Readers of Megatron-LM's arguments. */
export const megatronFamily = ['megatron-lm', 'pai-megatron', 'flagscale', 'slime'];

/** Those that leave lengths, 16-bit format and sharding to the config: slime sets them itself. */
export const plainMegatron = ['megatron-lm', 'pai-megatron', 'flagscale'];
