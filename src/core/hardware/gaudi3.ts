import type { Accelerator } from './accelerator.ts';

/** Third generation. */
export const gaudi3: Accelerator = {
  id: 'gaudi3',
  name: 'Intel Gaudi 3',
  aliases: ['hl325'],
  vendor: 'Intel',
  arch: 'gaudi3',
  computeCapability: null,
  memoryBytes: 128e9,
  bandwidth: 3.67e12,
  rates: [
    { format: 'bf16', teraflops: 1835 },
    { format: 'fp8-e4m3', teraflops: 1835 },
    { format: 'fp8-e5m2', teraflops: 1835 },
  ],
  notes: ['FP8 runs at the rate of BF16: it saves memory, not time.'],
  source: 'Intel Gaudi 3, Hot Chips 2024',
};
