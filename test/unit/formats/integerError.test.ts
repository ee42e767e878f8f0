import { describe, expect, it } from 'vitest';
import { rmsIntegerError } from '../../../src/core/formats/integerError.ts';

describe('the error of integers scaled by the root mean square', () => {
  // Simulated with QuEST's quantiser; exact minima of the normal distribution are those of Max
  // (1960): 0.3634, 0.1188, 0.0374, 0.0115 for 2, 4, 8, 16 values, a little less than of finite rows.
  it.each([
    [1, 'gauss', 0.36377],
    [2, 'gauss', 0.11919],
    [3, 'gauss', 0.03759],
    [4, 'gauss', 0.01161],
    [5, 'gauss', 0.00349],
    [6, 'gauss', 0.00104],
    [8, 'gauss', 8.8152e-5],
    [1, 'laplace', 0.5084],
    [2, 'laplace', 0.1996],
    [4, 'laplace', 0.03792],
    [8, 'laplace', 0.004301],
    [3, 'student5', 0.09029],
  ] as const)(
    'in %i bits on %s values is that of the simulation',
    (bits, distribution, expected) => {
      const found = rmsIntegerError(bits, distribution) ?? 0;
      expect(Math.abs(found / expected - 1)).toBeLessThan(0.011);
    },
  );

  it('is known for 1 to 8 bits', () => {
    expect(rmsIntegerError(0, 'gauss')).toBeNull();
    expect(rmsIntegerError(9, 'gauss')).toBeNull();
    expect(rmsIntegerError(7, 'gauss')).toBeCloseTo(3.05e-4, 5);
  });
});
