import { llamaFeedForward } from '../architecture/feedForward.ts';
import type { ShapeReading } from '../architecture/shape.ts';
import { llamaReading } from '../architecture/shapes.ts';
import { byDefault, derived, placeOf, type Known } from '../run/known.ts';
import type { Precision, WriteResult } from '../run/run.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { need } from '../run/need.ts';
import { otherReading } from '../config/otherReading.ts';
import { plainFormat, plainPrecision, recipePrecision, type Recipe } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';

const modelArguments = 'lingua LMTransformerArgs';

/** lingua's own kernel (lingua/float8.py): rows of E4M3, gradients of the weights in BF16. */
const rowwise: Recipe = {
  name: 'lingua rowwise',
  format: 'fp8-e4m3',
  gradientFormat: null,
  granularity: 'channel',
  block: null,
  scale: 'fp32',
  operands: ['weights', 'activations', 'gradients'],
  notes: ['The weight-gradient multiplication stays in BF16.'],
};

/** Meta lingua: transformers pre-trained from one YAML over dataclasses. */
export const lingua: FrameworkReader = {
  id: 'lingua',
  name: 'lingua',
  source: 'facebookresearch/lingua (2025-06-18)',
  syntaxes: ['yaml'],
  words: { config: ['n_layers'] },
  loader: 'omegaconf',
  reads: 'model.dim and n_layers, steps × data.batch_size × seq_len, distributed.float8_recipe',

  recognise(fields) {
    const model = fields.has('model.dim') && fields.has('model.n_layers');
    const data = ['batch_size', 'seq_len', 'sources', 'root_dir'].filter((key) =>
      fields.has(`data.${key}`),
    );
    return model && fields.has('steps') && data.length >= 2
      ? 'It has model.dim, model.n_layers, steps and data.seq_len, as lingua’s configs do.'
      : null;
  },

  read(fields) {
    const recurrent = ['state_dim', 'conv_size', 'lru_dim_multiplier', 'n_groups'].some((key) =>
      fields.isSet(`model.${key}`),
    );
    if (recurrent) return otherReading('Its layers are recurrent ones, not a transformer’s.');
    const precision = readPrecision(fields);
    const place = placeOf(precision.format) ?? fields.keyPlace('distributed');
    return {
      role: fields.isGiven('checkpoint.init_ckpt_path') ? 'continued' : 'pretrain',
      model: fields.string('name'),
      shape: readShape(fields),
      tokens: readTokens(fields),
      precision,
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => writePlain(f, 'bf16') },
        { recipe: 'fp16', edits: (f) => writePlain(f, 'fp16') },
        { recipe: 'fp32', edits: (f) => writePlain(f, 'fp32') },
        { recipe: rowwise, edits: writeFp8 },
      ]),
      needs: hasMoreHeads(fields)
        ? [need('parameters', 'the total needs what the heads of further tokens hold')]
        : [],
    };
  },
};

/** `n_future_head`: heads for the tokens after the next, each with a matrix over the vocabulary (apps/mtp). */
const hasMoreHeads = (fields: Fields): boolean =>
  (fields.positive('model.n_future_head')?.value ?? 1) > 1;

function readShape(fields: Fields): ShapeReading {
  const number = (key: string) => fields.positive(`model.${key}`);
  const hidden = number('dim');
  const headDimension = number('head_dim');
  const heads = number('n_heads') ?? (hidden && headDimension && ratio(hidden, headDimension));
  return llamaReading(
    {
      layers: number('n_layers'),
      hidden,
      heads,
      keyValueHeads: number('n_kv_heads') ?? heads,
      ...(headDimension && { headDimension }),
      feedForward: hidden && feedForward(fields, hidden),
      vocabulary: hasMoreHeads(fields) ? null : vocabulary(fields),
      tied: fields.boolean('model.weight_tying') ?? byDefault(false, modelArguments),
    },
    modelArguments,
  );
}

function ratio(hidden: Known<number>, head: Known<number>): Known<number> {
  return derived(Math.floor(hidden.value / head.value), `${hidden.value} ÷ ${head.value}`, [
    { name: 'dim', known: hidden },
    { name: 'head_dim', known: head },
  ]);
}

function feedForward(fields: Fields, hidden: Known<number>): Known<number> {
  const multiplier = fields.positive('model.ffn_dim_multiplier');
  const multiple = fields.positive('model.multiple_of') ?? byDefault(256, modelArguments);
  const factor = multiplier ? `${multiplier.value} × ` : '';
  return derived(
    llamaFeedForward(hidden.value, multiplier?.value ?? null, multiple.value),
    `${factor}8 × ${hidden.value} ÷ 3 rounded up to a multiple of ${multiple.value}`,
    [
      { name: 'dim', known: hidden },
      ...(multiplier ? [{ name: 'ffn_dim_multiplier', known: multiplier }] : []),
      { name: 'multiple_of', known: multiple },
    ],
  );
}

/** `vocab_size`, else the tokenizer's; only the byte tokenizer's size is known without its file. */
function vocabulary(fields: Fields): Known<number> | null {
  const stated = fields.positive('model.vocab_size');
  if (stated) return stated;
  const tokenizer = fields.string('data.tokenizer.name');
  const bytes = 258; // Every byte, and the tokens of begin and end.
  return tokenizer?.value === 'bytes' ? byDefault(bytes, 'lingua ByteTokenizer') : null;
}

/** dp_replicate and dp_shard do not bind: lingua adapts them to the GPUs it finds. */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('steps');
  const one = byDefault(1, 'lingua TrainArgs');
  return {
    duration: steps && { unit: 'steps', count: steps },
    sequenceLength: fields.positive('data.seq_len') ?? byDefault(2048, 'lingua DataArgs'),
    rankBatch: product([
      { name: 'sequences', known: fields.positive('data.batch_size') },
      { name: 'accumulation steps', known: fields.positive('grad_acc_steps') ?? one },
    ]),
    modelParallel: fields.positive('distributed.tp_size') ?? one,
  };
}

function readPrecision(fields: Fields): Precision {
  const dtype =
    plainFormat(fields.string('distributed.model_dtype')) ??
    byDefault('bf16', 'lingua DistributedArgs');
  const recipe = fields.string('distributed.float8_recipe');
  if (recipe?.value !== 'rowwise') return plainPrecision(dtype);
  const filter = fields.string('distributed.float8_filter');
  const notes = filter ? [`Only layers that match ${filter.value} are converted.`] : [];
  return recipePrecision(rowwise, recipe, dtype.value, notes);
}

function writePlain(fields: Fields, dtype: 'bf16' | 'fp16' | 'fp32'): WriteResult {
  const current = fields.string('distributed.model_dtype')?.value ?? 'bf16';
  return setKeys(fields, {
    ...(current !== dtype && { 'distributed.model_dtype': dtype }),
    ...(fields.isSet('distributed.float8_recipe') && { 'distributed.float8_recipe': 'null' }),
  });
}

function writeFp8(fields: Fields): WriteResult {
  return setKeys(fields, { 'distributed.float8_recipe': 'rowwise' });
}
