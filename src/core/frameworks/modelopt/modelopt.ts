import { placeOf, type Known } from '../../run/known.ts';
import type { Fields } from '../../config/fields.ts';
import { llamaFactory } from '../llamaFactory.ts';
import { modeloptScheme, namedScheme } from './schemes.ts';
import { noModel, quantisedPrecision, quantiseReading } from '../../dialects/postTraining.ts';
import type { FrameworkReader, Reading } from '../../config/reader.ts';
import { trl } from '../trl/trl.ts';
import { need, type Need } from '../../run/need.ts';

const trainedNote =
  'Quantisation-aware training: the forward pass is rounded, the multiplications and gradients stay in 16 bits.';

/** NVIDIA Model Optimizer: post-training recipes, and training configs that carry a `quant_cfg`. */
export const modelopt: FrameworkReader = {
  id: 'modelopt',
  name: 'Model Optimizer',
  source: 'NVIDIA/Model-Optimizer (2025-12-05; recipes read 2026-11)',
  syntaxes: ['yaml', 'json'],
  words: {
    config: [
      'quant_cfg',
      'quant_algo',
      'recipe_type',
      'calib_dataset',
      'num_calib_size',
      'awq_block_size',
      'disable_kv_cache_quant',
    ],
  },
  loader: 'pyyaml-typed',
  reads: 'quant_cfg by name or quantizer, NeMo’s quantization.algorithm, hf_quant_config.json; QAT',

  recognise(fields) {
    if (trainedBy(fields)) {
      return 'It trains a model with a quant_cfg, as Model Optimizer’s examples do.';
    }
    if (fields.string('metadata.recipe_type')?.value === 'ptq' && fields.has('quantize')) {
      return 'It has metadata.recipe_type: ptq and quantize, as Model Optimizer’s recipes do.';
    }
    if (hasQuantizers(fields)) {
      return 'It has a quant_cfg of quantizers, as Model Optimizer’s configs do.';
    }
    if (isExported(fields)) {
      return 'It has quantization.quant_algo, as Model Optimizer’s hf_quant_config.json does.';
    }
    const calibrates = [
      'calib_dataset',
      'num_calib_size',
      'awq_block_size',
      'disable_kv_cache_quant',
    ];
    return fields.has('quantization.algorithm') &&
      calibrates.some((key) => fields.has(`quantization.${key}`))
      ? 'It has quantization.algorithm and its calibration, as NeMo’s post-training configs do.'
      : null;
  },

  read(fields) {
    const trainer = trainedBy(fields);
    if (trainer) return readTrained(fields, trainer.read(fields));
    if (isExported(fields)) return readNamed(fields, 'quantization.quant_algo');
    if (fields.has('quantization.algorithm')) return readNamed(fields, 'quantization.algorithm');
    const at = fields.has('quantize') ? 'quantize' : '';
    const path = at === '' ? 'quant_cfg' : 'quantize.quant_cfg';
    if (fields.string(path)) return readNamed(fields, path);
    const scheme = modeloptScheme(fields, at);
    const precision =
      scheme && quantisedPrecision('Model Optimizer quant_cfg', scheme.stated, scheme.operands);
    const needs = precision
      ? []
      : [need('format', 'quant_cfg has no quantizer whose format is known')];
    return quantiseReading(precision, placeOf(scheme?.stated) ?? null, { ...noModel, needs });
  },
};

/** TRL's scripts take `quant_cfg` at the root, LLaMA-Factory's under `modelopt`. */
function trainedBy(fields: Fields): FrameworkReader | undefined {
  const [root, nested] = [fields.has('quant_cfg'), fields.has('modelopt.quant_cfg')];
  return [...(nested ? [llamaFactory] : []), ...(root ? [trl] : [])].find(
    (reader) => reader.recognise(fields) !== null,
  );
}

function readTrained(fields: Fields, reading: Reading): Reading {
  const name = fields.string('quant_cfg') ?? fields.string('modelopt.quant_cfg');
  const operands = name && namedScheme(name.value);
  if (!name) return reading;
  if (!operands) return { ...reading, needs: [...reading.needs, unknownName(name)] };
  const precision = quantisedPrecision(name.value, name, operands, [trainedNote]);
  const place = placeOf(name);
  return {
    ...reading,
    precision: precision && { ...precision, base: reading.precision?.format.value ?? null },
    precisionPlaces: place ? [place] : [],
    // The trainer's own switches no longer say the format.
    writeFormat: null,
  };
}

function unknownName(name: Known<string>): Need {
  return need('format', `the quantisation “${name.value}” is not known`);
}

function hasQuantizers(fields: Fields): boolean {
  const named = fields.keys('quant_cfg').some((key) => key.endsWith('quantizer'));
  const imported = fields.has('quant_cfg.0.$import') && fields.map('imports') !== null;
  return named || fields.has('quant_cfg.0.quantizer_name') || imported;
}

function isExported(fields: Fields): boolean {
  const own = ['quantization.kv_cache_quant_algo', 'quantization.exclude_modules', 'producer.name'];
  return fields.has('quantization.quant_algo') && own.some((key) => fields.has(key));
}

function readNamed(fields: Fields, path: string): Reading {
  const name = fields.string(path);
  const cache = fields.string('quantization.kv_cache_quant_algo');
  const scheme = name && namedScheme(name.value);
  const kv = (cache && namedScheme(cache.value)?.weights) ?? null;
  const precision = name && scheme && quantisedPrecision(name.value, name, { kv, ...scheme });
  const unread = name ? unknownName(name) : need('format', 'the file quantises nothing');
  const needs = precision ? [] : [unread];
  return quantiseReading(precision, fields.place(path), { ...noModel, needs });
}
