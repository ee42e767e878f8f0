import type { ModelShape } from '../architecture/shape.ts';
import { llamaShape } from '../architecture/shapes.ts';
import { byDefault, placeOf, type Known } from '../run/known.ts';
import type { Role, WriteResult } from '../run/run.ts';
import type { TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { programPath, untold } from '../config/launcher.ts';
import { publishedShape, type NamedModel } from '../dialects/models.ts';
import { otherReading } from '../config/otherReading.ts';
import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { need } from '../run/need.ts';

const source = 'young-geng/EasyLM (2024-08-12)';

/** EasyLM: JAX training of Llama-like models, all of it on the command line. */
export const easylm: FrameworkReader = {
  id: 'easylm',
  name: 'EasyLM',
  source,
  syntaxes: ['shell'],
  words: { shell: ['--train_dataset'] },
  loader: 'other',
  reads: 'load_llama_config, total_steps × batch_size × seq_length of the data set, dtype',

  recognise(fields) {
    const own = ['load_llama_config', 'total_steps', 'mesh_dim', 'train_dataset', 'optimizer'];
    const present = own.filter((key) => fields.has(key));
    // Its forks keep the flags under modules of their own; no other program has this one.
    const program = /\bEasyLM\b|_train(?:\.py)?$/.test(programPath(fields));
    const isOwn = program || fields.has('load_llama_config');
    return isOwn && fields.map('train_dataset') !== null && present.length >= 3
      ? `It starts EasyLM with ${present.slice(0, 2).join(' and ')}.`
      : null;
  },

  read(fields) {
    if (!/llama/i.test(programPath(fields)) && !fields.has('load_llama_config')) {
      return otherReading('EasyLM’s program is not its Llama training.');
    }
    const { model, shape, needs } = readModel(fields);
    const dtype = fields.string('dtype') ?? byDefault('fp32', 'EasyLM llama_train');
    const unknown = untold(fields, ['dtype'], 'format');
    const format = unknown.length > 0 ? null : plainFormat(dtype);
    const place = placeOf(dtype) ?? fields.place('$program');
    const row = (recipe: 'bf16' | 'fp16' | 'fp32') => ({
      recipe,
      edits: (f: Fields): WriteResult => setKeys(f, { dtype: recipe }),
    });
    return {
      role: roleOf(fields),
      model,
      shape,
      tokens: readTokens(fields),
      precision: format && plainPrecision(format),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [row('bf16'), row('fp16'), row('fp32')]),
      needs: [...needs, ...unknown],
    };
  },
};

/** Preference training and RL tune; weights to load make training go on. */
function roleOf(fields: Fields): Role {
  if (/dpo|ppo|sft|reward|finetun/i.test(programPath(fields))) return 'finetune';
  return fields.isGiven('load_checkpoint') ? 'continued' : 'pretrain';
}

function llama(layers: number, hidden: number, heads: number, feedForward: number): ModelShape {
  return llamaShape({ layers, hidden, heads, feedForward, vocabulary: 32000 });
}

/**
 * `LLAMA_STANDARD_CONFIGS` of EasyLM/models/llama/llama_model.py; the smallest is in
 * LargeWorldModel/LWM's lwm/llama.py (04bfa80), which has the others too.
 */
const models: ReadonlyMap<string, ModelShape> = new Map([
  ['200m', llama(14, 1024, 8, 2048)],
  ['1b', llama(22, 2048, 16, 5504)],
  ['3b', llama(26, 3200, 32, 8640)],
  ['7b', llama(32, 4096, 32, 11008)],
  ['13b', llama(40, 5120, 40, 13824)],
  ['30b', llama(60, 6656, 52, 17920)],
  ['65b', llama(80, 8192, 64, 22016)],
]);

/** A name of the table; an update of the model's own numbers is not followed. */
function readModel(fields: Fields): NamedModel {
  // LWM's other modality adds tables and a head for pictures.
  if (fields.string('modality')?.value.includes('vision') === true) {
    const needs = [need('parameters', 'the parts of the model that read pictures are not counted')];
    return { model: fields.string('load_llama_config'), shape: {}, needs };
  }
  const name = fields.string('load_llama_config');
  if (!name) {
    const said = untold(fields, ['load_llama_config'], 'parameters');
    const needs =
      said.length > 0 ? said : [need('parameters', 'the script does not say load_llama_config')];
    return { model: null, shape: {}, needs };
  }
  const update = fields.string('update_llama_config')?.value ?? '';
  if (/hidden_size|intermediate_size|num_\w+|vocab_size|tie_word/.test(update)) {
    const needs = [
      need('parameters', 'update_llama_config changes the shape, which is not followed'),
    ];
    return { model: name, shape: {}, needs };
  }
  const shape = models.get(name.value);
  if (!shape) {
    const needs = [need('parameters', `EasyLM’s config “${name.value}” is not known`)];
    return { model: name, shape: {}, needs };
  }
  return { model: name, shape: publishedShape(shape, `EasyLM ${name.value}`, source), needs: [] };
}

/** The data set's batch is the global one. */
function readTokens(fields: Fields): TokenPlan {
  const type = fields.string('train_dataset.type')?.value ?? 'huggingface';
  const at = `train_dataset.${type}_dataset`;
  const steps = fields.positive('total_steps');
  const or = (path: string, value: number): Known<number> | null =>
    fields.positive(path) ?? (fields.has(path) ? null : byDefault(value, 'EasyLM data'));
  return {
    duration: steps && { unit: 'steps', count: steps },
    sequenceLength: or(`${at}.seq_length`, 1024),
    globalBatch: or(`${at}.batch_size`, 8),
    needs: [
      ...(fields.has('total_steps') ? [] : [need('tokens', 'the script does not say total_steps')]),
      ...untold(fields, ['total_steps', `${at}.batch_size`, `${at}.seq_length`], 'tokens'),
    ],
  };
}
