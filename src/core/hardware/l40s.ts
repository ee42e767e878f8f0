import type { Accelerator } from './accelerator.ts';

/** Ada. */
export const l40s: Accelerator = {
  id: 'l40s',
  name: 'NVIDIA L40S',
  aliases: [],
  vendor: 'NVIDIA',
  arch: 'sm89',
  computeCapability: 8.9,
  memoryBytes: 48e9,
  bandwidth: 0.864e12,
  rates: [
    { format: 'fp32', teraflops: 91.6 },
    { format: 'tf32', teraflops: 183 },
    { format: 'bf16', teraflops: 362.05 },
    { format: 'fp16', teraflops: 362.05 },
    { format: 'fp8-e4m3', teraflops: 733 },
    { format: 'fp8-e5m2', teraflops: 733 },
    { format: 'int8', teraflops: 733 },
  ],
  notes: [
    'FP8 takes one scale a tensor; blocks of 128 need compute capability 9.0 in Transformer Engine.',
  ],
  source:
    'NVIDIA L40S datasheet table (mullet.se); verl b178a3cd flops_counter.py; Automodel 36044ad3 mfu.py; torchtitan b5bcd76c tools/utils.py; nanochat 92d63d4 common.py',
};
