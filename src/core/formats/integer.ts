import type { NumberFormat } from './format.ts';

/**
 * Builds a two's-complement integer format, scaled symmetrically: quantisers use ±(2^(b−1) − 1)
 * and leave the most negative code unused.
 */
export function integer(bits: number, source: string): NumberFormat {
  return {
    id: `int${bits}`,
    name: `INT${bits}`,
    bits,
    exponentBits: null,
    mantissaBits: null,
    bias: null,
    special: 'none',
    maximum: 2 ** (bits - 1) - 1,
    smallestNormal: null,
    smallestSubnormal: null,
    scaling: null,
    storedBits: bits,
    source,
  };
}
