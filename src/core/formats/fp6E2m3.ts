import { floating } from './floating.ts';
import type { NumberFormat } from './format.ts';

/** Six bits for precision: largest value 7.5. */
export const fp6E2m3: NumberFormat = floating({
  id: 'fp6-e2m3',
  name: 'FP6 E2M3',
  exponentBits: 2,
  mantissaBits: 3,
  special: 'none',
  source: 'OCP Microscaling Formats (MX) Specification v1.0, element data formats',
});
