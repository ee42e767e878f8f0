import { floating } from './floating.ts';
import type { NumberFormat } from './format.ts';

/** OCP E5M2: an IEEE-like format with infinities, largest value 57344. */
export const fp8E5m2: NumberFormat = floating({
  id: 'fp8-e5m2',
  name: 'FP8 E5M2',
  exponentBits: 5,
  mantissaBits: 2,
  special: 'ieee',
  source: 'OCP 8-bit Floating Point Specification (OFP8) rev. 1.0, tables 1 and 2',
});
