import { floating } from './floating.ts';
import type { NumberFormat } from './format.ts';

/** Four bits: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives. */
export const fp4E2m1: NumberFormat = floating({
  id: 'fp4-e2m1',
  name: 'FP4 E2M1',
  exponentBits: 2,
  mantissaBits: 1,
  special: 'none',
  source: 'OCP Microscaling Formats (MX) Specification v1.0, element data formats',
});
