import { describe, expect, it } from 'vitest';
import { outsideSizes, sizeNotes } from '../../../src/core/laws/fittedSizes.ts';
import { pointFor } from '../../../src/core/laws/point.ts';
import { laws } from '../../../src/core/laws/registry.ts';

// Kumar et al., arXiv 2411.04330, section 2.5: 30 to 220 M parameters, 1.5 to 26 B tokens.
const fit = { parameters: [30e6, 220e6], tokens: [1.5e9, 26e9] } as const;

describe('how far a run lies outside of a fit', () => {
  it('is a multiple of the nearer end, with the range', () => {
    expect(sizeNotes(6.6e9, 100e6, fit)).toEqual([
      'N is 30× the largest of the fit (30 M to 220 M parameters).',
      'The smallest D of the fit (1.5 B to 26 B tokens) is 15× as large.',
    ]);
    expect(outsideSizes(6.6e9, 100e6, fit)).toEqual(['parameters', 'tokens']);
  });

  it('is nothing inside, ends included, and for what is not asked', () => {
    expect(sizeNotes(30e6, 26e9, fit)).toEqual([]);
    expect(outsideSizes(30e6, 26e9, fit)).toEqual([]);
    expect(sizeNotes(null, null, fit)).toEqual([]);
  });

  it('is said by every law in the same words, as often as it says that it extrapolates', () => {
    const sizes = { parameters: 1e15, tokens: 1 };
    for (const format of ['bf16', 'nvfp4', 'int4'] as const) {
      const point = pointFor({ ...sizes, format });
      if (!point) throw new Error('no point');
      for (const each of laws) {
        const { extrapolated, notes, gap, law } = each.forecast(point);
        const said = notes.filter((note) => note.includes(' of the fit (')).length;
        const outside = extrapolated.filter((respect) =>
          ['parameters', 'tokens'].includes(respect),
        );
        expect(said, `${law} ${format}`).toBe(gap === null ? 0 : outside.length);
      }
    }
  });
});
