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

/**
 * Resolves `int2` … `int16` to an integer format that the shelf has no name for (post-training
 * recipes go down to two bits); undefined for any other text.
 */
export function integerFormat(id: string): NumberFormat | undefined {
  const match = /^int([2-9]|1[0-6])$/.exec(id);
  return match
    ? integer(Number(match[1]), 'Two’s complement, symmetric range: ±(2^(b−1) − 1)')
    : undefined;
}
