import { microscaled } from './blockScaled.ts';
import type { NumberFormat } from './format.ts';
import { fp6E3m2 } from './fp6E3m2.ts';

/** FP6 E3M2 in blocks of 32 under a power-of-two scale. */
export const mxfp6E3m2: NumberFormat = microscaled(fp6E3m2, 'mxfp6-e3m2', 'MXFP6 E3M2');
