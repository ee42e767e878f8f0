import type { Accelerator } from './accelerator.ts';

/** CDNA 3 with more memory: the compute die and clock of the MI300X. */
export const mi325x: Accelerator = {
  id: 'mi325x',
  name: 'AMD Instinct MI325X',
  aliases: [],
  vendor: 'AMD',
  arch: 'gfx942',
  computeCapability: null,
  memoryBytes: 256e9,
  bandwidth: 6e12,
  rates: [
    { format: 'bf16', teraflops: 1307.4 },
    { format: 'fp16', teraflops: 1307.4 },
    { format: 'fp8-e4m3', teraflops: 2614.9 },
    { format: 'fp8-e5m2', teraflops: 2614.9 },
    { format: 'int8', teraflops: 2614.9 },
  ],
  notes: [
    'Its FP8 is the FNUZ variant: E4M3 reaches 240 instead of 448, and exponents are biased by one more.',
  ],
  source:
    'wiaix.com MI325X; nanochat 92d63d4 common.py; torchtitan b5bcd76c tools/utils.py; a report of ISSCC 2026 (4,096 to 8,192 FLOP a clock and unit)',
};
