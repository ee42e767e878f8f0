import { floating } from './floating.ts';
import type { NumberFormat } from './format.ts';

/** OCP E4M3 (“fn”): no infinities, one NaN a sign, largest value 448. */
export const fp8E4m3: NumberFormat = floating({
  id: 'fp8-e4m3',
  name: 'FP8 E4M3',
  exponentBits: 4,
  mantissaBits: 3,
  special: 'nan-only',
  source: 'OCP 8-bit Floating Point Specification (OFP8) rev. 1.0, tables 1 and 2',
});
