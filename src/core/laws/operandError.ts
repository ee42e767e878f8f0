import type { DistributionName } from '../formats/distributions.ts';
import type { NumberFormat } from '../formats/format.ts';
import {
  channelValues,
  quantisationError,
  type BlockScale,
  type Rounding,
} from '../formats/quantisationError.ts';
import type { RunPoint } from './law.ts';

/** Names of stored scales, and how such a scale follows from a block's largest magnitude. */
const blockScales: Readonly<Record<string, BlockScale>> = {
  fp32: 'fp32',
  // Rounded up, as the libraries do that train; the OCP specification rounds down.
  e8m0: 'e8m0-up',
  'power-of-two': 'e8m0-up',
  e4m3: 'e4m3',
};

/** How a point's scales are rounded; null for one that quantisation errors are not computed of. */
export function blockScale({ scale }: Pick<RunPoint, 'scale'>): BlockScale | null {
  return blockScales[scale ?? 'fp32'] ?? null;
}

/**
 * q of an operand of `point` in `format`: the mean squared error of values of a distribution over
 * their mean square. A format that defines its own scaling has that, every other one the point's;
 * an unknown scale counts as one that is not quantised.
 */
export function operandError(
  point: RunPoint,
  format: NumberFormat,
  distribution: DistributionName,
  rounding: Rounding,
): number {
  const own = format.id === point.format ? null : format.scaling;
  return quantisationError({
    format,
    values: own?.block ?? sharing(point),
    scale: blockScale(own ?? point) ?? 'fp32',
    rounding,
    distribution,
  });
}

/** How many values share a scale. */
function sharing({ granularity, block }: RunPoint): number | 'tensor' {
  if (granularity === 'tensor') return 'tensor';
  return granularity === 'block' ? (block ?? 1) : channelValues;
}
