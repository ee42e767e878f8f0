import type { Accelerator } from './accelerator.ts';

/** Two TensorCores a chip. */
export const tpuV5p: Accelerator = {
  id: 'tpu-v5p',
  name: 'Google TPU v5p',
  aliases: ['v5p', 'tpuv5p'],
  vendor: 'Google',
  arch: 'tpu-v5p',
  computeCapability: null,
  memoryBytes: 102e9,
  bandwidth: 2.765e12,
  rates: [
    { format: 'bf16', teraflops: 459 },
    { format: 'fp8-e4m3', teraflops: 459 },
    { format: 'fp8-e5m2', teraflops: 459 },
  ],
  notes: ['FP8 runs at the rate of BF16: it saves memory, not time.'],
  source:
    'Google Cloud documentation, TPU7x, its table of v5p, v6e and TPU7x; torchtitan b5bcd76c tools/utils.py; levanter 9263f81e flop_utils.py',
};
