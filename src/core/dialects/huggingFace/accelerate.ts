import { byDefault, type Known } from '../../run/known.ts';
import type { Precision } from '../../run/run.ts';
import type { Fields, Path } from '../../config/fields.ts';
import {
  plainFormat,
  plainPrecision,
  recipePrecision,
  recipes,
  type Recipe,
} from '../../config/precision.ts';

/** Where Accelerate's FP8 settings stand: `fp8_config` of its file, its launcher's flags. */
export interface Fp8Keys {
  readonly fields: Fields;
  readonly at: Path;
}

/** Whether `mixed_precision` asks for FP8. */
export function isFp8({ value }: Known<string>): boolean {
  return value.toLowerCase() === 'fp8';
}

/**
 * The format that `accelerate launch --mixed_precision …` starts a program in; null where the
 * launcher says none. Source: huggingface/accelerate commands/launch.py (2026-07-24).
 */
export function launchedPrecision(fields: Fields): Precision | null {
  const stated = fields.string('$launcher.mixed_precision');
  if (stated && isFp8(stated)) return acceleratedFp8({ fields, at: '$launcher' }, stated);
  const plain = plainFormat(stated);
  return plain && plainPrecision(plain);
}

/** Two spellings of the same keys exist: the templates' and the wizard's. */
export function fp8Setting(
  { fields, at }: Fp8Keys,
  ...names: readonly string[]
): Known<string> | null {
  for (const name of names) {
    const known = fields.string(`${at}.${name}`);
    if (known) return known;
  }
  return null;
}

export function acceleratedFp8(keys: Fp8Keys, stated: Known<string>): Precision {
  const backend = fp8Setting(keys, 'backend', 'fp8_backend')?.value.toUpperCase().replace('-', '');
  if (backend === 'AO') return recipePrecision(recipes.aoTensorwise, stated);
  if (backend === 'MSAMP') {
    const level = fp8Setting(keys, 'opt_level', 'optimization_level')?.value ?? 'O2';
    return recipePrecision(recipes.msAmp, stated, 'bf16', [`MS-AMP level ${level}.`]);
  }
  const unsaid =
    backend === 'TE'
      ? []
      : ['The backend is not said; each of them scales E4M3 a tensor, gradients in E5M2.'];
  return recipePrecision(engineRecipe(keys), stated, 'bf16', [...unsaid, ...exempt(keys)]);
}

/** Transformer Engine by fp8_format; MXFP8 keeps its own E4M3, the default never reaches it. */
function engineRecipe(keys: Fp8Keys): Recipe {
  if (keys.fields.isTrue(`${keys.at}.use_mxfp8_block_scaling`)) return recipes.mxfp8;
  const format = fp8Setting(keys, 'fp8_format') ?? byDefault('HYBRID', 'accelerate TERecipeKwargs');
  switch (format.value.toUpperCase()) {
    case 'E4M3':
      return recipes.teDelayedE4m3;
    case 'E5M2':
      return {
        ...recipes.teDelayedE4m3,
        format: 'fp8-e5m2',
        notes: ['Transformer Engine refuses to train in E5M2 alone.'],
      };
    default:
      return recipes.teDelayedHybrid;
  }
}

/** override_linear_precision [fprop, dgrad, wgrad]: true keeps that multiplication out of FP8. */
function exempt({ fields, at }: Fp8Keys): readonly string[] {
  const path = `${at}.override_linear_precision`;
  const written = fields.string(path)?.value.match(/true|false/gi);
  const flags = written ?? fields.list(path).map(({ value }) => value);
  const names = ['forward', 'input-gradient', 'weight-gradient'];
  const kept = names.filter((_, index) => /^true$/i.test(flags[index] ?? ''));
  return kept.length === 0
    ? []
    : [`override_linear_precision keeps the ${kept.join(' and ')} multiplication out of FP8.`];
}
