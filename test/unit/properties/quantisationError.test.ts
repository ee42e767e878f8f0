import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatById } from '../../../src/core/formats/registry.ts';
import {
  quantisationError,
  type BlockScale,
  type Rounding,
} from '../../../src/core/formats/quantisationError.ts';
import { blocks, formatIds } from './points.ts';

const quantisers = fc
  .record({
    id: formatIds,
    values: fc.oneof(blocks, fc.constant('tensor' as const)),
    scale: fc.constantFrom<BlockScale>('fp32', 'e8m0-floor', 'e8m0-up', 'e4m3'),
    rounding: fc.constantFrom<Rounding>('nearest', 'stochastic'),
    distribution: fc.constantFrom('gauss', 'laplace', 'student5'),
  })
  .map(({ id, ...rest }) => {
    const format = formatById(id);
    if (!format) throw new Error(`No format ${id}`);
    return { format, ...rest };
  });

describe('the quantisation error of any quantiser', () => {
  it('is a share of the values, rounded to nearest', () => {
    fc.assert(
      fc.property(quantisers, (quantiser) => {
        const q = quantisationError({ ...quantiser, rounding: 'nearest' });
        expect(q).toBeGreaterThanOrEqual(0);
        // Above 1 only where a scale of its own is so coarse that it loses more than all of 0.
        expect(q).toBeLessThanOrEqual(1.2);
      }),
      { numRuns: 500 },
    );
  });

  it('is at least as large rounded by chance, and finite', () => {
    fc.assert(
      fc.property(quantisers, (quantiser) => {
        const nearest = quantisationError({ ...quantiser, rounding: 'nearest' });
        const byChance = quantisationError({ ...quantiser, rounding: 'stochastic' });
        expect(byChance).toBeGreaterThanOrEqual(nearest * (1 - 1e-6) - 1e-12);
        expect(byChance).toBeLessThan(100);
      }),
      { numRuns: 300 },
    );
  });

  it('grows with the block where the scale is exact and the values are normal', () => {
    fc.assert(
      fc.property(quantisers, fc.integer({ min: 1, max: 20 }), (quantiser, power) => {
        // Evenly spaced values: those of a float that a larger block moves among its binades may
        // lie better there.
        fc.pre(quantiser.format.exponentBits === null && quantiser.format.codebook === undefined);
        const at = (values: number) =>
          quantisationError({
            ...quantiser,
            ...{ values, scale: 'fp32', distribution: 'gauss', rounding: 'nearest' },
          });
        expect(at(2 ** (power + 1))).toBeGreaterThan(at(2 ** power));
      }),
      { numRuns: 60 },
    );
  });

  it.each(['fp32', 'tf32', 'bf16', 'e0m20'])('is next to nothing in %s', (id) => {
    const format = formatById(id);
    if (!format) throw new Error(id);
    for (const scale of ['fp32', 'e8m0-up'] as const) {
      for (const values of [1, 32, 4096, 2 ** 22] as const) {
        const q = {
          format,
          values,
          scale,
          rounding: 'stochastic',
          distribution: 'laplace',
        } as const;
        expect(quantisationError(q)).toBeGreaterThanOrEqual(0);
        expect(quantisationError(q)).toBeLessThan(1e-4);
      }
    }
  });
});
