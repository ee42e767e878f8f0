import { microscaled } from './blockScaled.ts';
import type { NumberFormat } from './format.ts';
import { fp4E2m1 } from './fp4E2m1.ts';

/** FP4 E2M1 in blocks of 32 under a power-of-two scale. */
export const mxfp4: NumberFormat = microscaled(fp4E2m1, 'mxfp4', 'MXFP4');
