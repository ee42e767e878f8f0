import { floating } from './floating.ts';
import type { NumberFormat } from './format.ts';

/** IEEE single precision. */
export const fp32: NumberFormat = floating({
  id: 'fp32',
  name: 'FP32',
  exponentBits: 8,
  mantissaBits: 23,
  special: 'ieee',
  source: 'IEEE 754-2019, binary32',
});
