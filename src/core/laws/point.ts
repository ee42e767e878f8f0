import type { NumberFormat } from '../formats/format.ts';
import { formatById } from '../formats/registry.ts';
import type { Granularity, Operand } from '../run/run.ts';
import type { RunPoint, Scaling } from './law.ts';

/** What a caller knows of a run; the rest gets the defaults of the command line. */
export interface PointRequest {
  /** N of the laws: linear parameters, the active ones in a mixture of experts. */
  readonly parameters: number;
  readonly tokens: number;
  /** Format id. */
  readonly format: string;
  /** Absent: `block` when a block is given, else the format's own default. */
  readonly granularity?: Granularity | undefined;
  readonly block?: number | null | undefined;
  /** Absent: what the format defines its scales to be, else not quantised. */
  readonly scale?: string | null | undefined;
  readonly operands?: readonly Operand[] | undefined;
  readonly gradientFormat?: string | null | undefined;
}

/** What `forecast` takes to be quantised when it is not told. */
export const defaultOperands: readonly Operand[] = ['weights', 'activations', 'gradients'];

/** The block of a format that none is stated for, in values along the contraction. */
function defaultBlock(format: NumberFormat): number {
  return format.scaling?.block ?? 128;
}

/** Whether a format is wide enough to train in without scaling factors: 16 bits or more. */
export function needsNoScaling(format: Pick<NumberFormat, 'bits'>): boolean {
  return format.bits >= 16;
}

/** Whether a point's scaling factors are stored in fewer than 32 bits. */
export function scaleIsQuantised({ scale }: Pick<RunPoint, 'scale'>): boolean {
  return scale !== null && scale !== 'fp32';
}

/** The scaling of a format that none is stated for: none from 16 bits on, else its block. */
export function defaultScaling(format: NumberFormat): Scaling {
  return needsNoScaling(format)
    ? { granularity: 'none', block: null }
    : { granularity: 'block', block: defaultBlock(format) };
}

/**
 * Builds what a law is evaluated on, with the defaults of the command line filled in.
 * Null for an unknown format, for N or D that is no positive number, and for a block below 1.
 */
export function pointFor(request: PointRequest): RunPoint | null {
  const format = formatById(request.format);
  if (!format || !isPositive(request.parameters) || !isPositive(request.tokens)) return null;
  const stated = request.block ?? null;
  const granularity =
    request.granularity ?? (stated === null ? defaultScaling(format).granularity : 'block');
  const block = granularity === 'block' ? (stated ?? defaultBlock(format)) : null;
  if (block !== null && !(isPositive(block) && block >= 1)) return null;
  return {
    parameters: request.parameters,
    tokens: request.tokens,
    format: format.id,
    bits: format.bits,
    exponentBits: format.exponentBits,
    mantissaBits: format.mantissaBits,
    gradientFormat: request.gradientFormat ?? null,
    granularity,
    block,
    scale: request.scale ?? format.scaling?.scale ?? null,
    operands: request.operands ?? defaultOperands,
  };
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
