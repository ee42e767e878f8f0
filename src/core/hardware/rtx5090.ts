import type { Accelerator } from './accelerator.ts';

/** Blackwell of GeForce: block-scaled formats, but neither tensor memory nor the data-centre instructions. */
export const rtx5090: Accelerator = {
  id: 'rtx5090',
  name: 'NVIDIA GeForce RTX 5090',
  aliases: ['5090'],
  vendor: 'NVIDIA',
  arch: 'sm120',
  computeCapability: 12,
  memoryBytes: 32e9,
  bandwidth: 1.792e12,
  rates: [
    { format: 'fp32', teraflops: 104.8 },
    { format: 'bf16', teraflops: 209.5 },
    { format: 'fp16', teraflops: 209.5 },
    { format: 'fp8-e4m3', teraflops: 419 },
    { format: 'fp8-e5m2', teraflops: 419 },
    { format: 'int8', teraflops: 838 },
    { format: 'mxfp4', teraflops: 1676 },
    { format: 'nvfp4', teraflops: 1676 },
  ],
  notes: [
    'Transformer Engine refuses MXFP8 here, and NVFP4 with its default recipe (random Hadamard transform, stochastic rounding).',
    'Rates of BF16, FP16 and FP8 are those with FP32 accumulation, half of those with FP16.',
  ],
  source:
    'spheron.network RTX 5090, figures with sparsity halved; Linux Format, May 2025; nanochat 92d63d4 common.py; torchao 36027d82 roofline_utils.py; castromedia.org RTX 5090',
};
