import type { NumberFormat } from './format.ts';

/** Four-bit NormalFloat: sixteen quantiles of a normal distribution, for stored weights. */
export const nf4: NumberFormat = {
  id: 'nf4',
  name: 'NF4',
  bits: 4,
  exponentBits: null,
  mantissaBits: null,
  bias: null,
  special: 'none',
  maximum: 1,
  smallestNormal: null,
  smallestSubnormal: null,
  scaling: null,
  storedBits: 4,
  codebook: [
    -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1,
  ],
  source: 'QLoRA, arXiv 2305.14314, appendix E',
};
