import { quartetConstants, type QuartetConstants } from '../quartet/formulas.ts';

/**
 * The capacity of "Unified Scaling Laws for Compressed Representations" (arXiv 2506.01863), in the
 * paper's letters: ρ(R) = L·tanh(F·log_{1/4} GMSE(R))^C of a representation R, the share of the
 * parameters that a run makes use of; GMSE(R) is its mean squared error on normal values of
 * variance 1. The paper prints neither F nor C nor L.
 */
export interface UnifiedConstants extends QuartetConstants {
  readonly F: number;
  readonly C: number;
}

/**
 * Our own fit of F and C, at L = 1, to the capacities that the paper prints of QuEST's weights in 2,
 * 3, 4 and 8 bits (0.57, 0.75, 0.87, 0.99); on the BF16 law of Quartet, published.
 */
export const unifiedConstants: UnifiedConstants = { ...quartetConstants, F: 0.4003, C: 0.9351 };

/** ρ of a representation with this GMSE; 0 where its error is as large as the values. */
export function capacity(gmse: number, c: UnifiedConstants = unifiedConstants): number {
  return gmse >= 1 ? 0 : Math.tanh((c.F * Math.log(gmse)) / Math.log(1 / 4)) ** c.C;
}
