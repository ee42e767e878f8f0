import type { NumberFormat } from './format.ts';
import { integer } from './integer.ts';

/** Eight-bit integers, −127 … 127 under a scale. */
export const int8: NumberFormat = integer(
  8,
  'Two’s complement; symmetric range as in arXiv 2411.04330',
);
