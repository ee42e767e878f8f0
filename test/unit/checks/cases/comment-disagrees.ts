import { lastLine } from '../bothWays.ts';

/** 600 batches of 512 sequences of 1024 tokens are 0.3146 B; a comment may be 20 % off. */
export const both = lastLine(
  'train.yaml',
  [
    'model: {name: mpt_causal_lm, d_model: 768, n_heads: 12, n_layers: 12}',
    'train_loader: {name: text}',
    'max_seq_len: 1024',
    'global_train_batch_size: 512',
  ].join('\n'),
  'max_duration: 600ba  # 0.38B tokens',
  'max_duration: 600ba  # 0.37B tokens',
);
