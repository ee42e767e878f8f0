import { formatById } from '../../formats/registry.ts';
import type { Operand } from '../../run/run.ts';
import type { RunPoint } from '../law.ts';
import { operandError } from '../operandError.ts';
import { scaleIsQuantised } from '../point.ts';
import type { OperandErrors } from './formulas.ts';

type Forward = Pick<OperandErrors, 'qw' | 'qx'>;
type Backward = Omit<OperandErrors, 'qw' | 'qx'>;

const noBackward: Backward = { qe1: 0, qwb: 0, qe2: 0, qxb: 0 };

/** A training recipe with the errors of its operands as the fit took them. */
interface Recipe extends Forward {
  readonly name: string;
  readonly format: string;
  /** Whether a point's scaling is the recipe's. */
  readonly scaled: (point: RunPoint) => boolean;
  /** The backward pass; null where the recipe has none that is quantised. */
  readonly backward: Backward | null;
  /** Format of the gradients where it is not that of the forward pass. */
  readonly gradientFormat?: string;
  /**
   * Whether its values are rotated before they are quantised, which no number format says: then the
   * errors without that lead, and these are another reading.
   */
  readonly rotated?: true;
}

function blocksOf(block: number, scale: string): (point: RunPoint) => boolean {
  return (point) => point.granularity === 'block' && point.block === block && point.scale === scale;
}

/** QuEST's integers: per channel, or in the blocks that the command line takes where none is stated. */
function rotatedRows(point: RunPoint): boolean {
  const rows = point.granularity === 'channel' || point.block === 128;
  return rows && !scaleIsQuantised(point);
}

const recipes: readonly Recipe[] = [
  {
    name: 'NVFP4 fwd+bwd, SR grads',
    format: 'nvfp4',
    scaled: blocksOf(16, 'e4m3'),
    qw: 0.0090279,
    qx: 0.0085903,
    backward: { qe1: 0.023608, qwb: 0.023608, qe2: 0.023608, qxb: 0.023608 },
  },
  {
    name: 'MXFP4 QuEST fwd, SR bwd',
    format: 'mxfp4',
    scaled: blocksOf(32, 'e8m0'),
    qw: 0.0132,
    qx: 0.0132,
    backward: { qe1: 0.027928, qwb: 0.027928, qe2: 0.027928, qxb: 0.027928 },
  },
  {
    name: 'MXFP8 E4M3 all',
    format: 'mxfp8-e4m3',
    scaled: blocksOf(32, 'e8m0'),
    qw: 0.0007025,
    qx: 0.00070402,
    backward: { qe1: 0.00070402, qwb: 0.0007025, qe2: 0.00070402, qxb: 0.00070402 },
  },
  {
    name: 'FP8 E4M3 tensor, E5M2 grads',
    format: 'fp8-e4m3',
    scaled: (point) => point.granularity === 'tensor' && !scaleIsQuantised(point),
    qw: 0.00070119,
    qx: 0.00070041,
    backward: { qe1: 0.0027814, qwb: 0.00070119, qe2: 0.0027814, qxb: 0.00070041 },
    gradientFormat: 'fp8-e5m2',
  },
  {
    name: 'INT8 W8A8 rms+H fwd',
    format: 'int8',
    scaled: rotatedRows,
    qw: 8.8152e-5,
    qx: 8.8152e-5,
    backward: null,
  },
  {
    name: 'INT4 weight only',
    format: 'int4',
    scaled: (point) => rotatedRows(point) && !point.operands.includes('activations'),
    qw: 0.011579,
    qx: 0,
    backward: null,
  },
  {
    name: 'INT4 W4A4 rms+H fwd',
    format: 'int4',
    scaled: rotatedRows,
    qw: 0.011579,
    qx: 0.011579,
    backward: null,
    rotated: true,
  },
  {
    name: 'INT W3A3+H',
    format: 'int3',
    scaled: rotatedRows,
    qw: 0.037489,
    qx: 0.037489,
    backward: null,
    rotated: true,
  },
  {
    name: 'INT W2A2+H',
    format: 'int2',
    scaled: rotatedRows,
    qw: 0.11902,
    qx: 0.11902,
    backward: null,
    rotated: true,
  },
  {
    name: 'BF16 (E8M7)',
    format: 'bf16',
    scaled: () => true,
    qw: 2.7635e-6,
    qx: 2.7635e-6,
    // The gradients of the BF16 twin are in BF16 too.
    backward: noBackward,
  },
];

/**
 * NVIDIA's NVFP4 recipe (arXiv 2509.25149): weights in blocks of 16 × 16 that serve both passes,
 * and 85 % of the linear layers quantised at 8 B parameters.
 */
export const nvidiaRecipe = {
  errors: { qw: 0.012411, qx: 0.0085903, qe1: 0.024808, qwb: 0, qe2: 0.023608, qxb: 0.0090279 },
  share: 0.85,
} as const;

/** The errors of a point's operands, and where they come from. */
export interface PointErrors {
  readonly errors: OperandErrors;
  /** The recipe that stands for the forward format; null where its errors are computed. */
  readonly recipe: string | null;
  /** Whether the gradients are quantised and their errors computed, beside a recipe or without. */
  readonly computedGradients: boolean;
  /** The forward errors of the fit's recipe with rotation, where that is not what leads. */
  readonly rotated: (Forward & { readonly name: string }) | null;
}

/**
 * The errors of a point's operands: by recipe where one stands for it, else computed. Integers of
 * four bits and fewer are computed under any scaling, so that their gap grows with the block.
 */
export function pointErrors(point: RunPoint): PointErrors | null {
  const named = recipes.find((each) => each.format === point.format && each.scaled(point));
  const rotated = named?.rotated && point.operands.includes('activations') ? named : null;
  const recipe = rotated ? undefined : named;
  const forward = recipe ?? computedForward(point);
  if (!forward) return null;
  const ofRecipe =
    recipe?.backward && isGradientOf(recipe, point.gradientFormat) ? recipe.backward : null;
  const has = (operand: Operand): boolean => point.operands.includes(operand);
  const gradients = has('gradients');
  const backward = ofRecipe ?? (gradients ? computedBackward(point, forward) : noBackward);
  return {
    errors: {
      qw: has('weights') ? forward.qw : 0,
      qx: has('activations') ? forward.qx : 0,
      qe1: gradients ? backward.qe1 : 0,
      qwb: gradients && has('weights') ? backward.qwb : 0,
      qe2: gradients ? backward.qe2 : 0,
      qxb: gradients && has('activations') ? backward.qxb : 0,
    },
    recipe: recipe?.name ?? null,
    computedGradients: gradients && !ofRecipe,
    rotated: rotated && {
      name: rotated.name,
      qw: has('weights') ? rotated.qw : 0,
      qx: rotated.qx,
    },
  };
}

function isGradientOf(recipe: Recipe, gradientFormat: string | null): boolean {
  return gradientFormat === null || gradientFormat === (recipe.gradientFormat ?? recipe.format);
}

/**
 * Forward errors of a point's own format and scaling, rounded to nearest: weights as normal values,
 * raw activations as Laplace ones. Null for a format that Floatcast does not know.
 */
export function computedForward(point: RunPoint): Forward | null {
  const format = formatById(point.format);
  return format
    ? {
        qw: operandError(point, format, 'gauss', 'nearest'),
        qx: operandError(point, format, 'laplace', 'nearest'),
      }
    : null;
}

/**
 * Backward errors: raw gradients as Laplace values, rounded stochastically with four bits and fewer;
 * weights and activations as in the forward pass.
 */
function computedBackward(point: RunPoint, { qw, qx }: Forward): Backward {
  const format = formatById(point.gradientFormat ?? point.format);
  if (!format) return noBackward;
  const rounding = format.bits <= 4 ? 'stochastic' : 'nearest';
  const gradient = operandError(point, format, 'laplace', rounding);
  return { qe1: gradient, qwb: qw, qe2: gradient, qxb: qx };
}
