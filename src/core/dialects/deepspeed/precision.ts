import { own } from '../../run/own.ts';
import type { Fields } from '../../config/fields.ts';
import { plainFormat, plainPrecision, recipePrecision, recipes } from '../../config/precision.ts';
import { setKeys } from '../../config/writing.ts';
import { byDefault, type Known } from '../../run/known.ts';
import type { Precision, WriteResult } from '../../run/run.ts';

const isAuto = (fields: Fields, key: string) => fields.string(key)?.value === 'auto';

/**
 * The number format a DeepSpeed config asks for. MS-AMP goes over the 16-bit sections; `auto` is
 * filled in by the Trainer, so two of them leave the format open (null).
 */
export function deepspeedPrecision(fields: Fields): Precision | null {
  const base = readBase(fields);
  const msamp = fields.boolean('msamp.enabled');
  if (msamp?.value !== true) {
    const auto = base !== null && isAuto(fields, 'bf16.enabled');
    const filled = auto ? ['“auto” takes the value that the Trainer’s arguments have.'] : [];
    return base && plainPrecision(base, filled);
  }
  const level = fields.string('msamp.opt_level')?.value ?? 'O1';
  const engine = fields.isTrue('msamp.use_te')
    ? ['The linear layers are Transformer Engine’s, with MS-AMP’s FP8 weights.']
    : [];
  return recipePrecision(recipes.msAmp, msamp, base?.value ?? 'bf16', [
    `MS-AMP level ${level}: ${own(levels, level) ?? 'FP8 gradients and their communication'}.`,
    ...engine,
  ]);
}

const levels: Readonly<Record<string, string>> = {
  O1: 'FP8 weights and gradients, and their communication',
  O2: 'also the optimizer’s moments, in FP8 and FP16',
  O3: 'also ZeRO’s shards',
};

function readBase(fields: Fields): Known<'bf16' | 'fp16' | 'fp32'> | null {
  const sections = [
    ['bf16', 'bf16'],
    ['bfloat16', 'bf16'],
    ['fp16', 'fp16'],
  ] as const;
  for (const [section, value] of sections) {
    const enabled = fields.boolean(`${section}.enabled`);
    if (enabled?.value === true) return { ...enabled, value };
  }
  if (fields.isTrue('torch_autocast.enabled')) {
    const dtype = plainFormat(fields.string('torch_autocast.dtype'));
    return dtype ?? byDefault('bf16', 'DeepSpeed torch_autocast');
  }
  const automatic = fields.string('bf16.enabled');
  const fp16 = isAuto(fields, 'fp16.enabled');
  if (automatic?.value === 'auto') return fp16 ? null : { ...automatic, value: 'bf16' };
  return fp16 ? null : byDefault('fp32', 'DeepSpeed config');
}

function switches(fields: Fields, base: 'bf16' | 'fp16' | 'fp32'): Record<string, string> {
  const keys: Record<string, string> = {};
  for (const section of ['bf16', 'bfloat16', 'fp16', 'torch_autocast']) {
    if (section === base) keys[`${section}.enabled`] = 'true';
    else if (fields.map(section)) keys[`${section}.enabled`] = 'false';
  }
  return keys;
}

/** Switches one 16-bit section on and the others off; FP32 is none of them. */
export function writePlain(fields: Fields, base: 'bf16' | 'fp16' | 'fp32'): WriteResult {
  return setKeys(fields, {
    ...switches(fields, base),
    ...(fields.isTrue('msamp.enabled') && { 'msamp.enabled': 'false' }),
  });
}
