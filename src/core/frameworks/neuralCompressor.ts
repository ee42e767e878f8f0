import { byDefault, placeOf } from '../run/known.ts';
import type { Fields } from '../config/fields.ts';
import {
  noModel,
  perChannel,
  perTensor,
  quantisedPrecision,
  quantiseReading,
  type Quantised,
} from '../dialects/postTraining.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { need, type Need } from '../run/need.ts';

/** Keys of FP8Config beside `mode`, two of which make such a file. */
const ownKeys = [
  'fp8_config',
  'scale_method',
  'scale_format',
  'observer',
  'allowlist',
  'blocklist',
  'dump_stats_path',
  'measure_exclude',
];

/** Intel Neural Compressor: FP8 inference on Gaudi, measured first and quantised then. */
export const neuralCompressor: FrameworkReader = {
  id: 'neural-compressor',
  name: 'Intel Neural Compressor',
  source: 'intel/neural-compressor (2026-08-20)',
  syntaxes: ['json'],
  words: { config: ownKeys },
  loader: 'other',
  reads: 'the Gaudi FP8 JSON: mode, fp8_config, scale_method; post-training only',

  recognise(fields) {
    const mode = fields.string('mode')?.value.toUpperCase() ?? '';
    const own = ownKeys.filter((key) => fields.has(key));
    return /^(?:QUANTIZE|MEASURE|AUTO|LOAD)$/.test(mode) && own.length >= 2
      ? 'It has a mode with scale_method, observer or dump_stats_path, as Neural Compressor’s FP8 configs do.'
      : null;
  },

  read(fields) {
    const mode = fields.string('mode');
    if (mode?.value.toUpperCase() === 'MEASURE') {
      const needs = [need('format', 'the file only measures (mode MEASURE), it quantises nothing')];
      return quantiseReading(null, null, { ...noModel, needs });
    }
    const stated = fields.string('fp8_config') ?? byDefault('E4M3', 'Neural Compressor FP8Config');
    const format = { E4M3: 'fp8-e4m3', E5M2: 'fp8-e5m2' }[stated.value.toUpperCase()];
    const method = fields.string('scale_method')?.value.toUpperCase() ?? 'MAXABS_HW';
    const precision =
      format === undefined
        ? null
        : quantisedPrecision(method, stated, {
            weights: scaled(format, weightsPart(method)),
            activations: scaled(format, activationsPart(method)),
          });
    const place = placeOf(stated) ?? fields.place('scale_method') ?? fields.place('mode');
    const needs = precision ? [] : [need('format', `fp8_config “${stated.value}” is not known`)];
    return quantiseReading(precision, place, { ...noModel, needs: [...needs, ...unread(fields)] });
  },
};

/** `ACT_MAXABS_HW_WEIGHTS_PCS_OPT_POW2` says both parts; a name without them is for both. */
function weightsPart(method: string): string {
  return /_WEIGHTS?_([^]*)$/.exec(method)?.[1] ?? method;
}

function activationsPart(method: string): string {
  return /^ACT_(.*?)_WEIGHTS?_/.exec(method)?.[1] ?? method;
}

/** PCS scales per channel, everything else per tensor; only `arbitrary` scales are no powers of two. */
function scaled(format: string, method: string): Quantised {
  const scale = method.includes('ARBITRARY') ? 'fp32' : 'power-of-two';
  const operand = /(?:^|_)PCS(?:_|$)/.test(method) ? perChannel(format) : perTensor(format);
  return { ...operand, scale };
}

/** Newer configs choose the scaling layer by layer. */
function unread(fields: Fields): readonly Need[] {
  return fields.map('scale_method')
    ? [
        need(
          'format',
          'scale_method is given layer by layer, so the scaling shown is only the default',
        ),
      ]
    : [];
}
