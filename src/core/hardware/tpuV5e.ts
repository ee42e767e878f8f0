import type { Accelerator } from './accelerator.ts';

/** One TensorCore a chip. */
export const tpuV5e: Accelerator = {
  id: 'tpu-v5e',
  name: 'Google TPU v5e',
  aliases: ['v5e', 'tpuv5e', 'v5lite', 'v5litepod'],
  vendor: 'Google',
  arch: 'tpu-v5e',
  computeCapability: null,
  memoryBytes: 16e9,
  bandwidth: 0.819e12,
  rates: [
    { format: 'bf16', teraflops: 197 },
    { format: 'int8', teraflops: 393 },
  ],
  notes: ['No FP8 units.'],
  source:
    'Google Cloud documentation, TPU v5e; torchtitan b5bcd76c tools/utils.py; levanter 9263f81e flop_utils.py',
};
