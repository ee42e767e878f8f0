import { own } from '../run/own.ts';
import { recipes, type Recipe } from './precision.ts';

/**
 * Megatron-LM's `fp8_recipe`, which NeMo 2, Megatron-Bridge and ms-swift pass on, with either
 * `fp8_format`: the two are said apart, and `mxfp8` with `hybrid` really has E5M2 gradients.
 * Source: NVIDIA/Megatron-LM megatron/core/enums.py, core/fp8_utils.py.
 */
const megatronFp8: Readonly<Record<string, { readonly hybrid: Recipe; readonly e4m3: Recipe }>> = {
  delayed: { hybrid: recipes.teDelayedHybrid, e4m3: recipes.teDelayedE4m3 },
  tensorwise: { hybrid: recipes.teCurrentHybrid, e4m3: recipes.teCurrentE4m3 },
  blockwise: { hybrid: recipes.teBlockHybrid, e4m3: recipes.teBlock },
  mxfp8: { hybrid: recipes.mxfp8Hybrid, e4m3: recipes.mxfp8 },
};

/** What a recipe and a format of Megatron-LM's FP8 do; null where either is another one. */
export function megatronFp8Recipe(recipe: string, format: string): Recipe | null {
  const lower = format.toLowerCase();
  if (lower !== 'hybrid' && lower !== 'e4m3') return null;
  return own(megatronFp8, recipe)?.[lower] ?? null;
}

/** torchao's `Float8LinearRecipeName`. Source: pytorch/ao torchao/float8/config.py. */
const torchaoFloat8: Readonly<Record<string, Recipe>> = {
  tensorwise: recipes.aoTensorwise,
  rowwise: recipes.aoRowwise,
  rowwise_with_gw_hp: recipes.aoRowwiseHighPrecisionGradient,
};

/** What a recipe of torchao's float8 training does; null where the name is another one. */
export function torchaoFloat8Recipe(name: string): Recipe | null {
  return own(torchaoFloat8, name) ?? null;
}

/** torchao's MX recipes as torchtitan names them (`mxfp8_cublas`, `mxfp8_emulated`, `mxfp4_cutlass`). */
export function torchaoMxRecipe(name: string): Recipe | null {
  if (name.startsWith('mxfp4')) return recipes.mxfp4;
  if (!name.startsWith('mxfp8')) return null;
  return name.includes('wgrad_with_hp') ? recipes.aoMxfp8HighPrecisionGradient : recipes.mxfp8;
}
