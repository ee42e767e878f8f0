import { own } from '../run/own.ts';
import { formatById } from '../formats/registry.ts';
import type { Known } from '../run/known.ts';
import type { FormatTarget, Granularity, Operand, Precision } from '../run/run.ts';

const forward: readonly Operand[] = ['weights', 'activations'];
const allOperands: readonly Operand[] = ['weights', 'activations', 'gradients'];

/** A low-precision recipe as a framework's library defines it: everything but where it was stated. */
export interface Recipe {
  readonly name: string;
  readonly format: string;
  readonly gradientFormat: string | null;
  readonly granularity: Granularity;
  readonly block: number | null;
  readonly scale: string | null;
  readonly operands: readonly Operand[];
  readonly notes: readonly string[];
}

function recipe(
  name: string,
  format: string,
  granularity: Granularity,
  scale: string | null,
  more: Partial<Recipe> = {},
): Recipe {
  return {
    name,
    format,
    gradientFormat: null,
    granularity,
    block: null,
    scale,
    operands: allOperands,
    notes: [],
    ...more,
  };
}

const e5m2Gradients = { gradientFormat: 'fp8-e5m2' } as const;

/**
 * The recipes of Transformer Engine and torchao, by what they do rather than by a framework's name.
 * Sources: TransformerEngine common/recipe, torchao float8 and mx_formats configs (read 2026-08-22).
 */
export const recipes = {
  /** TE DelayedScaling, Format.HYBRID: E4M3 forward, E5M2 output gradients, FP32 scale a tensor. */
  teDelayedHybrid: recipe('TE delayed scaling', 'fp8-e4m3', 'tensor', 'fp32', e5m2Gradients),
  teDelayedE4m3: recipe('TE delayed scaling', 'fp8-e4m3', 'tensor', 'fp32'),
  teCurrentHybrid: recipe('TE current scaling', 'fp8-e4m3', 'tensor', 'fp32', e5m2Gradients),
  teCurrentE4m3: recipe('TE current scaling', 'fp8-e4m3', 'tensor', 'fp32'),
  /** TE Float8BlockScaling: 1×128 activations and gradients, 128×128 weights, powers of two. */
  teBlock: recipe('TE block scaling', 'fp8-e4m3', 'block', 'power-of-two', { block: 128 }),
  teBlockHybrid: recipe('TE block scaling', 'fp8-e4m3', 'block', 'power-of-two', {
    block: 128,
    ...e5m2Gradients,
  }),
  mxfp8: recipe('MXFP8', 'mxfp8-e4m3', 'block', 'e8m0', { block: 32 }),
  mxfp8Hybrid: recipe('MXFP8', 'mxfp8-e4m3', 'block', 'e8m0', {
    block: 32,
    gradientFormat: 'mxfp8-e5m2',
  }),
  mxfp4: recipe('MXFP4', 'mxfp4', 'block', 'e8m0', { block: 32 }),
  nvfp4: recipe('NVFP4', 'nvfp4', 'block', 'e4m3', { block: 16 }),
  /** torchao `tensorwise`, dynamic: E4M3 forward, E5M2 output gradients. */
  aoTensorwise: recipe('torchao tensorwise', 'fp8-e4m3', 'tensor', 'fp32', e5m2Gradients),
  /** torchao `rowwise`: E4M3 for all three operands, power-of-two scales a row. */
  aoRowwise: recipe('torchao rowwise', 'fp8-e4m3', 'channel', 'power-of-two'),
  aoRowwiseHighPrecisionGradient: recipe(
    'torchao rowwise, gradient of the weight in BF16',
    'fp8-e4m3',
    'channel',
    'power-of-two',
    { notes: ['The weight-gradient multiplication stays in BF16 (rowwise_with_gw_hp).'] },
  ),
  aoMxfp8HighPrecisionGradient: recipe(
    'torchao MXFP8, gradient of the weight in BF16',
    'mxfp8-e4m3',
    'block',
    'e8m0',
    { block: 32, notes: ['The weight-gradient multiplication stays in high precision.'] },
  ),
  /** DeepSeek-V3: E4M3 everywhere, 1×128 activations, 128×128 weights, FP32 scales. */
  deepseekBlock: recipe('FP8 in blocks of 128', 'fp8-e4m3', 'block', 'fp32', { block: 128 }),
  /** MS-AMP: FP8 weights, activations and gradients with a scale a tensor. */
  msAmp: recipe('MS-AMP', 'fp8-e4m3', 'tensor', 'fp32', e5m2Gradients),
} as const satisfies Record<string, Recipe>;

/** The formats that need no scale. */
export type PlainFormat = 'bf16' | 'fp16' | 'fp32' | 'tf32';

/** A 16- or 32-bit format as the whole precision: nothing is scaled. */
export function plainPrecision(
  format: Known<PlainFormat>,
  notes: readonly string[] = [],
): Precision {
  return {
    format,
    gradientFormat: null,
    granularity: 'none',
    block: null,
    scale: null,
    operands: allOperands,
    base: null,
    recipe: null,
    notes,
  };
}

/** A recipe switched on at the place that `stated` names, around a 16-bit base. */
export function recipePrecision(
  chosen: Recipe,
  stated: Known<unknown>,
  base: string | null = 'bf16',
  notes: readonly string[] = [],
): Precision {
  const { name, format, ...rest } = chosen;
  return {
    ...rest,
    format: { value: format, origin: stated.origin },
    base,
    recipe: name,
    notes: [...chosen.notes, ...notes],
  };
}

/** Whether a low-precision recipe is on, not a 16- or 32-bit format alone. */
export function isLow(precision: Precision | null): boolean {
  return precision !== null && precision.recipe !== null;
}

/** A format with forward operands only: quantisation-aware training, integer weights… */
export function forwardOnly(chosen: Recipe, operands: readonly Operand[] = forward): Recipe {
  return { ...chosen, operands, gradientFormat: null };
}

/** Whether a recipe is what a writer was asked for; a plain format has granularity `none`. */
export function isTarget(
  candidate: Pick<Recipe, 'format' | 'granularity' | 'block'>,
  target: FormatTarget,
): boolean {
  return (
    candidate.format === target.format &&
    candidate.granularity === target.granularity &&
    (candidate.granularity !== 'block' || candidate.block === target.block)
  );
}

/** The usual spellings of 16- and 32-bit formats in configs, lower case. */
const plainNames: Readonly<Record<string, 'bf16' | 'fp16' | 'fp32'>> = {
  bf16: 'bf16',
  bfloat16: 'bf16',
  'torch.bfloat16': 'bf16',
  fp16: 'fp16',
  float16: 'fp16',
  half: 'fp16',
  'torch.float16': 'fp16',
  fp32: 'fp32',
  float32: 'fp32',
  float: 'fp32',
  'torch.float32': 'fp32',
};

/** Reads `bfloat16`, `fp16`, `torch.float32`…; null for any other text. */
export function plainFormat(known: Known<string> | null): Known<'bf16' | 'fp16' | 'fp32'> | null {
  const value = known ? own(plainNames, known.value.toLowerCase()) : undefined;
  return known && value ? { value, origin: known.origin } : null;
}

/** How a sentence names a format that a framework cannot say. */
export function targetName(target: FormatTarget): string {
  const name = formatById(target.format)?.name ?? target.format;
  const scaling =
    target.granularity === 'block' && target.block !== null
      ? ` in blocks of ${target.block}`
      : target.granularity === 'none'
        ? ''
        : ` per ${target.granularity}`;
  return name + scaling;
}
