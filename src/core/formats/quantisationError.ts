import {
  gauss,
  laplace,
  student5,
  squaresAbout,
  type Distribution,
  type DistributionName,
} from './distributions.ts';
import type { NumberFormat } from './format.ts';
import { fp8E4m3 } from './fp8E4m3.ts';
import { gridOf, type Stretch } from './grid.ts';

/**
 * How the scale of a block follows from its largest magnitude: so that this becomes the format's
 * largest value (`fp32`); as a power of two rounded down as the OCP MX specification does, which
 * can saturate (`e8m0-floor`), or up, which cannot (`e8m0-up`); rounded to E4M3 under one FP32
 * scale a tensor (`e4m3`, as NVFP4 has it).
 */
export type BlockScale = 'fp32' | 'e8m0-floor' | 'e8m0-up' | 'e4m3';

/** To the nearest value, or up or down by chance so that the mean is kept. */
export type Rounding = 'nearest' | 'stochastic';

/** How a tensor is quantised, and what is in it. */
export interface Quantiser {
  readonly format: NumberFormat;
  /** Values that share a scale; one tensor is taken to have 2^22. */
  readonly values: number | 'tensor';
  readonly scale: BlockScale;
  readonly rounding: Rounding;
  readonly distribution: DistributionName;
}

/** Values of a channel that shares a scale, where its length is not known. */
export const channelValues = 4096;

const tensorValues = 2 ** 22;
const distributions = { gauss, laplace, student5 } as const;

/** Where the mean of the largest of many magnitudes lies among its quantiles: exp(−exp(−0.5772)). */
const meanQuantile = 0.5704;
/** Where the likeliest value of the largest of many magnitudes lies among its quantiles: 1/e. */
const likeliestQuantile = Math.exp(-1);

/** The errors worked out so far, by what they follow from; emptied when it has grown long. */
const known = new Map<string, number>();
const mostKnown = 500;

/**
 * q = E[(x − Q(x))²] / E[x²] of a quantiser on independent values: derived, by closed forms within
 * each step of the format and quadrature over the largest magnitude of the block. Of a whole tensor
 * the likeliest largest magnitude stands for all: an average over tensors would be made by the rare
 * ones where the tails are heavy. Under power-of-two scales the squared errors and the squares are
 * averaged over standard deviations between two powers, as the pooled law's own q were.
 */
export function quantisationError(quantiser: Quantiser): number {
  const { format, values, scale, rounding, distribution } = quantiser;
  const key = [format.id, values, scale, rounding, distribution].join('|');
  let error = known.get(key);
  if (error === undefined) {
    const grids = gridOf(format);
    const sum = grids.reduce((total, grid) => total + errorOn(grid, quantiser), 0);
    // An error below what a double tells apart can come out negative.
    error = Math.max(sum, 0) / grids.length;
    if (known.size >= mostKnown) known.clear();
    known.set(key, error);
  }
  return error;
}

function errorOn(grid: readonly Stretch[], quantiser: Quantiser): number {
  const { maximum } = quantiser.format;
  const { rounding, scale } = quantiser;
  // A format of nothing but 0 (E0M0) loses everything.
  if (maximum === 0) return 1;
  // A value with a scale to itself is that times the largest value of the format.
  if (scale === 'fp32' && quantiser.values === 1) return 0;
  const of = distributions[quantiser.distribution];
  const largest = largestMagnitude(of, quantiser.values);
  const error = (unit: number, limit: number): number =>
    errorBelow(of, grid, unit, Math.min(limit, largest.bound), rounding);
  // A value's error where the largest magnitude of its block lies between two bounds, times the
  // probability of that: all the others lie under the upper bound, and not all under the lower.
  const between = (unit: number, low: number, high: number): number => {
    const reached = largest.othersBelow(high);
    const before = largest.othersBelow(low);
    const probability = reached * of.moments(high)[0] - before * of.moments(low)[0];
    // Where that never happens, a difference of rounding errors would be left.
    if (probability < 1e-12) return 0;
    return reached * error(unit, high) - before * error(unit, low);
  };
  switch (scale) {
    case 'fp32':
      return largest.average((magnitude) => error(magnitude / maximum, magnitude));
    case 'e8m0-floor': {
      const top = 2 ** Math.floor(Math.log2(maximum));
      return overPowers(largest.median / top, (unit) => between(unit, unit * top, 2 * unit * top));
    }
    case 'e8m0-up':
      return overPowers((2 * largest.median) / maximum, (unit) =>
        between(unit, (unit * maximum) / 2, unit * maximum),
      );
    case 'e4m3': {
      const tensorLargest = quantileOfLargest(of, tensorValues, meanQuantile);
      const unit = tensorLargest / (fp8E4m3.maximum * maximum);
      const scales = scaleValues();
      const sum = scales.reduce((total, each, index) => {
        const low = (each + (scales[index - 1] ?? -each)) / 2;
        const high = (each + (scales[index + 1] ?? each)) / 2;
        return total + between(each * unit, low * unit * maximum, high * unit * maximum);
      }, 0);
      // Blocks with a larger magnitude than the tensor's own are not part of it.
      return sum / largest.othersBelow(tensorLargest);
    }
  }
}

/** The largest magnitude of the values that share a scale, as a random variable. */
interface LargestMagnitude {
  readonly median: number;
  /** What no magnitude exceeds. */
  readonly bound: number;
  /** The probability that all values but one lie below a magnitude. */
  othersBelow(magnitude: number): number;
  /** The mean, over the largest magnitude, of the error of a value that is not the largest. */
  average(error: (magnitude: number) => number): number;
}

function largestMagnitude(of: Distribution, values: number | 'tensor'): LargestMagnitude {
  if (values === 'tensor' || values > tensorValues) {
    const likeliest = quantileOfLargest(of, tensorValues, likeliestQuantile);
    return {
      median: likeliest,
      bound: likeliest,
      othersBelow: (magnitude) => (magnitude < likeliest ? 0 : 1),
      average: (error) => error(likeliest),
    };
  }
  const early = Math.log(quantileOfLargest(of, values, 0.25));
  const late = Math.log(quantileOfLargest(of, values, 0.75));
  const below = (magnitude: number): number => of.moments(magnitude)[0];
  return {
    median: quantileOfLargest(of, values, 0.5),
    bound: Infinity,
    othersBelow: (magnitude) => below(magnitude) ** (values - 1),
    average: (error) =>
      integrate((early + late) / 2, (late - early) / 2, (logarithm) => {
        const magnitude = Math.exp(logarithm);
        const others = (values - 1) * below(magnitude) ** (values - 2);
        return others * of.density(magnitude) * magnitude * error(magnitude);
      }),
  };
}

/** A quantile of the largest of so many magnitudes, by bisection. */
function quantileOfLargest(of: Distribution, values: number, quantile: number): number {
  const wanted = quantile ** (1 / values);
  let low = -12;
  let high = 12;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (of.moments(Math.exp(middle))[0] < wanted) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** Standard deviations taken between two powers of two. */
const phases = 16;

/**
 * A squared error that depends on a power-of-two scale, over its mean square: both averaged over
 * standard deviations from 1 to 2 whose logarithms lie evenly. A scale of 2^k at the standard
 * deviation 2^u is one of 2^(k−u) at 1, so it is summed over those around `centre`.
 */
function overPowers(centre: number, error: (scale: number) => number): number {
  const middle = (Math.floor(Math.log2(centre) * phases) + 0.5) / phases;
  const meanSquare = 3 / Math.log(4);
  return integrate(middle, 1 / phases, (exponent) => {
    const phase = Math.ceil(exponent) - exponent;
    return (4 ** phase / meanSquare) * error(2 ** exponent);
  });
}

/**
 * The integral of a function that falls off on both sides of `centre`, by the trapezoidal rule:
 * on smooth ones it converges exponentially.
 */
function integrate(centre: number, step: number, value: (x: number) => number): number {
  let sum = value(centre);
  for (const direction of [-step, step]) {
    for (let index = 1; index < 400; index++) {
      const part = value(centre + index * direction);
      sum += part;
      if (part < sum * 1e-7) break;
    }
  }
  return sum * step;
}

/** The positive values of E4M3, ascending. */
function scaleValues(): number[] {
  return gridOf(fp8E4m3).flatMap((grid) =>
    grid.flatMap(({ from, to, step }) =>
      Array.from({ length: (to - from) / step }, (_, index) => from + (index + 1) * step),
    ),
  );
}

/** From so many steps on, and so close to 0, the values within each step lie evenly. */
const manySteps = 24;
const flatBelow = 0.1;

/** The squared error of the magnitudes below `limit`, integrated; the grid's values times `unit`. */
function errorBelow(
  of: Distribution,
  grid: readonly Stretch[],
  unit: number,
  limit: number,
  rounding: Rounding,
): number {
  let error = 0;
  let at = 0;
  let reached = of.moments(0);
  for (const { from, to, step } of grid) {
    if (at >= limit) return error;
    const gap = step * unit;
    at = Math.min(to * unit, limit);
    // Less a little, for the limit that rounding has put just past a value of the grid.
    const gaps = Math.ceil((at / unit - from) / step - 1e-9);
    if (gaps > manySteps || at < flatBelow) {
      const end = of.moments(at);
      const even = ((end[0] - reached[0]) * gap * gap) / (rounding === 'nearest' ? 12 : 6);
      // A step far longer than the values loses them whole, or x·(gap − x) of them by chance.
      const whole = rounding === 'nearest' ? end[2] - reached[2] : gap * (end[1] - reached[1]);
      error += Math.min(even, whole);
      reached = end;
      continue;
    }
    for (let index = 0; index < gaps; index++) {
      const low = from * unit + index * gap;
      const high = low + gap;
      const end = of.moments(Math.min(high, at));
      if (rounding === 'nearest') {
        const middle = of.moments(Math.min(low + gap / 2, at));
        error += squaresAbout(low, reached, middle) + squaresAbout(high, middle, end);
      } else {
        // (x − low)(high − x): the variance of rounding up or down without bias.
        const half = gap / 2;
        error += half * half * (end[0] - reached[0]) - squaresAbout(low + half, reached, end);
      }
      reached = end;
    }
  }
  return at < limit ? error + squaresAbout(at, reached, of.moments(limit)) : error;
}
