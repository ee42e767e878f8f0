import { lastLine } from '../bothWays.ts';

/** A policy that allows FP8 and no BF16. */
export const both = {
  ...lastLine(
    'run.yaml',
    [
      'max_seq_len: 2048',
      'model:',
      '  name: mpt_causal_lm',
      '  d_model: 4096',
      '  n_heads: 32',
      '  n_layers: 32',
      '  fc_type: te',
      'global_train_batch_size: 1024',
      'max_duration: 64000ba',
      'train_loader:',
      '  name: text',
    ].join('\n'),
    'precision: amp_bf16',
    'precision: amp_fp8',
  ),
  settings: { allowedFormats: ['fp8-e4m3'] },
};
