import type { NumberFormat } from './format.ts';
import { integer } from './integer.ts';

/** Four-bit integers, −7 … 7 under a scale. */
export const int4: NumberFormat = integer(
  4,
  'Two’s complement; symmetric range as in arXiv 2411.04330',
);
