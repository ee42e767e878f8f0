import { llamaShape } from '../architecture/shapes.ts';
import { byDefault, derived, placeOf, type Known } from '../run/known.ts';
import { type TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { untold } from '../config/launcher.ts';
import { publishedShape, type NamedModel } from '../dialects/models.ts';
import { plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter } from '../config/writing.ts';
import { need } from '../run/need.ts';

const source = 'jzhang38/TinyLlama pretrain/tinyllama.py and lit_gpt/config.py';

/** TinyLlama's pre-training script: its constants at the head of the module. */
export const tinyllama: FrameworkReader = {
  id: 'tinyllama',
  name: 'TinyLlama',
  source,
  syntaxes: ['python'],
  words: { python: ['num_of_devices'] },
  loader: 'other',
  reads: 'model_name, max_step × global_batch_size a node, num_of_devices',

  recognise(fields) {
    const own = ['num_of_devices', 'global_batch_size', 'micro_batch_size', 'max_step'];
    return own.every((key) => fields.has(key)) && fields.has('model_name')
      ? 'It sets num_of_devices, max_step and global_batch_size, as TinyLlama’s script does.'
      : null;
  },

  read(fields) {
    const { model, shape, needs } = readModel(fields);
    const format = byDefault('bf16' as const, 'TinyLlama get_default_supported_precision');
    const place = fields.keyPlace('model_name') ?? placeOf(model);
    return {
      role: 'pretrain',
      model,
      shape,
      tokens: readTokens(fields),
      precision: plainPrecision(format),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, []),
      needs,
    };
  },
};

const tiny = { hidden: 2048, heads: 32, feedForward: 5632, vocabulary: 32000 } as const;
const models: ReadonlyMap<string, ReturnType<typeof llamaShape>> = new Map([
  ['tiny_LLaMA_1b', llamaShape({ ...tiny, layers: 22, keyValueHeads: 4 })],
]);

function readModel(fields: Fields): NamedModel {
  const model = fields.string('model_name');
  const shape = model && models.get(model.value);
  if (!model || !shape) {
    const needs = [need('parameters', `the shape of “${model?.value ?? ''}” is lit_gpt’s own`)];
    return { model, shape: {}, needs };
  }
  return { model, shape: publishedShape(shape, model.value, source), needs: [] };
}

/** global_batch_size is that of one node with num_of_devices GPUs. */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('max_step');
  const batch = fields.positive('global_batch_size');
  const devices = fields.positive('num_of_devices');
  const known = models.has(fields.string('model_name')?.value ?? '');
  const rankBatch: Known<number> | null =
    batch && devices
      ? derived(Math.floor(batch.value / devices.value), `${batch.value} ÷ ${devices.value}`, [
          { name: 'global_batch_size', known: batch },
          { name: 'num_of_devices', known: devices },
        ])
      : null;
  return {
    duration: steps && { unit: 'steps', count: steps },
    sequenceLength: known ? byDefault(2048, 'lit_gpt config block_size') : null,
    rankBatch,
    needs: untold(fields, ['max_step', 'global_batch_size', 'num_of_devices'], 'tokens'),
  };
}
