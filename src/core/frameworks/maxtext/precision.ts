import { own } from '../../run/own.ts';
import { byDefault, type Known } from '../../run/known.ts';
import type { Precision } from '../../run/run.ts';
import type { Fields } from '../../config/fields.ts';
import {
  forwardOnly,
  plainFormat,
  plainPrecision,
  recipePrecision,
  recipes,
  type Recipe,
} from '../../config/precision.ts';
import { setKeys, type WritableRow } from '../../config/writing.ts';

const flax: Recipe = { ...recipes.teDelayedHybrid, name: 'Flax FP8, delayed scaling' };
const aqt: Recipe = {
  ...forwardOnly(recipes.aoTensorwise, ['weights', 'activations']),
  name: 'AQT FP8',
  scale: 'fp32',
};
const integer = (format: 'int8' | 'int4'): Recipe => ({
  ...aqt,
  name: `AQT ${format.toUpperCase()}`,
  format,
  granularity: 'channel',
});

/** The values of `quantization` that change how the model trains. */
const quantizations: Readonly<Record<string, Recipe>> = {
  fp8: flax,
  fp8_gpu: flax,
  fp8_full: { ...recipes.aoTensorwise, name: 'Qwix FP8, forward E4M3, backward E5M2' },
  fp8_e4m3: { ...recipes.teCurrentE4m3, name: 'FP8 E4M3' },
  fp8_e5m2: { ...recipes.teCurrentE4m3, name: 'FP8 E5M2', format: 'fp8-e5m2' },
  fp8_nanoo: { ...flax, name: 'Flax FP8 (fnuz), delayed scaling' },
  nanoo_fp8: { ...flax, name: 'Flax FP8 (fnuz), delayed scaling' },
  aqt_fp8: aqt,
  aqt_fp8_full: { ...recipes.teCurrentHybrid, name: 'AQT FP8, forward E4M3, backward E5M2' },
  fp4: {
    ...forwardOnly(recipes.mxfp4),
    name: 'FP4',
    format: 'fp4-e2m1',
    granularity: 'tensor',
    block: null,
    scale: 'fp32',
  },
  int8: integer('int8'),
  int4: integer('int4'),
  te_fp8_delayedscaling: recipes.teDelayedHybrid,
  te_fp8_currentscaling: recipes.teCurrentHybrid,
  te_mxfp8: recipes.mxfp8,
  te_nvfp4: recipes.nvfp4,
  te_nvfp4_no_rht: { ...recipes.nvfp4, name: 'NVFP4 without the random Hadamard transform' },
};

/** `dtype` computes, `quantization` says what the matrix multiplications run in. */
export function maxtextPrecision(fields: Fields): Precision | null {
  const stated = fields.string('dtype');
  const base = stated ? plainFormat(stated) : byDefault('bf16' as const, 'MaxText base.yml');
  const quantization = fields.string('quantization');
  if (!quantization || quantization.value === '') return base && plainPrecision(base);
  const chosen = own(quantizations, quantization.value);
  const recipe =
    chosen === flax && fields.isTrue('use_qwix_quantization')
      ? { ...recipes.teCurrentE4m3, name: 'Qwix FP8, E4M3 in both directions' }
      : chosen;
  return recipe ? recipePrecision(recipe, quantization, base?.value ?? null) : null;
}

/** What MaxText can say, written into the run's own file. */
export function maxtextRows(fields: Fields): readonly WritableRow[] {
  const low = fields.isSet('quantization');
  const plain = (recipe: 'bf16' | 'fp16' | 'fp32', dtype: string): WritableRow => ({
    recipe,
    edits: (f) => {
      const now: Known<string> =
        plainFormat(fields.string('dtype')) ?? byDefault('bf16', 'MaxText');
      return setKeys(f, {
        ...(now.value === recipe ? {} : { dtype }),
        ...(low ? { quantization: '""' } : {}),
      });
    },
  });
  const row = (recipe: Recipe, quantization: string): WritableRow => ({
    recipe,
    edits: (f) => setKeys(f, { quantization }),
  });
  return [
    plain('bf16', 'bfloat16'),
    plain('fp16', 'float16'),
    plain('fp32', 'float32'),
    row(flax, 'fp8'),
    row(recipes.mxfp8, 'te_mxfp8'),
    row(recipes.nvfp4, 'te_nvfp4'),
  ];
}
