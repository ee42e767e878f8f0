import type { Accelerator } from './accelerator.ts';

/** CDNA 4, air cooled, at 2.2 GHz. */
export const mi350x: Accelerator = {
  id: 'mi350x',
  name: 'AMD Instinct MI350X',
  aliases: [],
  vendor: 'AMD',
  arch: 'gfx950',
  computeCapability: null,
  memoryBytes: 288e9,
  bandwidth: 8e12,
  rates: [
    { format: 'bf16', teraflops: 2306.9 },
    { format: 'fp16', teraflops: 2306.9 },
    { format: 'fp8-e4m3', teraflops: 4613.7 },
    { format: 'fp8-e5m2', teraflops: 4613.7 },
    { format: 'int8', teraflops: 4613.7 },
    { format: 'mxfp8-e4m3', teraflops: 4613.7 },
    { format: 'mxfp8-e5m2', teraflops: 4613.7 },
    { format: 'mxfp6-e3m2', teraflops: 9227.5 },
    { format: 'mxfp6-e2m3', teraflops: 9227.5 },
    { format: 'mxfp4', teraflops: 9227.5 },
  ],
  notes: ['NVFP4 is not supported: FP4 takes blocks of 32 under power-of-two scales.'],
  source:
    'tomshardware.com, MI350 at ISC 2025, figures with sparsity halved; Primus fd1eeabb peak_flops_patches.py; a report of ISSCC 2026 (4,096 to 8,192 FLOP a clock and unit); wccftech.com, Hot Chips 2025; svethardware.cz MI355X',
};
