import type { Accelerator } from './accelerator.ts';

/** Ampere, SXM module. */
export const a100: Accelerator = {
  id: 'a100',
  name: 'NVIDIA A100 80 GB SXM',
  aliases: ['a800'],
  vendor: 'NVIDIA',
  arch: 'sm80',
  computeCapability: 8,
  memoryBytes: 80e9,
  bandwidth: 2.039e12,
  rates: [
    { format: 'fp32', teraflops: 19.5 },
    { format: 'tf32', teraflops: 156 },
    { format: 'bf16', teraflops: 312 },
    { format: 'fp16', teraflops: 312 },
    { format: 'int8', teraflops: 624 },
    { format: 'int4', teraflops: 1248 },
  ],
  notes: ['There are no FP8 units: FP8 values are stored as such and multiplied in BF16 or FP16.'],
  source:
    'NVIDIA A100 80GB Tensor Core GPU datasheet, dense column; INT4 from the A100 architecture white paper',
};
