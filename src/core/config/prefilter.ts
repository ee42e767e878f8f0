import type { SyntaxKind } from '../syntax/tree.ts';

/** Words that one of the frameworks' launch scripts must have. */
const inScripts =
  /--(?:num[-_]layers|hidden[-_]size|train[-_](?:iters|samples|tokens|num[-_]samples)|seq[-_]length|micro[-_]batch[-_]size|per[-_]device[-_]train[-_]batch[-_]size|model[-_]name[-_]or[-_]path|load_\w+_config|depth|mixed_precision|plugin|tuner_type|train_type|rlhf_type|module|block_size|max_iters|n_layer)\b|maxtext|torchtitan|deepy\.py|job\.config_file/i;

/** Words that one of the frameworks' Python configs must have. */
const inPython =
  /\bTrainer\.Config\(|\bmodel_registry\(|\bolmo_core\b|\b(?:pretrain|finetune)_recipe\b|\bConfigContainer\b|\bmegatron\.bridge\b|\bblock_size\b|\bmicro_bsz\b|\blit_gpt\b/;

/**
 * Words of YAML, JSON and TOML configs: each reader asks for at least one of these keys, or the file
 * takes them from another one that it names (`defaults`, `!include`, `extends`).
 */
const inConfigs = new RegExp(
  [
    'n(?:um)?[-_](?:hidden_|decoder_)?layer|n_routed_experts|base_(?:model|config|emb_dim)',
    'model_(?:name|id|class|type|decoder_layers|config)|train_(?:dataset|batch_size|micro_batch|type)',
    '(?:global|local|micro)_(?:train_)?batch_size|gradient_accumulation|zero_optimization',
    'max_(?:duration|steps|tokens)|num_(?:train_)?steps|num_data_epochs|total_(?:epochs|training_steps)',
    '(?:tuner|rlhf|sft|recipe|distributed)_type|compute_environment|step_scheduler|flavor',
    '_modifiers|quant_(?:cfg|algo|config)|awq_block_size|calib_|_calib_|kv_cache_quant|scheme',
    'fp8_config|scale_method|scale_format|observer|allowlist|blocklist|dump_stats_path',
    '_component_|class_path|modules|defaults|!include|extends',
  ].join('|'),
);

/**
 * Whether a text can be a training config at all, before it is parsed: an editor opens, and a scan
 * of a workspace reads, many files that are none. One search of the text, hundreds of times cheaper
 * than parsing it.
 */
export function mayBeOurs(text: string, syntax: SyntaxKind): boolean {
  switch (syntax) {
    case 'shell':
      return inScripts.test(text);
    case 'python':
      return inPython.test(text);
    case 'yaml':
    case 'json':
    case 'toml':
      return inConfigs.test(text);
  }
}
