import { floating } from './floating.ts';
import type { NumberFormat } from './format.ts';

/** The upper half of FP32: the reference that every gap is measured against. */
export const bf16: NumberFormat = floating({
  id: 'bf16',
  name: 'BF16',
  exponentBits: 8,
  mantissaBits: 7,
  special: 'ieee',
  source: 'Intel, BFLOAT16 Hardware Numerics Definition, rev. 1.0 (2018)',
});
