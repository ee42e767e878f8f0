import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLaw, fittableLaws, type MeasuredRun } from '../../../src/core/calibrate/fit.ts';
import { solveDamped, symmetricEigen } from '../../../src/core/calibrate/linearAlgebra.ts';
import { fitPooled, type PooledRow } from '../../../src/core/calibrate/pooled.ts';
import { quantile } from '../../../src/core/calibrate/rows.ts';
import { seeded, spreadPoint } from '../../../src/core/calibrate/spread.ts';
import { pooledConstants } from '../../../src/core/laws/pooled/formulas.ts';
import { capybaraRuns, last } from './runs.ts';

describe('linear algebra', () => {
  it('solves a symmetric system, damped or not', () => {
    const H = Float64Array.of(4, 2, 2, 3);
    const solved = (damping: number) => {
      const b = Float64Array.of(8, 7);
      expect(solveDamped(H, damping, b, 2, new Float64Array(4))).toBe(true);
      return b;
    };
    // 4x + 2y = 8, 2x + 3y = 7.
    expect(solved(0)[0]).toBeCloseTo(1.25, 12);
    expect(solved(0)[1]).toBeCloseTo(1.5, 12);
    // 8x + 2y = 8, 2x + 6y = 7.
    expect(solved(1)[0]).toBeCloseTo(34 / 44, 12);
  });

  it('refuses a matrix that is not positive definite', () => {
    const H = Float64Array.of(1, 2, 2, 1);
    expect(solveDamped(H, 0, Float64Array.of(1, 1), 2, new Float64Array(4))).toBe(false);
  });

  it('finds eigenvalues and eigenvectors', () => {
    // The second difference matrix of three points: 2 − 2·cos(kπ/4).
    const { values, vectors } = symmetricEigen(Float64Array.of(2, -1, 0, -1, 2, -1, 0, -1, 2), 3);
    const sorted = [...values].sort((a, b) => a - b);
    [2 - Math.SQRT2, 2, 2 + Math.SQRT2].forEach((each, at) => {
      expect(sorted[at]).toBeCloseTo(each, 12);
    });
    // Of the value 2 it is (1, 0, −1)/√2.
    const at = values.findIndex((each) => Math.abs(each - 2) < 1e-9);
    expect(vectors[3 + at]).toBeCloseTo(0, 12);
    expect(Math.abs(vectors[at] ?? 0)).toBeCloseTo(Math.SQRT1_2, 12);
  });
});

describe('points and numbers to draw from', () => {
  it('spreads points over the whole cube', () => {
    const points = Array.from({ length: 256 }, (_, index) => spreadPoint(index + 1, 2));
    const cells = new Set(
      points.map(([x = 0, y = 0]) => 8 * Math.floor(8 * x) + Math.floor(8 * y)),
    );
    // Four points a cell of an 8 × 8 board on average: chance alone leaves one of them empty.
    expect(cells.size).toBe(64);
  });

  it('draws the same numbers for the same seed, evenly', () => {
    const draw = seeded(5);
    const numbers = Array.from({ length: 4000 }, draw);
    const again = seeded(5);
    expect(numbers.slice(0, 5)).toEqual(Array.from({ length: 5 }, again));
    expect(quantile(numbers, 0.5)).toBeGreaterThan(0.48);
    expect(quantile(numbers, 0.5)).toBeLessThan(0.52);
    expect(numbers.every((each) => each >= 0 && each < 1)).toBe(true);
  });

  it('interpolates quantiles', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.05)).toBeCloseTo(1.2, 12);
  });
});

describe('fitPooled', () => {
  const q = { qw: 0, qx: 0, qe1: 0, qwb: 0, qe2: 0, qxb: 0 };

  it('keeps the constants as they are where there is nothing to fit', () => {
    expect(fitPooled([])).toEqual(pooledConstants);
    const noise: PooledRow[] = Array.from({ length: 20 }, () => ({
      ...{ N: 1e8, D: 2e9, phi: 1, q: { ...q, qw: 0.01 }, gap: 0.001 },
    }));
    expect(fitPooled(noise)).toEqual(pooledConstants);
  });
});

describe('whatever the runs are', () => {
  const sound = capybaraRuns();
  const anything = fc.oneof(fc.double(), fc.double({ min: 0.1, max: 1e12, noNaN: true }));
  const run = fc
    .tuple(
      fc.integer({ min: 0, max: sound.length - 1 }),
      anything,
      anything,
      anything,
      fc.boolean(),
    )
    .map(([at, parameters, loss, twin, isKept]): MeasuredRun => {
      const base = sound[at];
      if (!base) throw new Error('no run');
      return isKept
        ? { ...base, bf16Loss: base.loss * 0.99 }
        : { point: { ...base.point, parameters }, loss, bf16Loss: twin };
    });

  it('throws nothing and returns numbers, or one sentence', () => {
    fc.assert(
      fc.property(
        fc.array(run, { maxLength: 25 }),
        fc.constantFrom(...fittableLaws),
        (runs, law) => {
          const options = {
            law,
            pinned: {},
            bootstrap: 2,
            holdOut: 'largest-n',
            starts: 3,
          } as const;
          const result = last(fitLaw(runs, options));
          if ('error' in result) return /^[A-Z].*\.$/.test(result.error);
          const numbers = Object.values(result.constants).flatMap(({ value, low, high }) => [
            value,
            low ?? 0,
            high ?? 0,
          ]);
          const error = result.holdOut?.medianAbsError ?? 0;
          return [...numbers, result.objective, error].every(Number.isFinite);
        },
      ),
      { numRuns: 100 },
    );
  });
});
