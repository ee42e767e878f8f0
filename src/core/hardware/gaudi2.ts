import type { Accelerator } from './accelerator.ts';

/** Second generation. */
export const gaudi2: Accelerator = {
  id: 'gaudi2',
  name: 'Intel Gaudi 2',
  aliases: ['hl225'],
  vendor: 'Intel',
  arch: 'gaudi2',
  computeCapability: null,
  memoryBytes: 96e9,
  bandwidth: 2.46e12,
  rates: [
    { format: 'bf16', teraflops: 432 },
    { format: 'fp8-e4m3', teraflops: 865 },
    { format: 'fp8-e5m2', teraflops: 865 },
  ],
  notes: ['Sources disagree on FP8: 835 or 865 TFLOP/s.', 'Optimum Habana refuses FP16 and TF32.'],
  source: 'Intel Gaudi 3, Hot Chips 2024; pcguia.pt 2024-04',
};
