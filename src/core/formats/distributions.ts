/** What the magnitudes of a tensor are taken to look like, with variance 1. */
export interface Distribution {
  /** Density of the magnitude at `x` ≥ 0. */
  density(x: number): number;
  /** The part of the moments 0, 1 and 2 of the magnitude that lies below `x` ≥ 0. */
  moments(x: number): Moments;
}

/** Partial moments of orders 0, 1 and 2. */
export type Moments = readonly [zeroth: number, first: number, second: number];

/** Names of the distributions that a tensor's values can be taken to have. */
export type DistributionName = 'gauss' | 'laplace' | 'student5';

/** The integral of (x − point)² between two magnitudes, out of the moments below them. */
export function squaresAbout(point: number, low: Moments, high: Moments): number {
  const first = high[1] - low[1];
  return high[2] - low[2] - 2 * point * first + point * point * (high[0] - low[0]);
}

/** How many points a unit erf is worked out at from scratch. */
const nodesPerUnit = 16;
const erfAtNodes: number[] = [];

/**
 * erf(x) for x ≥ 0 to 1e-14: its Taylor series about the nearest of a few points, whose terms follow
 * from the Hermite polynomials (Abramowitz and Stegun 7.1.19) and fall off within a dozen.
 */
export function erf(x: number): number {
  if (x > 6) return 1;
  const node = Math.round(x * nodesPerUnit);
  const about = node / nodesPerUnit;
  const step = x - about;
  let before = 0;
  let term = step;
  let sum = step;
  for (let n = 0; n < 12; n += 1) {
    const next = (-2 * step * (about * term + (n * step * before) / (n + 1))) / (n + 2);
    before = term;
    term = next;
    sum += next;
  }
  const slope = (2 / Math.sqrt(Math.PI)) * Math.exp(-about * about);
  return (erfAtNodes[node] ??= erfBySeries(about)) + slope * sum;
}

/**
 * erf(x) for x ≥ 0 by e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!!, whose terms are all positive, so that no digit
 * is lost (Abramowitz and Stegun 7.1.6).
 */
function erfBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (2 * x * x) / odd;
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const halfNormalPeak = Math.sqrt(2 / Math.PI);

/** The normal distribution: weights, and anything behind a Hadamard rotation. */
export const gauss: Distribution = {
  density: (x) => halfNormalPeak * Math.exp((-x * x) / 2),
  moments: (x) => {
    const density = halfNormalPeak * Math.exp((-x * x) / 2);
    const below = erf(x / Math.SQRT2);
    return [below, halfNormalPeak - density, below - x * density];
  },
};

/** The two-sided exponential distribution: raw activations and raw gradients. */
export const laplace: Distribution = {
  density: (x) => Math.SQRT2 * Math.exp(-Math.SQRT2 * x),
  moments: (x) => {
    const t = Math.SQRT2 * x;
    const above = Math.exp(-t);
    return [-Math.expm1(-t), (1 - (1 + t) * above) / Math.SQRT2, 1 - ((t * t) / 2 + t + 1) * above];
  },
};

/** Student's t with five degrees of freedom, scaled to variance 1: tails as x⁻⁶. */
export const student5: Distribution = {
  density: (x) => 16 / (3 * Math.PI * Math.sqrt(3)) / (1 + (x * x) / 3) ** 3,
  moments: (x) => {
    const angle = Math.atan(x / Math.sqrt(3));
    const cosine = Math.cos(angle);
    const sines = Math.sin(angle) * cosine;
    return [
      (2 / Math.PI) * (angle + sines + (2 / 3) * sines * cosine ** 2),
      (4 / (Math.PI * Math.sqrt(3))) * (1 - cosine ** 4),
      (2 / Math.PI) * (angle - Math.sin(4 * angle) / 4),
    ];
  },
};
