import { floating } from './floating.ts';
import type { NumberFormat } from './format.ts';

/** Six bits for range: largest value 28. */
export const fp6E3m2: NumberFormat = floating({
  id: 'fp6-e3m2',
  name: 'FP6 E3M2',
  exponentBits: 3,
  mantissaBits: 2,
  special: 'none',
  source: 'OCP Microscaling Formats (MX) Specification v1.0, element data formats',
});
