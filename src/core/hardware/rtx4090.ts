import type { Accelerator } from './accelerator.ts';

/** Ada; matrix rates with FP32 accumulation. */
export const rtx4090: Accelerator = {
  id: 'rtx4090',
  name: 'NVIDIA GeForce RTX 4090',
  aliases: ['4090'],
  vendor: 'NVIDIA',
  arch: 'sm89',
  computeCapability: 8.9,
  memoryBytes: 24e9,
  bandwidth: 1.008e12,
  rates: [
    { format: 'fp32', teraflops: 82.6 },
    { format: 'tf32', teraflops: 82.6 },
    { format: 'bf16', teraflops: 165.2 },
    { format: 'fp16', teraflops: 165.2 },
    { format: 'fp8-e4m3', teraflops: 330.3 },
    { format: 'fp8-e5m2', teraflops: 330.3 },
    { format: 'int8', teraflops: 660.6 },
    { format: 'int4', teraflops: 1321.2 },
  ],
  notes: [
    'FP8 takes one scale a tensor; blocks of 128 need compute capability 9.0 in Transformer Engine.',
    'With FP16 accumulation FP16 and FP8 run twice as fast.',
  ],
  source:
    'waredb.com RTX 4090; hmc-tech.com RTX 4090; pytorch-lightning 7f0c3436 throughput.py; nanochat 92d63d4 common.py',
};
