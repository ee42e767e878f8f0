import { describe, expect, it } from 'vitest';
import { qatFraction } from '../../../src/core/laws/qatFraction.ts';

describe('the share of quantisation-aware training', () => {
  // arXiv 2509.22935: f = exp(−6.7297 / ln(D / (N·bits/8))).
  it.each([
    [86e6, 2.3e9, 1, 0.2853],
    [86e6, 2.3e9, 4, 0.1843],
    [1e9, 20e9, 1, 0.2655],
    [1e9, 20e9, 4, 0.1613],
    [1e9, 1e12, 1, 0.4729],
    [1e9, 1e12, 4, 0.4126],
  ])('of %d parameters, %d tokens and %d bits is %d', (N, D, bits, share) => {
    const found = qatFraction(N, D, bits);
    expect(found?.share).toBeCloseTo(share, 4);
    expect(found?.tokens).toBeCloseTo((found?.share ?? 0) * D, 0);
    expect(found?.outside).toEqual([]);
  });

  it('says in which respects it lies outside the fit', () => {
    expect(qatFraction(8e9, 15e12, 8)?.outside).toEqual(['parameters', 'tokens', 'bits']);
    expect(qatFraction(50e6, 3e9, 4)?.outside).toEqual(['parameters']);
  });

  it('has no answer for a token a byte of weights and fewer', () => {
    expect(qatFraction(1e9, 0.5e9, 4)).toBeNull();
    expect(qatFraction(1e9, 1e8, 4)).toBeNull();
    expect(qatFraction(0, 1e9, 4)).toBeNull();
    expect(qatFraction(1e9, 0.51e9, 4)?.share).toBeLessThan(1e-6);
  });
});
