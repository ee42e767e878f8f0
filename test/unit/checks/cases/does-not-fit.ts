import { lastLine } from '../bothWays.ts';

/** A whole fine-tune of an 8B model takes over 80 GB with FP32 weights, and not with BF16 ones. */
export const both = lastLine(
  'full.yaml',
  [
    '# floatcast: hardware=h100',
    'base_model: meta-llama/Llama-3.1-8B',
    'datasets:',
    '  - path: tatsu-lab/alpaca',
    '    type: alpaca',
    'sequence_len: 2048',
    'sample_packing: true',
    'micro_batch_size: 1',
    'gradient_checkpointing: true',
    'optimizer: adamw_torch_fused',
  ].join('\n'),
  'bf16: false',
  'bf16: true',
);
