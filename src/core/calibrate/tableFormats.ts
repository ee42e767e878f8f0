import { own } from '../run/own.ts';
import { formatById, formatOfLayout, formats } from '../formats/registry.ts';
import type { Granularity, Operand } from '../run/run.ts';
import { parseCount } from '../run/units.ts';
import type { Column } from './columns.ts';

/** What a table calls formats beside their ids and names, letters and digits only. */
const otherNames: Readonly<Record<string, string>> = {
  bfloat16: 'bf16',
  half: 'fp16',
  float16: 'fp16',
  single: 'fp32',
  float32: 'fp32',
  tfloat32: 'tf32',
  fp8: 'fp8-e4m3',
  float8: 'fp8-e4m3',
  fp4: 'fp4-e2m1',
  float4: 'fp4-e2m1',
  mxfp8: 'mxfp8-e4m3',
  none: 'bf16',
  noquantizer: 'bf16',
  baseline: 'bf16',
};

/** Reads a format as tables name it: an id, `E4M3`, `torch.float8_e4m3fn`, `INT4`; null for none. */
export function formatNamed(text: string): string | null {
  const letters = text
    .toLowerCase()
    .replace(/^torch\./, '')
    .replace(/[^a-z0-9]/g, '');
  const plain = letters.replace(/^float(?=\d)/, 'fp').replace(/(e\dm\d)fn(?:uz)?$/, '$1');
  const bare = /^e\d+m\d+$/.test(plain) ? layoutNamed(plain) : undefined;
  if (bare !== undefined) return bare;
  const other = own(otherNames, letters) ?? own(otherNames, plain);
  const id = other ?? formats.find((each) => each.id.replace('-', '') === plain)?.id ?? plain;
  return formatById(id)?.id ?? null;
}

function layoutNamed(text: string): string | undefined {
  const [, exponent = '', mantissa = ''] = /^e(\d+)m(\d+)$/.exec(text) ?? [];
  return formatOfLayout(Number(exponent), Number(mantissa))?.id;
}

/** The format of exponent and mantissa bits in two cells; null when they hold none. */
export function formatInBits(
  cells: ReadonlyMap<string, string>,
  exponentBits: Column,
  mantissaBits: Column,
): string | null {
  const [exponent, mantissa] = [exponentBits, mantissaBits].map((column) => {
    const text = cells.get(column.name) ?? '';
    // Tables made with floats write 4.0; an exponent of 0 bits is a layout of the Capybara paper.
    return /^\d+(?:\.0+)?$/.test(text) ? Number(text) : null;
  });
  if (exponent === null || exponent === undefined) return null;
  if (mantissa === null || mantissa === undefined) return null;
  return formatOfLayout(exponent, mantissa)?.id ?? null;
}

/** The integer format of a width in bits as QAT tables give it: 16 is BF16, 4 is INT4. */
export function formatOfWidth(text: string): string | null {
  const bits = /^\d+(?:\.0+)?$/.test(text) ? Number(text) : NaN;
  return bits === 16 ? 'bf16' : bits === 32 ? 'fp32' : (formatById(`int${bits}`)?.id ?? null);
}

/** The scaling in a cell: a number of values, or a word; null when it is neither. */
export function scalingIn(
  cells: ReadonlyMap<string, string>,
  column: Column,
): { readonly granularity: Granularity; readonly block: number | null } | null {
  const text = (cells.get(column.name) ?? '').toLowerCase().replace(/^per[-_ ]?|[-_ ]?wise$/g, '');
  // `channel/token`, `1x128 / 128x128`: of weights and of activations, one scaling by another name.
  const [first = '', second] = text.split('/').map((part) => part.trim());
  if (second !== undefined) {
    const [one, other] = [scalingNamed(first), scalingNamed(second)];
    const isSame = one?.granularity === other?.granularity && one?.block === other?.block;
    return isSame ? one : null;
  }
  return scalingNamed(text);
}

function scalingNamed(
  text: string,
): { readonly granularity: Granularity; readonly block: number | null } | null {
  if (text === 'channel' || text === 'row' || text === 'token' || text === 'column') {
    return { granularity: 'channel', block: null };
  }
  if (text === 'tensor') return { granularity: 'tensor', block: null };
  if (text === 'none') return { granularity: 'none', block: null };
  // 128x128 and 1x128: the values along the contraction.
  const last = text.split(/[x×]/).at(-1) ?? '';
  const block = parseCount(last);
  return block !== null && Number.isInteger(block) ? { granularity: 'block', block } : null;
}

const operandLetters: Readonly<Record<string, Operand>> = {
  w: 'weights',
  weight: 'weights',
  weights: 'weights',
  a: 'activations',
  activation: 'activations',
  activations: 'activations',
  kv: 'kv',
  kvcache: 'kv',
  g: 'gradients',
  gradient: 'gradients',
  gradients: 'gradients',
};

/** The operands that a cell lists (`weights,activations`, `W+A`); null when a word is none. */
export function operandsNamed(text: string): readonly Operand[] | null {
  const words = text
    .toLowerCase()
    .split(/[\s,;+/|&]+/)
    .filter((word) => word !== '');
  const operands = words.map((word) => own(operandLetters, word));
  return operands.every((each) => each !== undefined) && operands.length > 0 ? operands : null;
}
