import type { Accelerator } from './accelerator.ts';

/** Ironwood, one chip of two TensorCores. */
export const tpu7x: Accelerator = {
  id: 'tpu7x',
  name: 'Google TPU7x (Ironwood)',
  aliases: ['v7x', 'tpuv7x', 'tpuv7', 'ironwood'],
  vendor: 'Google',
  arch: 'tpu7x',
  computeCapability: null,
  memoryBytes: 206e9,
  bandwidth: 7.38e12,
  rates: [
    { format: 'bf16', teraflops: 2307 },
    { format: 'fp8-e4m3', teraflops: 4614 },
    { format: 'fp8-e5m2', teraflops: 4614 },
  ],
  notes: ['Frameworks see two devices a chip, each with half of these figures.'],
  source:
    'Google Cloud documentation, TPU7x, its table of v5p, v6e and TPU7x; torchtitan b5bcd76c tools/utils.py',
};
