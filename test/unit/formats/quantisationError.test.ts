import { describe, expect, it } from 'vitest';
import {
  quantisationError,
  type BlockScale,
  type Quantiser,
  type Rounding,
} from '../../../src/core/formats/quantisationError.ts';
import type { DistributionName } from '../../../src/core/formats/distributions.ts';
import { formatById } from '../../../src/core/formats/registry.ts';

type Cell = [string, number | 'tensor', BlockScale, Rounding, DistributionName, number];

function error(id: string, other: Partial<Quantiser> = {}): number {
  const format = formatById(id);
  if (!format) throw new Error(`no format ${id}`);
  return quantisationError({
    format,
    values: 128,
    scale: 'fp32',
    rounding: 'nearest',
    distribution: 'gauss',
    ...other,
  });
}

/** Errors of simulated quantisers over some 4 million values each (four digits of a sample). */
const simulated: Cell[] = [
  ['e2m1', 'tensor', 'fp32', 'nearest', 'laplace', 0.06602],
  ['fp8-e4m3', 'tensor', 'fp32', 'nearest', 'gauss', 0.0007012],
  ['int4', 'tensor', 'fp32', 'nearest', 'gauss', 0.04869],
  ['e2m1', 4096, 'fp32', 'nearest', 'gauss', 0.01414],
  ['e2m1', 128, 'fp32', 'nearest', 'gauss', 0.01187],
  ['e2m1', 128, 'e8m0-floor', 'nearest', 'gauss', 0.01339],
  ['e2m1', 32, 'e8m0-up', 'nearest', 'laplace', 0.0175],
  ['e2m1', 32, 'e8m0-floor', 'stochastic', 'gauss', 0.0251],
  ['e2m1', 16, 'e4m3', 'nearest', 'gauss', 0.009035],
  ['e2m1', 16, 'e4m3', 'nearest', 'laplace', 0.008592],
  ['e2m1', 16, 'e4m3', 'stochastic', 'gauss', 0.01885],
  ['e2m1', 128, 'fp32', 'nearest', 'student5', 0.01523],
  ['e3m0', 16, 'e8m0-floor', 'nearest', 'gauss', 0.06077],
  ['e3m0', 128, 'fp32', 'stochastic', 'gauss', 0.07739],
  ['e1m2', 32, 'fp32', 'nearest', 'laplace', 0.01468],
  ['e3m2', 32, 'e8m0-up', 'nearest', 'gauss', 0.002784],
  ['e2m3', 16, 'e4m3', 'nearest', 'laplace', 0.0006939],
  ['e2m3', 32, 'fp32', 'stochastic', 'gauss', 0.001177],
  ['fp8-e4m3', 128, 'fp32', 'nearest', 'laplace', 0.0006145],
  ['fp8-e4m3', 32, 'e8m0-floor', 'nearest', 'gauss', 0.0009059],
  ['fp8-e4m3', 32, 'e8m0-up', 'nearest', 'laplace', 0.0007011],
  ['fp8-e4m3', 16, 'e4m3', 'stochastic', 'gauss', 0.001223],
  ['fp8-e5m2', 4096, 'fp32', 'nearest', 'laplace', 0.002753],
  ['fp8-e5m2', 128, 'e8m0-up', 'stochastic', 'gauss', 0.005582],
  ['int4', 128, 'e8m0-up', 'nearest', 'gauss', 0.02969],
  ['int4', 16, 'e4m3', 'nearest', 'gauss', 0.007453],
  ['int8', 128, 'e4m3', 'nearest', 'gauss', 6.458e-5],
  ['int8', 4096, 'fp32', 'nearest', 'laplace', 0.0002111],
  ['int8', 32, 'e8m0-floor', 'nearest', 'gauss', 6.377e-5],
];

describe('the quantisation error', () => {
  it.each(simulated)(
    'of %s, %s values a scale, %s, %s, %s is that of the simulation',
    (id, values, scale, rounding, distribution, expected) => {
      const found = error(id, { values, scale, rounding, distribution });
      // One simulated tensor has one largest magnitude, which is a matter of luck.
      const tolerance = values === 'tensor' ? 0.15 : 0.015;
      expect(Math.abs(found / expected - 1)).toBeLessThan(tolerance);
    },
  );

  it('is step²/12 for every value but the largest, where steps are fine', () => {
    // Of two normal values, the square of the larger magnitude has the mean 1 + 2/π.
    const largestSquare = 1 + 2 / Math.PI;
    expect(error('int8', { values: 2 }) / (largestSquare / 24 / 127 ** 2)).toBeCloseTo(1, 2);
  });

  it('is nothing where a value has its own scale, unless that is rounded', () => {
    expect(error('fp4-e2m1', { values: 1 })).toBe(0);
    expect(error('fp4-e2m1', { values: 1, scale: 'e8m0-up' })).toBeGreaterThan(0.005);
  });

  it('of stochastic rounding is twice that of rounding to nearest where steps are fine', () => {
    for (const id of ['int8', 'fp8-e4m3', 'bf16']) {
      expect(error(id, { rounding: 'stochastic' }) / error(id)).toBeCloseTo(2, 1);
    }
  });

  it('of BF16 is that of seven mantissa bits', () => {
    // The exact mean of steps 2^(k−7) over a normal value's binades is 2.76e-6 (E8M7 unscaled).
    expect(error('bf16', { values: 'tensor', scale: 'e8m0-up' })).toBeCloseTo(2.75e-6, 8);
  });

  it('of NF4 is that of its normal quantiles: less than that of any other four bits', () => {
    const found = error('nf4', { values: 64 });
    expect(found).toBeGreaterThan(0.007);
    for (const id of ['fp4-e2m1', 'int4', 'e1m2', 'e3m0']) {
      expect(found).toBeLessThan(error(id, { values: 64 }));
    }
  });

  it('is everything for a format of nothing but 0', () => {
    expect(error('e0m0')).toBe(1);
  });

  it('is a number from 0 up for any layout, block and scale', () => {
    const scales: BlockScale[] = ['fp32', 'e8m0-floor', 'e8m0-up', 'e4m3'];
    const found = ['e1m0', 'e0m1', 'e10m2', 'e2m20', 'e0m40', 'fp32', 'nf4'].flatMap((id) =>
      ([1, 1.5, 3, 1e9, 'tensor'] as const).flatMap((values) =>
        scales.map((scale) => error(id, { values, scale, distribution: 'laplace' })),
      ),
    );
    expect(found.filter((each) => !(each >= 0 && each < 1))).toEqual([]);
  });
});
