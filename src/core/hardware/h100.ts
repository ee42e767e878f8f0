import type { Accelerator } from './accelerator.ts';

/** Hopper, SXM module; the datasheet prints rates with sparsity, twice the dense ones. */
export const h100: Accelerator = {
  id: 'h100',
  name: 'NVIDIA H100 SXM',
  aliases: ['h800'],
  vendor: 'NVIDIA',
  arch: 'sm90',
  computeCapability: 9,
  memoryBytes: 80e9,
  bandwidth: 3.35e12,
  rates: [
    { format: 'fp32', teraflops: 67 },
    { format: 'tf32', teraflops: 494.5 },
    { format: 'bf16', teraflops: 989.5 },
    { format: 'fp16', teraflops: 989.5 },
    { format: 'fp8-e4m3', teraflops: 1979 },
    { format: 'fp8-e5m2', teraflops: 1979 },
    { format: 'int8', teraflops: 1979 },
  ],
  notes: [
    'FP8 takes scales per tensor or per row; scales per block are applied outside the tensor cores, with partial sums promoted to FP32.',
  ],
  source: 'NVIDIA H100 Tensor Core GPU datasheet, SXM column; its figures with sparsity halved',
};
