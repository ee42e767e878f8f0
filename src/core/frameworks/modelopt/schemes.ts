import { stated, type Known } from '../../run/known.ts';
import type { ConfigNode } from '../../syntax/tree.ts';
import type { Fields, Path } from '../../config/fields.ts';
import {
  blockFormats,
  perBlock,
  perChannel,
  perTensor,
  type Quantised,
  type QuantisedOperands,
} from '../../dialects/postTraining.ts';

const { nvfp4, mxfp4, mxfp6E3m2, mxfp8E4m3 } = blockFormats;
const fp8 = perTensor('fp8-e4m3');
const fp8Blocks = perBlock('fp8-e4m3', 128);
const fp8Channels = perChannel('fp8-e4m3');
const int4 = perBlock('int4', 128);
const int8 = perChannel('int8');

/**
 * What Model Optimizer's names mean, the more specific first: `NVFP4_DEFAULT_CFG`, `nvfp4_awq`,
 * `W4A16_AWQ`… (modelopt/torch/quantization/config.py and export/quant_utils.py).
 */
const byName: readonly (readonly [pattern: RegExp, operands: QuantisedOperands])[] = [
  [/mxint8|mixed_precision|auto_quant/, {}],
  [/mxfp4_fp8/, { weights: mxfp4, activations: fp8 }],
  [/nvfp4_fp8(?!_mha)/, { weights: nvfp4, activations: fp8 }],
  [/w4a8/, { weights: int4, activations: fp8 }],
  [/^nvfp4(?:_affine)?_kv|^kv_nvfp4/, { kv: nvfp4 }],
  [/^fp8(?:_affine)?_kv|^kv_fp8/, { kv: fp8 }],
  [/mxfp4/, { weights: mxfp4, activations: mxfp4 }],
  [/mxfp6/, { weights: mxfp6E3m2, activations: mxfp6E3m2 }],
  [/mxfp8/, { weights: mxfp8E4m3, activations: mxfp8E4m3 }],
  [/nvfp4/, { weights: nvfp4, activations: nvfp4 }],
  [/fp8_2d_blockwise_w8a8/, { weights: fp8Blocks, activations: fp8Blocks }],
  [/fp8_2d_blockwise|fp8_pb/, { weights: fp8Blocks }],
  [/fp8_per_channel|fp8_pc/, { weights: fp8Channels, activations: fp8Channels }],
  [/fp8/, { weights: fp8, activations: fp8 }],
  [/e5m2/, { weights: perTensor('fp8-e5m2'), activations: perTensor('fp8-e5m2') }],
  [/int8|w8a8|w8a16/, { weights: int8, activations: perTensor('int8') }],
  [/int4|w4a16/, { weights: int4 }],
];

/** What a name of Model Optimizer's quantises; null for one that is not known. */
export function namedScheme(name: string): QuantisedOperands | null {
  const lower = name.toLowerCase();
  const operands = byName.find(([pattern]) => pattern.test(lower))?.[1];
  if (!operands || Object.keys(operands).length === 0) return null;
  const weightsOnly = /weight_only|_wo$|^w\d_|^w\da16/.test(lower);
  return weightsOnly && operands.weights ? { weights: operands.weights } : operands;
}

/** What a `quant_cfg` of quantizers says, and the value that its format is stated at. */
export interface ModeloptScheme {
  readonly operands: QuantisedOperands;
  readonly stated: Known<unknown>;
}

/**
 * Reads `<at>.quant_cfg`: a mapping by quantizer pattern, or a list of `quantizer_name` with `cfg`
 * in which later entries win. `$import` is followed by the name of the snippet it stands for.
 */
export function modeloptScheme(fields: Fields, at: Path): ModeloptScheme | null {
  const path = at === '' ? 'quant_cfg' : `${at}.quant_cfg`;
  const named = importedName(fields, at) ?? importedName(fields, path);
  if (named) {
    const operands = namedScheme(named.value);
    return operands && { operands, stated: named };
  }
  const operands: { -readonly [K in keyof QuantisedOperands]: Quantised | null } = {};
  const statements: Known<unknown>[] = [];
  for (const { name, cfg } of quantizers(fields, path)) {
    const unit = name === null ? importedName(fields, cfg) : null;
    // The library's other units set up single layers.
    const units = unit && /^(?:w\d|kv_)/.test(unit.value) ? namedScheme(unit.value) : null;
    if (unit && units) {
      Object.assign(operands, units);
      statements.push(unit);
    }
    const kind = name === null ? null : operandOf(name);
    if (kind === null || fields.boolean(`${cfg}.enable`)?.value === false) continue;
    const read = attributesOf(fields, cfg);
    if (!read) continue;
    operands[kind] = read.quantised;
    statements.push(read.stated);
  }
  const [first] = statements;
  return first ? { operands, stated: first } : null;
}

/** The quantizers in order, each with the path of its attributes; an import has no name. */
function quantizers(
  fields: Fields,
  path: Path,
): readonly { readonly name: string | null; readonly cfg: Path }[] {
  const node = fields.node(path);
  if (node?.kind === 'map') {
    // Names with a dot in them are of layer types, never of weights or inputs.
    const names = [...node.byKey.keys()].filter((name) => !name.includes('.'));
    return names.map((name) => ({ name, cfg: `${path}.${name}` }));
  }
  if (node?.kind !== 'list') return [];
  return node.items.map((_: ConfigNode, index) => {
    const entry = `${path}.${index}`;
    const name = fields.string(`${entry}.quantizer_name`);
    return name ? { name: name.value, cfg: `${entry}.cfg` } : { name: null, cfg: entry };
  });
}

function operandOf(quantizer: string): keyof QuantisedOperands | null {
  if (quantizer.endsWith('weight_quantizer')) return 'weights';
  if (quantizer.endsWith('input_quantizer')) return 'activations';
  return /(?:\[kv\]|k|v)_bmm_quantizer$/.test(quantizer) ? 'kv' : null;
}

/** `$import: fp8` under a path, as the last part of what `imports` says it stands for. */
function importedName(fields: Fields, path: Path): Known<string> | null {
  const name = path === '' ? fields.string('$import') : fields.string(`${path}.$import`);
  if (!name) return null;
  const file = fields.string(`imports.${name.value}`)?.value ?? name.value;
  return { ...name, value: file.split('/').at(-1) ?? file };
}

/** One quantizer's attributes; a list (two stages) is read by its first. */
function attributesOf(
  fields: Fields,
  path: Path,
): { readonly quantised: Quantised; readonly stated: Known<unknown> } | null {
  const at = fields.node(path)?.kind === 'list' ? `${path}.0` : path;
  const imported = importedName(fields, at);
  const base = imported && namedScheme(imported.value)?.weights;
  const bits = bitsOf(fields, `${at}.num_bits`);
  const format = bits?.format ?? base?.format;
  const known = bits?.stated ?? imported;
  if (format === undefined || !known) return null;
  const block = fields.positive(`${at}.block_sizes.-1`);
  const scaleBits = bitsOf(fields, `${at}.block_sizes.scale_bits`)?.layout;
  if (!block && base && !fields.has(`${at}.axis`)) return { quantised: base, stated: known };
  return { quantised: scaled(format, block?.value ?? null, scaleBits, fields, at), stated: known };
}

function scaled(
  format: string,
  block: number | null,
  scaleBits: string | undefined,
  fields: Fields,
  at: Path,
): Quantised {
  if (block === null) {
    // A block of no size is a whole row: per token.
    const rows = fields.has(`${at}.block_sizes.-1`) || fields.number(`${at}.axis`) !== null;
    return rows ? perChannel(format) : perTensor(format);
  }
  if (format === 'fp4-e2m1' && block === 16) return nvfp4;
  if (scaleBits === 'e8m0' && block === 32) {
    const mx = Object.values(blockFormats).find((each) => each.format === mxName(format));
    if (mx) return mx;
  }
  return perBlock(format, block, scaleBits ?? null);
}

function mxName(format: string): string {
  return format === 'fp4-e2m1' ? 'mxfp4' : `mx${format}`;
}

/** `num_bits: 8`, `[4, 3]`, `(4, 3)` or `e4m3`: integers by their bits, floats by their layout. */
function bitsOf(
  fields: Fields,
  path: Path,
): { readonly format: string; readonly layout: string; readonly stated: Known<unknown> } | null {
  const [exponent, mantissa] = [fields.number(`${path}.0`), fields.number(`${path}.1`)];
  const text = fields.string(path);
  const written = /^\(?(\d)\s*,\s*(\d)\)?$|^e(\d)m(\d)$/i.exec(text?.value ?? '');
  const place = fields.place(path);
  if (!place) return null;
  const known = stated(text?.value ?? '', place);
  const e = exponent?.value ?? written?.[1] ?? written?.[3];
  const m = mantissa?.value ?? written?.[2] ?? written?.[4];
  if (e !== undefined && m !== undefined) {
    const layout = `e${e}m${m}`;
    return { format: `fp${1 + Number(e) + Number(m)}-${layout}`, layout, stated: known };
  }
  const bits = fields.positive(path)?.value;
  return bits === 4 || bits === 8
    ? { format: `int${bits}`, layout: `int${bits}`, stated: known }
    : null;
}
