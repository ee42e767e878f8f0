import type { ShapeReading } from '../architecture/shape.ts';
import { llamaReading } from '../architecture/shapes.ts';
import { byDefault, placeOf } from '../run/known.ts';
import { need } from '../run/need.ts';
import type { WriteResult } from '../run/run.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { namedModel, type NamedModel } from '../dialects/models.ts';

const of = 'picotron picotron/model.py';

/** Hugging Face's picotron: its own Llama with the numbers of a named config, in JSON. */
export const picotron: FrameworkReader = {
  id: 'picotron',
  name: 'picotron',
  source: 'huggingface/picotron (12e81c3)',
  syntaxes: ['json'],
  words: { config: ['total_train_steps'] },
  loader: 'other',
  reads:
    'model.name with its overrides, total_train_steps × micro_batch_size × gradient_accumulation_steps × dp_size × seq_length, max_tokens',

  recognise(fields) {
    const own = ['distributed.tp_size', 'distributed.dp_size', 'model.name', 'training.seq_length'];
    return own.every((key) => fields.has(key)) && fields.has('training.total_train_steps')
      ? 'It has training.total_train_steps and distributed.tp_size, as picotron’s configs do.'
      : null;
  },

  read(fields) {
    const dtype = fields.string('model.dtype');
    const isOnCpu = fields.isTrue('distributed.use_cpu');
    const base = isOnCpu ? byDefault('fp32' as const, 'picotron on a CPU') : plainFormat(dtype);
    const format = base ?? (dtype ? null : byDefault('bf16' as const, 'picotron train.py'));
    const place = placeOf(format) ?? fields.keyPlace('model');
    const row = (recipe: 'bf16' | 'fp32', name: string) => ({
      recipe,
      edits: (f: Fields): WriteResult => setKeys(f, { 'model.dtype': `"${name}"` }),
    });
    return {
      role: fields.isGiven('checkpoint.load_path') ? 'continued' : 'pretrain',
      ...readModel(fields),
      tokens: readTokens(fields),
      precision: format && plainPrecision(format),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [row('bf16', 'bfloat16'), row('fp32', 'float32')]),
    };
  },
};

/** Only the numbers of the named model count: the layers are picotron’s, the head its own. */
function readModel(fields: Fields): NamedModel {
  const { model, shape: named, needs } = namedModel(fields.string('model.name'));
  if (!named.layers) return { model, shape: {}, needs };
  if (named.experts?.value || named.latentAttention?.value) {
    const why = 'picotron’s layers are no mixtures, as those of the named model are';
    return { model, shape: {}, needs: [need('parameters', why)] };
  }
  const at = (key: string) => fields.positive(`model.${key}`);
  const shape: ShapeReading = llamaReading(
    {
      layers: at('num_hidden_layers') ?? named.layers,
      hidden: named.hidden,
      heads: at('num_attention_heads') ?? named.heads,
      keyValueHeads: at('num_key_value_heads') ?? named.keyValueHeads,
      feedForward: named.feedForward,
      vocabulary: named.vocabulary,
    },
    of,
  );
  return { model, shape, needs };
}

/** A step is micro-batches of every data-parallel rank (picotron/data.py). */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('training.total_train_steps');
  const tokens = fields.positive('training.max_tokens');
  return {
    duration: steps && { unit: 'steps', count: steps },
    stop: tokens && { unit: 'tokens', count: tokens },
    sequenceLength: fields.positive('training.seq_length'),
    globalBatch: product([
      { name: 'sequences', known: fields.positive('training.micro_batch_size') },
      {
        name: 'accumulation steps',
        known: fields.positive('training.gradient_accumulation_steps'),
      },
      { name: 'data-parallel ranks', known: fields.positive('distributed.dp_size') },
    ]),
  };
}
