import { own } from '../../run/own.ts';
import type { Precision, WriteFormat } from '../../run/run.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { runSections, under } from './places.ts';
import {
  plainPrecision,
  recipePrecision,
  recipes,
  type PlainFormat,
} from '../../config/precision.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { need, type Need } from '../../run/need.ts';

/** What multiplies goes before what the weights are kept in. */
const names = [
  'mixed_precision',
  'amp_dtype',
  'autocast_dtype',
  'compute_dtype',
  'training_precision',
  'precision',
  'torch_dtype',
  'dtype',
];

/** The spellings of 16 and 32 bits that belong together: a writer stays within one of them. */
const spellings: readonly Readonly<Record<'bf16' | 'fp16' | 'fp32', string>>[] = [
  { bf16: 'bf16', fp16: 'fp16', fp32: 'fp32' },
  { bf16: 'bfloat16', fp16: 'float16', fp32: 'float32' },
  { bf16: 'torch.bfloat16', fp16: 'torch.float16', fp32: 'torch.float32' },
  { bf16: 'bf16-mixed', fp16: '16-mixed', fp32: '32-true' },
  { bf16: 'bf16', fp16: '16', fp32: '32' },
  { bf16: 'bf16-true', fp16: '16-true', fp32: '32-true' },
];

const blockRecipes: Readonly<Record<string, keyof typeof recipes>> = {
  mxfp8: 'mxfp8',
  mxfp4: 'mxfp4',
  nvfp4: 'nvfp4',
};

/** The precision by common names, where it is stated, and what is missing. */
export interface GenericPrecision {
  readonly precision: Precision | null;
  /** The key that states it; null when none does. */
  readonly path: Path | null;
  readonly needs: readonly Need[];
}

/**
 * Reads 16- and 32-bit formats, and those whose name fixes their block and scale. `fp8` alone says
 * neither the recipe nor the scaling: frameworks mean different ones by it.
 */
export function genericPrecision(fields: Fields): GenericPrecision {
  for (const name of ['fp8', 'use_fp8', 'enable_fp8']) {
    const path = pathTo(fields, name);
    if (path !== null && isOn(fields, path)) {
      return { precision: null, path: null, needs: [unsaid('fp8')] };
    }
  }
  for (const name of names) {
    const path = pathTo(fields, name);
    const known = path === null ? null : fields.string(path);
    if (path === null || !known) continue;
    const word = known.value.toLowerCase();
    const plain = plainOf(word);
    if (plain) return { precision: plainPrecision({ ...known, value: plain }), path, needs: [] };
    const block = own(blockRecipes, word);
    if (block) return { precision: recipePrecision(recipes[block], known), path, needs: [] };
    if (/fp8|float8|e4m3|e5m2|fp4|int[48]/.test(word)) {
      return { precision: null, path: null, needs: [unsaid(known.value)] };
    }
  }
  return bySwitch(fields);
}

/** `fp8: true`, or a section that does not switch itself off. */
function isOn(fields: Fields, path: Path): boolean {
  if (!fields.map(path)) return fields.isTrue(path);
  return ['enabled', 'enable', 'use'].every(
    (key) => fields.boolean(`${path}.${key}`)?.value !== false,
  );
}

function unsaid(name: string): Need {
  return need(
    'format',
    `“${name}” says neither how the values are scaled nor which operands it is for`,
  );
}

/** `bf16: true`, `fp16: true`; both on, or both off, say nothing. */
function bySwitch(fields: Fields): GenericPrecision {
  const on = (['bf16', 'fp16'] as const).flatMap((format) => {
    const path = pathTo(fields, format);
    const known = path === null ? null : fields.boolean(path);
    return known?.value === true ? [{ ...known, value: format }] : [];
  });
  const [only] = on;
  const precision = only && on.length === 1 ? plainPrecision(only) : null;
  return { precision, path: null, needs: [] };
}

function pathTo(fields: Fields, name: string): Path | null {
  return (
    runSections(fields)
      .map((at) => under(at, name))
      .find((path) => fields.has(path)) ?? null
  );
}

function plainOf(word: string): PlainFormat | undefined {
  const row = spellings.find((each) => Object.values(each).includes(word));
  return (['bf16', 'fp16', 'fp32'] as const).find((format) => row?.[format] === word);
}

/** Writes another 16- or 32-bit format in the spelling that stands there; null for other words. */
export function precisionWriter(fields: Fields, path: Path): WriteFormat | null {
  const word = fields.string(path)?.value.toLowerCase() ?? '';
  const row = spellings.find((each) => Object.values(each).includes(word));
  if (!row) return null;
  const formats = ['bf16', 'fp16', 'fp32'] as const;
  return formatWriter(
    fields,
    formats.map((recipe) => ({ recipe, edits: (f) => setKeys(f, { [path]: row[recipe] }) })),
  );
}
