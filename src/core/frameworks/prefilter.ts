import type { SyntaxKind } from '../syntax/tree.ts';

/** Words that one of the frameworks' launch scripts must have. */
const inScripts =
  /--(?:num[-_]layers|hidden[-_]size|train[-_](?:iters|samples|tokens|num[-_]samples)|seq[-_]length|micro[-_]batch[-_]size|per[-_]device[-_]train[-_]batch[-_]size|model[-_]name[-_]or[-_]path|load_\w+_config|depth|mixed_precision|plugin|tuner_type|train_type|rlhf_type|module|block_size|max_iters|n_layer)\b|maxtext|torchtitan|job\.config_file/i;

/** Words that one of the frameworks' Python configs must have. */
const inPython =
  /\bTrainer\.Config\(|\bmodel_registry\(|\bolmo_core\b|\b(?:pretrain|finetune)_recipe\b|\bConfigContainer\b|\bmegatron\.bridge\b|\bblock_size\b|\bmicro_bsz\b|\blit_gpt\b/;

/**
 * Whether a text can be a training config at all, before it is parsed: an editor opens many scripts
 * and modules that are none. Other syntaxes are cheap and always may be.
 */
export function mayBeOurs(text: string, syntax: SyntaxKind): boolean {
  if (syntax === 'shell') return inScripts.test(text);
  return syntax !== 'python' || inPython.test(text);
}
