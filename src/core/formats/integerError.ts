import { gauss, laplace, student5, squaresAbout, type DistributionName } from './distributions.ts';

/** Mean fourth powers at variance 1: how much a row's root mean square varies. */
const distributions = {
  gauss: { of: gauss, fourth: 3 },
  laplace: { of: laplace, fourth: 6 },
  student5: { of: student5, fourth: 9 },
} as const;

/**
 * The largest value, in root mean squares, at which QuEST's integers lose the least of a normal
 * distribution: `OPTIMAL_GAUSSIAN_SCALES` of its code (IST-DASLab/QuEST), by bits.
 */
const largestInRms: Readonly<Record<number, number>> = {
  1: 0.7978845587140913,
  2: 1.4935346200015913,
  3: 2.051068354131873,
  4: 2.513930578568423,
  5: 2.9160938834961225,
  6: 3.276597282593217,
  7: 3.6010497188221655,
  8: 3.884938678807525,
};

/** Values that share a root mean square: QuEST's public runs have rows of 640 to 2048. */
const rowLength = 768;

/**
 * q = E[(x − Q(x))²] / E[x²] of QuEST's integers (arXiv 2502.05003): 2^bits evenly spaced values,
 * 0 not among them, scaled by the root mean square of a row rather than by its largest magnitude.
 * Derived, by closed forms; that of a finite row varies, which is averaged over. Null for bits
 * other than 1 to 8.
 */
export function rmsIntegerError(bits: number, distribution: DistributionName): number | null {
  const largest = largestInRms[bits];
  if (largest === undefined) return null;
  const { fourth } = distributions[distribution];
  const deviation = Math.sqrt((fourth - 1) / (4 * rowLength));
  // Gauss–Hermite quadrature in three nodes: exact up to the fifth power of the variation.
  const side = Math.sqrt(3) * deviation;
  const at = (rms: number): number => errorAt(bits, rms * largest, distribution);
  return (at(1 - side) + 4 * at(1) + at(1 + side)) / 6;
}

function errorAt(bits: number, largest: number, distribution: DistributionName): number {
  const { of } = distributions[distribution];
  const positive = 2 ** (bits - 1);
  const step = largest / (positive - 0.5);
  let error = 0;
  let reached = of.moments(0);
  for (let index = 0; index < positive; index++) {
    // The last value takes all that lies beyond it; no distribution here has anything past 1e9.
    const end = of.moments(index === positive - 1 ? 1e9 : (index + 1) * step);
    error += squaresAbout((index + 0.5) * step, reached, end);
    reached = end;
  }
  return error;
}
