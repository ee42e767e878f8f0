import { microscaled } from './blockScaled.ts';
import type { NumberFormat } from './format.ts';
import { fp6E2m3 } from './fp6E2m3.ts';

/** FP6 E2M3 in blocks of 32 under a power-of-two scale. */
export const mxfp6E2m3: NumberFormat = microscaled(fp6E2m3, 'mxfp6-e2m3', 'MXFP6 E2M3');
