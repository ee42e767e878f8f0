import { lastLine } from '../bothWays.ts';

/** Nanotron loads its file with PyYAML, which reads 2e5 as a string and 2.0e+5 as a number. */
export const both = lastLine(
  'config.yaml',
  [
    'data_stages: [{name: stable, start_training_step: 1}]',
    'general: {project: small, run: llama}',
    'model:',
    '  dtype: bfloat16',
    '  model_config: {hidden_size: 768, num_hidden_layers: 12, num_attention_heads: 12}',
    'parallelism: {dp: 8, pp: 1, tp: 1}',
    'tokens:',
    '  micro_batch_size: 16',
    '  sequence_length: 2048',
  ].join('\n'),
  '  train_steps: 2e5',
  '  train_steps: 2.0e+5',
);
