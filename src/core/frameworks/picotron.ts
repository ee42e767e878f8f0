import type { ShapeReading } from '../architecture/shape.ts';
import { llamaReading } from '../architecture/shapes.ts';
import { byDefault } from '../run/known.ts';
import { need } from '../run/need.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { namedModel, type NamedModel } from '../dialects/models.ts';

const of = 'picotron picotron/model.py';

/** Hugging Face's picotron: its own Llama with the numbers of a named config, in JSON. */
export const picotron: FrameworkReader = {
  id: 'picotron',
  name: 'picotron',
  source: 'huggingface/picotron (59714b1)',
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
    // train.py asks the GPU, and use_cpu, but not model.dtype.
    const cpu = fields.boolean('distributed.use_cpu') ?? byDefault(false, 'picotron train.py');
    const format = { ...cpu, value: cpu.value ? ('fp32' as const) : ('bf16' as const) };
    const written = plainFormat(fields.string('model.dtype'));
    const place = fields.place('model.dtype') ?? fields.keyPlace('model');
    return {
      role: fields.isGiven('checkpoint.load_path') ? 'continued' : 'pretrain',
      ...readModel(fields),
      tokens: readTokens(fields),
      precision: plainPrecision(
        format,
        written && written.value !== format.value
          ? ['model.dtype is not looked at: the run is in BF16 on GPUs that have it.']
          : [],
      ),
      precisionPlaces: place ? [place] : [],
      writeFormat: null,
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

/** A step is micro-batches of every data-parallel rank, cut from joined texts (picotron/data.py). */
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
