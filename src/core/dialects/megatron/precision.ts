import { byDefault, stated, type Known } from '../../run/known.ts';
import type { Precision, WriteResult } from '../../run/run.ts';
import type { Place } from '../../syntax/tree.ts';
import type { Path } from '../../config/fields.ts';
import { highPrecisionLayers, isOn, type MegatronFlags } from './flags.ts';
import {
  plainPrecision,
  recipePrecision,
  recipes,
  type Recipe,
  isLow,
} from '../../config/precision.ts';
import { setKeys, type WritableRow } from '../../config/writing.ts';
import { megatronFp8Recipe } from '../../config/recipeNames.ts';

/** The key that switches FP8 (FP4) on: `fp8_format` in commands, once `fp8_hybrid`; `fp8` in Primus. */
function switchOf({ fields, path }: MegatronFlags, bits: 8 | 4): Known<string> | null {
  for (const name of [`fp${bits}_format`, `fp${bits}`]) {
    const known = fields.string(path(name));
    if (known && !/^(?:none|null|false)?$/i.test(known.value)) return known;
  }
  for (const format of bits === 8 ? (['e4m3', 'hybrid'] as const) : []) {
    const old = fields.boolean(path(`fp8_${format}`));
    if (old?.value === true) return { ...old, value: format };
  }
  return null;
}

/**
 * The number format that Megatron-LM's arguments say. FP8 is on only where its format is stated;
 * recipe keys alone do nothing. Without any 16-bit switch it trains in `otherwise`.
 */
export function megatronPrecision(
  flags: MegatronFlags,
  otherwise: Known<'bf16' | 'fp32'> = byDefault('fp32', 'Megatron-LM arguments'),
): Precision | null {
  const base = readBase(flags) ?? otherwise;
  const name = base.value;
  const notes = highPrecisionLayers(flags);
  const msAmp = msAmpOf(flags);
  if (msAmp) {
    const level = flags.fields.string(flags.path('msamp_opt_level'))?.value ?? 'O1';
    return recipePrecision(recipes.msAmp, msAmp, name, [`MS-AMP level ${level}.`]);
  }
  const recipe = (key: string) => flags.fields.string(flags.path(key))?.value ?? null;
  const fp4 = switchOf(flags, 4);
  if (fp4) {
    // Primus writes fp4: mxfp4 for fp4: e2m1 with fp4_recipe: mxfp4; neither is Megatron-LM's own.
    if (!/^(?:e2m1|mxfp4|nvfp4)$/i.test(fp4.value)) return null;
    const mx = recipe('fp4_recipe') === 'mxfp4' || fp4.value.toLowerCase() === 'mxfp4';
    const chosen = mx ? recipes.mxfp4 : recipe('fp4_recipe') === 'custom' ? null : recipes.nvfp4;
    return chosen && recipePrecision(chosen, fp4, name, notes);
  }
  const fp8 = switchOf(flags, 8);
  if (!fp8) return plainPrecision(base);
  const chosen = megatronFp8Recipe(recipe('fp8_recipe') ?? 'delayed', fp8.value);
  return chosen && recipePrecision(chosen, fp8, name, notes);
}

/**
 * MS-AMP's forks of Megatron-LM and Megatron-DeepSpeed replace the linear layers by FP8 ones over
 * the 16-bit base. Source: Azure/MS-AMP-Examples gpt3/pretrain_*.sh, `--msamp` (2024-01).
 */
function msAmpOf({ fields, path }: MegatronFlags): Known<boolean> | null {
  const switched = fields.boolean(path('msamp'));
  return switched?.value === true ? switched : null;
}

function readBase(flags: MegatronFlags): Known<'bf16' | 'fp16'> | null {
  for (const name of ['bf16', 'fp16'] as const) {
    const place = isOn(flags, name) ? flags.fields.keyPlace(flags.path(name)) : null;
    const known = flags.fields.boolean(flags.path(name)) ?? (place && stated(true, place));
    if (known?.value === true) return { ...known, value: name };
  }
  return null;
}

/** Where the precision is stated; the switch of what is on goes first. */
export function megatronPrecisionPlaces(
  flags: MegatronFlags,
  precision: Precision | null,
): readonly Place[] {
  const low = ['fp4', 'fp4_format', 'fp4_recipe', 'fp8', 'fp8_format', 'fp8_recipe'].concat([
    'fp8_hybrid',
    'fp8_e4m3',
  ]);
  const plain = ['bf16', 'fp16'];
  const names = isLow(precision) ? [...low, ...plain] : [...plain, ...low];
  const { fields, path } = flags;
  const stated = names.filter((name) => fields.isSet(path(name)));
  return stated.flatMap((name) => fields.place(path(name)) ?? []);
}

/** How a config spells the keys of a format: `fp8_format` or `fp8`, and how it leaves one out. */
export interface MegatronSpelling {
  readonly path: (name: string) => Path;
  readonly fp8: string;
  readonly fp4: string;
  /** The value that says "none", or null to take the key out. */
  readonly none: string | null;
  /** What stands behind a switch that is on; `true` when absent, nothing on a command line. */
  readonly on?: string;
}

/** What Megatron-LM can say, each with the edits that say it. */
export function megatronRows(
  spelling: MegatronSpelling,
  flags: MegatronFlags,
): readonly WritableRow[] {
  const { path } = spelling;
  const clear = (bits: 8 | 4) => {
    const key = bits === 8 ? spelling.fp8 : spelling.fp4;
    return switchOf(flags, bits) ? { [path(key)]: spelling.none, ...old(bits) } : {};
  };
  // The switches of old are no longer read, so a new key goes in their place.
  const old = (bits: 8 | 4) =>
    Object.fromEntries(
      ['fp8_e4m3', 'fp8_hybrid']
        .filter((name) => bits === 8 && isOn(flags, name))
        .map((name) => [path(name), null]),
    );
  const plain = (name: 'bf16' | 'fp16' | 'fp32'): WritableRow => ({
    recipe: name,
    edits: (f): WriteResult =>
      setKeys(f, {
        ...(['bf16', 'fp16'] as const).reduce((all, key) => {
          const on = isOn(flags, key);
          if (on === (key === name)) return all;
          const off = spelling.none === null ? null : 'false';
          return { ...all, [path(key)]: on ? off : (spelling.on ?? 'true') };
        }, {}),
        ...clear(8),
        ...clear(4),
      }),
  });
  const low = (recipe: Recipe, bits: 8 | 4, format: string, name: string): WritableRow => ({
    recipe,
    edits: (f) =>
      setKeys(f, {
        [path(bits === 8 ? spelling.fp8 : spelling.fp4)]: format,
        [path(`fp${bits}_recipe`)]: name,
        ...clear(bits === 8 ? 4 : 8),
        ...old(bits),
      }),
  });
  return [
    plain('bf16'),
    plain('fp16'),
    plain('fp32'),
    low(recipes.teCurrentHybrid, 8, 'hybrid', 'tensorwise'),
    low(recipes.teBlock, 8, 'e4m3', 'blockwise'),
    low(recipes.mxfp8, 8, 'e4m3', 'mxfp8'),
    low(recipes.nvfp4, 4, 'e2m1', 'nvfp4'),
  ];
}
