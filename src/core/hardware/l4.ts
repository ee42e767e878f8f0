import type { Accelerator } from './accelerator.ts';

/** Ada. */
export const l4: Accelerator = {
  id: 'l4',
  name: 'NVIDIA L4',
  aliases: [],
  vendor: 'NVIDIA',
  arch: 'sm89',
  computeCapability: 8.9,
  memoryBytes: 24e9,
  bandwidth: 0.3e12,
  rates: [
    { format: 'fp32', teraflops: 30.3 },
    { format: 'tf32', teraflops: 60 },
    { format: 'bf16', teraflops: 121 },
    { format: 'fp16', teraflops: 121 },
    { format: 'fp8-e4m3', teraflops: 242.5 },
    { format: 'fp8-e5m2', teraflops: 242.5 },
    { format: 'int8', teraflops: 242 },
    { format: 'int4', teraflops: 484 },
  ],
  notes: [
    'FP8 takes one scale a tensor; blocks of 128 need compute capability 9.0 in Transformer Engine.',
  ],
  source:
    'grokipedia.com L4, figures with sparsity halved; pytorch-lightning 7f0c3436 throughput.py; nanochat 92d63d4 common.py',
};
