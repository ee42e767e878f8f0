import { microscaled } from './blockScaled.ts';
import type { NumberFormat } from './format.ts';
import { fp8E4m3 } from './fp8E4m3.ts';

/** FP8 E4M3 in blocks of 32 under a power-of-two scale. */
export const mxfp8E4m3: NumberFormat = microscaled(fp8E4m3, 'mxfp8-e4m3', 'MXFP8 E4M3');
