import type { Accelerator } from '../hardware/accelerator.ts';
import { assumedUtilisation, rateOf } from '../hardware/rates.ts';
import type { Flop } from './flop.ts';
import { productRates, type Products } from './rates.ts';

/** The time of a run on an accelerator at the assumed share of its peak rates. */
export interface RunTime {
  /** Hours of one accelerator. */
  readonly hours: number;
  /** How many times faster than in BF16 it can be at most; null for a wider format. */
  readonly speedupBound: number | null;
}

/**
 * Hours of one accelerator: the linear layers' operations at the rate of their format (a third of
 * them forward), attention and head at BF16's. What does not speed up bounds what the format can
 * bring (Amdahl): the time of all in BF16 over this one. Communication, the optimizer and the
 * casts themselves are not in it, so less is reached. Null where a format is not native.
 */
export function timeOf(flop: Flop, products: Products, accelerator: Accelerator): RunTime | null {
  const rates = productRates(accelerator, products);
  const bf16 = rateOf(accelerator, 'bf16');
  if (!rates || bf16 === null) return null;
  const plain = products.isScaled ? bf16 : rates.forward;
  const rest = (flop.attention + flop.head) / plain;
  const linear = flop.linear / 3 / rates.forward + ((2 / 3) * flop.linear) / rates.backward;
  const seconds = (rest + linear) / 1e12;
  return {
    hours: seconds / assumedUtilisation / 3600,
    speedupBound: products.isScaled ? flop.total / bf16 / 1e12 / seconds : null,
  };
}
