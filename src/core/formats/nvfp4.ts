import { blockScaled } from './blockScaled.ts';
import type { NumberFormat } from './format.ts';
import { fp4E2m1 } from './fp4E2m1.ts';

/** FP4 E2M1 in blocks of 16 under an E4M3 scale, with one FP32 scale a tensor above it. */
export const nvfp4: NumberFormat = blockScaled(fp4E2m1, {
  id: 'nvfp4',
  name: 'NVFP4',
  block: 16,
  scale: 'e4m3',
  source: 'Pretraining Large Language Models with NVFP4, arXiv 2509.25149, section 2',
});
