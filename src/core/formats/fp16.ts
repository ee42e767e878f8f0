import { floating } from './floating.ts';
import type { NumberFormat } from './format.ts';

/** IEEE half precision; training needs loss scaling. */
export const fp16: NumberFormat = floating({
  id: 'fp16',
  name: 'FP16',
  exponentBits: 5,
  mantissaBits: 10,
  special: 'ieee',
  source: 'IEEE 754-2019, binary16',
});
