import type { Accelerator } from './accelerator.ts';

/** Trillium, one TensorCore a chip. */
export const tpuV6e: Accelerator = {
  id: 'tpu-v6e',
  name: 'Google TPU v6e (Trillium)',
  aliases: ['v6e', 'tpuv6e', 'trillium'],
  vendor: 'Google',
  arch: 'tpu-v6e',
  computeCapability: null,
  memoryBytes: 34.4e9,
  bandwidth: 1.638e12,
  rates: [
    { format: 'bf16', teraflops: 918 },
    { format: 'fp8-e4m3', teraflops: 918 },
    { format: 'fp8-e5m2', teraflops: 918 },
    { format: 'int8', teraflops: 1836 },
  ],
  notes: ['FP8 runs at the rate of BF16: it saves memory, not time; INT8 runs twice as fast.'],
  source:
    'Google Cloud documentation, TPU7x, its table of v5p, v6e and TPU7x; torchtitan b5bcd76c tools/utils.py; levanter 9263f81e flop_utils.py',
};
