import type { Accelerator } from '../hardware/accelerator.ts';
import { rateOf } from '../hardware/rates.ts';
import type { Operand } from '../run/run.ts';

/** What of a run's format its products' rates rest on. */
export interface Products {
  readonly format: string;
  /** Whether it is one that is quantised to, not a 16- or 32-bit one. */
  readonly isScaled: boolean;
  readonly gradientFormat: string | null;
  readonly operands: readonly Operand[];
}

/** Rates of the linear layers' products, TFLOP/s. */
export interface ProductRates {
  readonly forward: number;
  readonly backward: number;
}

/**
 * The peak rates of the products of a run's linear layers, one forward and two backward. A product
 * with an operand left in 16 bits runs at BF16's rate. Null when a format in it is not native.
 */
export function productRates(accelerator: Accelerator, products: Products): ProductRates | null {
  const forward = rateOfAll(accelerator, formatsOf(products, ['weights', 'activations']));
  const backward = rateOfAll(
    accelerator,
    formatsOf(products, ['weights', 'activations', 'gradients']),
  );
  return forward === null || backward === null ? null : { forward, backward };
}

/** The formats of the operands of a product: BF16 unless each of them is quantised. */
function formatsOf(products: Products, multiplied: readonly Operand[]): readonly string[] {
  const { format, isScaled, operands, gradientFormat } = products;
  if (!isScaled) return [format];
  if (!multiplied.every((operand) => operands.includes(operand))) return ['bf16'];
  const gradients = multiplied.includes('gradients') ? gradientFormat : null;
  return [format, gradients ?? format];
}

/** The rate of a product of these formats: the slowest one's. */
function rateOfAll(accelerator: Accelerator, formats: readonly string[]): number | null {
  const rates = formats.map((format) => rateOf(accelerator, format) ?? 0);
  const slowest = Math.min(...rates);
  return slowest > 0 ? slowest : null;
}
