import type { Accelerator } from './accelerator.ts';

/** CDNA 4; FP6 runs at the rate of FP4. */
export const mi355x: Accelerator = {
  id: 'mi355x',
  name: 'AMD Instinct MI355X',
  aliases: [],
  vendor: 'AMD',
  arch: 'gfx950',
  computeCapability: null,
  memoryBytes: 288e9,
  bandwidth: 8e12,
  rates: [
    { format: 'fp32', teraflops: 157.3 },
    { format: 'bf16', teraflops: 2516.6 },
    { format: 'fp16', teraflops: 2516.6 },
    { format: 'fp8-e4m3', teraflops: 5033.2 },
    { format: 'fp8-e5m2', teraflops: 5033.2 },
    { format: 'int8', teraflops: 5033.2 },
    { format: 'mxfp8-e4m3', teraflops: 5033.2 },
    { format: 'mxfp8-e5m2', teraflops: 5033.2 },
    { format: 'mxfp6-e3m2', teraflops: 10066.3 },
    { format: 'mxfp6-e2m3', teraflops: 10066.3 },
    { format: 'mxfp4', teraflops: 10066.3 },
  ],
  notes: [
    'TF32 is emulated with BF16.',
    'NVFP4 is not supported: FP4 takes blocks of 32 under power-of-two scales.',
  ],
  source: 'AMD Instinct MI355X GPU datasheet, figures without sparsity',
};
