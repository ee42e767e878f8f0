import type { Accelerator } from './accelerator.ts';

/** CDNA 3. */
export const mi300x: Accelerator = {
  id: 'mi300x',
  name: 'AMD Instinct MI300X',
  aliases: [],
  vendor: 'AMD',
  arch: 'gfx942',
  computeCapability: null,
  memoryBytes: 192e9,
  bandwidth: 5.3e12,
  rates: [
    { format: 'fp32', teraflops: 163.4 },
    { format: 'tf32', teraflops: 653.7 },
    { format: 'bf16', teraflops: 1307.4 },
    { format: 'fp16', teraflops: 1307.4 },
    { format: 'fp8-e4m3', teraflops: 2614.9 },
    { format: 'fp8-e5m2', teraflops: 2614.9 },
    { format: 'int8', teraflops: 2614.9 },
  ],
  notes: [
    'Its FP8 is the FNUZ variant: E4M3 reaches 240 instead of 448, and exponents are biased by one more.',
    'The rate of TF32 is derived, half of BF16; no source prints one, and one denies it.',
  ],
  source: 'AMD Instinct MI300X Accelerator datasheet, figures without sparsity',
};
