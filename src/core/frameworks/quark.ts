import { own } from '../run/own.ts';
import { placeOf } from '../run/known.ts';
import type { Fields, Path } from '../config/fields.ts';
import {
  blockFormats,
  noModel,
  perBlock,
  perChannel,
  perTensor,
  quantisedPrecision,
  quantiseReading,
  type Quantised,
} from '../dialects/postTraining.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { need } from '../run/need.ts';

const algorithms = /^(?:awq|gptq|gptaq|qronos|smooth|autosmoothquant|rotation|quarot)$/;

/** AMD Quark: its quantisation config saved by itself, and the configs of its algorithms. */
export const quark: FrameworkReader = {
  id: 'quark',
  name: 'AMD Quark',
  source: 'amd/Quark (read 2026-11)',
  syntaxes: ['json', 'yaml'],
  words: { config: ['global_quant_config', 'model_decoder_layers'] },
  loader: 'other',
  reads: 'global_quant_config by dtype, qscheme, group_size; post-training only',

  recognise(fields) {
    const others = ['quant_method', 'layer_quant_config', 'layer_type_quant_config', 'exclude'];
    if (fields.map('global_quant_config') && others.some((key) => fields.has(key))) {
      return 'It has global_quant_config and layer_quant_config, as Quark’s configs do.';
    }
    return isAlgorithm(fields)
      ? 'It names an algorithm and model_decoder_layers, as Quark’s algorithm configs do.'
      : null;
  },

  read(fields) {
    if (isAlgorithm(fields)) {
      const needs = [
        need('format', 'the file sets up an algorithm of Quark; the scheme is chosen apart'),
      ];
      return quantiseReading(null, null, { ...noModel, needs });
    }
    const at = 'global_quant_config';
    const weights = operandOf(fields, `${at}.weight`);
    const activations = operandOf(fields, `${at}.input_tensors`);
    const stated = dtypeOf(fields, `${at}.weight`) ?? dtypeOf(fields, `${at}.input_tensors`);
    const precision =
      stated && quantisedPrecision(`Quark ${stated.value}`, stated, { weights, activations });
    const needs = precision
      ? []
      : [need('format', 'global_quant_config has no dtype that is known')];
    return quantiseReading(precision, placeOf(stated) ?? null, { ...noModel, needs });
  },
};

function isAlgorithm(fields: Fields): boolean {
  const inner = ['inside_layer_modules', 'scaling_layers', 'embedding_layers'];
  return (
    algorithms.test(fields.string('name')?.value ?? '') &&
    fields.has('model_decoder_layers') &&
    inner.some((key) => fields.has(key))
  );
}

/** A tensor's spec, or the first of several (NVFP4 is FP4 in groups of 16, then FP8 per tensor). */
function specAt(fields: Fields, path: Path): Path {
  return fields.map(path) ? path : `${path}.0`;
}

function dtypeOf(fields: Fields, path: Path) {
  return fields.string(`${specAt(fields, path)}.dtype`);
}

function operandOf(fields: Fields, path: Path): Quantised | null {
  const spec = specAt(fields, path);
  const written = dtypeOf(fields, path)?.value;
  const element = fields.string(`${spec}.mx_element_dtype`)?.value;
  const dtype = (written === 'mx' ? element : written)?.replace(/^fp4_e2m1$/, 'fp4') ?? '';
  const group = fields.positive(`${spec}.group_size`)?.value ?? null;
  const scheme = fields.string(`${spec}.qscheme`)?.value;
  const powers = fields.string(`${spec}.scale_format`)?.value === 'e8m0' || written === 'mx';
  if (dtype === 'fp4' && group === 16) return blockFormats.nvfp4;
  if (powers && (group === 32 || written === 'mx')) {
    const mx = own(mxFormats, dtype);
    if (mx) return mx;
  }
  const format = own(plainFormats, dtype);
  if (format === undefined) return null;
  if (group !== null && (scheme === 'per_group' || scheme === undefined)) {
    return perBlock(format, group);
  }
  return scheme === 'per_channel' || scheme === 'per_token'
    ? perChannel(format)
    : perTensor(format);
}

const mxFormats: Readonly<Record<string, Quantised>> = {
  fp4: blockFormats.mxfp4,
  fp6_e3m2: blockFormats.mxfp6E3m2,
  fp6_e2m3: blockFormats.mxfp6E2m3,
  fp8_e4m3: blockFormats.mxfp8E4m3,
  fp8_e5m2: blockFormats.mxfp8E5m2,
};

const plainFormats: Readonly<Record<string, string>> = {
  fp8_e4m3: 'fp8-e4m3',
  fp8_e5m2: 'fp8-e5m2',
  fp6_e3m2: 'fp6-e3m2',
  fp6_e2m3: 'fp6-e2m3',
  fp4: 'fp4-e2m1',
  int8: 'int8',
  uint8: 'int8',
  int4: 'int4',
  uint4: 'int4',
};
