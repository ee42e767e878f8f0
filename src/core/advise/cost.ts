import type { Accelerator } from '../hardware/accelerator.ts';
import { assumedUtilisation, rateOf } from '../hardware/rates.ts';
import { costFactor, type RunPoint } from '../laws/law.ts';
import { needsNoScaling } from '../laws/point.ts';
import { productRates } from '../resources/rates.ts';

/** What training a run costs; null where it is not known. */
export interface RunCost {
  /** C = k·P·N·D with k = 6/16 (arXiv 2501.02423, appendix E, b = 0): 6·N·D at 16 bits. */
  readonly bitLinear: number;
  /**
   * C = k·(P + b)·N·D with b the stored bits of the scales a value: 0.25 for MX formats, 0.5 for
   * NVFP4. That b is storage is this project's reading; the paper computes nothing with b above 0.
   */
  readonly bitLinearWithScales: number;
  /** Accelerator-hours; null without an accelerator or when it does not multiply the format. */
  readonly hours: number | null;
  /** Hours times the price of one, in the currency of the price; null without either. */
  readonly money: number | null;
}

/** What the cost of a run rests on beside the run. */
export interface CostTerms {
  readonly accelerator: Accelerator | null;
  /** The price of an hour of one accelerator, or null. */
  readonly pricePerHour: number | null;
}

/** The cost of a run; `storedBits` a value of its format, scales included. */
export function runCost(
  point: RunPoint,
  storedBits: number,
  { accelerator, pricePerHour }: CostTerms,
): RunCost {
  const perBit = costFactor * point.parameters * point.tokens;
  const scaleBits = needsNoScaling(point) ? 0 : storedBits - point.bits;
  const hours = accelerator && acceleratorHours(accelerator, point);
  return {
    bitLinear: perBit * point.bits,
    bitLinearWithScales: perBit * (point.bits + scaleBits),
    hours,
    money: hours === null || pricePerHour === null ? null : hours * pricePerHour,
  };
}

/**
 * Hours that one accelerator needs for the 6·N·D floating-point operations of a run's linear
 * layers at the assumed share of its peak rate: 2·N·D forward, 4·N·D backward. A multiplication
 * with an operand left in 16 bits runs at BF16's rate. Null when a format in it is not native.
 * Attention, the optimizer and communication are not in it and do not speed up with the format,
 * so the ratio of two formats' hours is an upper bound of the speed-up.
 */
export function acceleratorHours(accelerator: Accelerator, point: RunPoint): number | null {
  const rates = productRates(accelerator, { ...point, isScaled: !needsNoScaling(point) });
  if (!rates) return null;
  const teraflop = (point.parameters * point.tokens) / 1e12;
  return ((2 / rates.forward + 4 / rates.backward) * teraflop) / sustained;
}

/**
 * The floating-point operations of BF16 that one accelerator sustains in an hour: what turns hours
 * into the compute C = 6·N·D. Null when BF16 is not native.
 */
export function bf16FlopPerHour(accelerator: Accelerator): number | null {
  const rate = rateOf(accelerator, 'bf16');
  return rate === null ? null : rate * 1e12 * sustained;
}

const sustained = assumedUtilisation * 3600;
