import { describe, expect, it } from 'vitest';
import {
  erf,
  gauss,
  laplace,
  squaresAbout,
  student5,
} from '../../../src/core/formats/distributions.ts';

describe('erf', () => {
  it('has the values of the tables', () => {
    // Abramowitz and Stegun, table 7.1, and DLMF 7.
    expect(erf(0)).toBe(0);
    expect(erf(0.1)).toBeCloseTo(0.1124629160182849, 14);
    expect(erf(0.5)).toBeCloseTo(0.5204998778130465, 14);
    expect(erf(1)).toBeCloseTo(0.8427007929497149, 14);
    expect(erf(2)).toBeCloseTo(0.9953222650189527, 14);
    expect(erf(4)).toBeCloseTo(0.9999999845827421, 14);
    expect(erf(Infinity)).toBe(1);
  });
});

describe.each([
  ['gauss', gauss],
  ['laplace', laplace],
  ['student5', student5],
])('the distribution %s', (_, distribution) => {
  it('has probability 1 and variance 1', () => {
    const [probability, , square] = distribution.moments(1e9);
    expect(probability).toBeCloseTo(1, 12);
    expect(square).toBeCloseTo(1, 8);
  });

  it('has partial moments that are the integrals of its density', () => {
    for (const limit of [0.3, 1, 2.5]) {
      const steps = 20_000;
      const width = limit / steps;
      const sums = [0, 0, 0];
      for (let index = 0; index < steps; index++) {
        const x = (index + 0.5) * width;
        for (const order of [0, 1, 2]) {
          sums[order] = (sums[order] ?? 0) + x ** order * distribution.density(x) * width;
        }
      }
      const found = distribution.moments(limit);
      for (const order of [0, 1, 2] as const) expect(found[order]).toBeCloseTo(sums[order] ?? 0, 8);
    }
  });

  it('has its squares about a point out of them', () => {
    const [low, high] = [distribution.moments(0), distribution.moments(1e9)];
    expect(squaresAbout(0, low, high)).toBeCloseTo(1, 8);
    // E(|x| − 1)² = 2 − 2·E|x|.
    expect(squaresAbout(1, low, high)).toBeCloseTo(2 - 2 * high[1], 8);
  });
});

describe('mean magnitudes', () => {
  it('are those of the distributions', () => {
    expect(gauss.moments(50)[1]).toBeCloseTo(Math.sqrt(2 / Math.PI), 12);
    expect(laplace.moments(50)[1]).toBeCloseTo(Math.SQRT1_2, 12);
    // 4√3 / 3π by ∫ of the density of |t₅| scaled to variance 1.
    expect(student5.moments(1e6)[1]).toBeCloseTo(4 / (Math.PI * Math.sqrt(3)), 10);
  });
});
