import { microscaled } from './blockScaled.ts';
import type { NumberFormat } from './format.ts';
import { fp8E5m2 } from './fp8E5m2.ts';

/** FP8 E5M2 in blocks of 32 under a power-of-two scale. */
export const mxfp8E5m2: NumberFormat = microscaled(fp8E5m2, 'mxfp8-e5m2', 'MXFP8 E5M2');
