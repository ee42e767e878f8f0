import type { ShapeReading } from '../../architecture/shape.ts';
import { gptReading, gptShape } from '../../architecture/shapes.ts';
import { byDefault, placeOf, type Known } from '../../run/known.ts';
import type { WriteResult } from '../../run/run.ts';
import { product, type TokenPlan } from '../../run/tokens.ts';
import { mapNode } from '../../syntax/tree.ts';
import { mergeMaps, openFirst } from '../../config/compose.ts';
import type { Fields } from '../../config/fields.ts';
import { countOf, programOf, programPath, untold } from '../../config/launcher.ts';
import { pathFrom } from '../../config/library.ts';
import { namedModel, type NamedModel } from '../../dialects/models.ts';
import { isNanochat, readNanochat } from './nanochat.ts';
import { plainFormat, plainPrecision } from '../../config/precision.ts';
import type { Composition, FrameworkReader } from '../../config/reader.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { need } from '../../run/need.ts';

const of = 'nanoGPT train.py';

/** Names that train.py has in its module, which a config file or a flag sets. */
const settings = [
  'block_size',
  'batch_size',
  'gradient_accumulation_steps',
  'max_iters',
  'n_layer',
  'n_head',
  'n_embd',
  'lr_decay_iters',
  'eval_interval',
  'eval_iters',
  'out_dir',
  'init_from',
  'warmup_iters',
  'min_lr',
  'always_save_checkpoint',
];

/** Karpathy's nanoGPT and nanochat. */
export const nanogpt: FrameworkReader = {
  id: 'nanogpt',
  name: 'nanoGPT / nanochat',
  source: 'karpathy/nanoGPT (2025-11) and karpathy/nanochat (2026-05)',
  syntaxes: ['python', 'shell'],
  words: { python: ['block_size'], shell: ['--block_size', '--depth'] },
  loader: 'other',
  reads:
    'n_layer…, batch_size × block_size × gradient_accumulation_steps × max_iters; --depth, --target-param-data-ratio, --fp8',

  recognise(fields) {
    if (isNanochat(fields)) return 'It starts nanochat’s base_train with the depth of the model.';
    if (fields.isTrue('eval_only') || countOf(fields, settings) < 5) return null;
    const shape = fields.has('n_embd') && fields.has('n_layer');
    const own = fields.has('block_size') && fields.has('max_iters');
    const started = fields.tree.syntax === 'python' || programOf(fields) === 'train';
    return started && own && (shape || fields.has('gradient_accumulation_steps'))
      ? 'It sets block_size, max_iters and others as nanoGPT’s configs do.'
      : null;
  },

  compose: withConfig,

  read(fields) {
    if (isNanochat(fields)) return readNanochat(fields);
    const dtype = fields.string('dtype');
    const unknown = fields.tree.syntax === 'shell' ? untold(fields, ['dtype'], 'format') : [];
    // train.py itself asks the GPU: BF16 where it can, else FP16.
    const base = plainFormat(dtype) ?? byDefault('bf16' as const, `${of} on GPUs that have it`);
    const place = placeOf(base) ?? fields.keyPlace('batch_size') ?? fields.keyPlace('max_iters');
    const { model, shape, needs } = readModel(fields);
    const row = (recipe: 'bf16' | 'fp16' | 'fp32', name: string) => ({
      recipe,
      edits: (f: Fields): WriteResult => setKeys(f, { dtype: name }),
    });
    return {
      role: fields.string('init_from')?.value.startsWith('gpt2') === true ? 'finetune' : 'pretrain',
      model,
      shape,
      tokens: readTokens(fields),
      precision: unknown.length > 0 ? null : plainPrecision(base),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        row('bf16', 'bfloat16'),
        row('fp16', 'float16'),
        row('fp32', 'float32'),
      ]),
      needs: [...needs, ...unknown],
    };
  },
};

/** `train.py config/x.py --batch_size=8`: the flags go over the file, which goes over train.py. */
function withConfig(fields: Fields): Composition {
  const written = fields.string('$positional.0');
  if (fields.tree.syntax !== 'shell' || !written?.value.endsWith('.py')) {
    return { fields, needs: [] };
  }
  if (programPath(fields) === '') return { fields, needs: [] };
  const { file } = fields.tree;
  const opened = openFirst(fields, [pathFrom('', written.value), pathFrom(file, written.value)]);
  if (opened === null) {
    return { fields, needs: [need('tokens', `the config “${written.value}” was not found`)] };
  }
  if (opened === 'pending') return { fields, needs: [] };
  const names = opened.map.entries.filter(({ key }) => !key.startsWith('$'));
  const base = mapNode(opened.map.place, names);
  return { fields: fields.with(mergeMaps(base, fields.root, file), fields.root), needs: [] };
}

function readModel(fields: Fields): NamedModel {
  const from = fields.string('init_from');
  if (from?.value.startsWith('gpt2') === true) return namedModel(from);
  const unknown = untold(fields, ['n_layer', 'n_head', 'n_embd', 'block_size'], 'parameters');
  if (unknown.length > 0) return { model: null, shape: {}, needs: unknown };
  const or = (name: 'n_layer' | 'n_head' | 'n_embd', value: number) =>
    fields.positive(name) ?? byDefault(value, of);
  const bias = fields.boolean('bias') ?? byDefault(false, of);
  const vocabulary = readVocabulary(fields);
  const shape: ShapeReading = gptReading(
    {
      layers: or('n_layer', gpt2.layers),
      hidden: or('n_embd', gpt2.hidden),
      heads: or('n_head', gpt2.heads),
      vocabulary,
      learnedPositions: fields.positive('block_size') ?? byDefault(1024, of),
      norm: { ...bias, value: bias.value ? 'weight-and-bias' : 'weight' },
      biases: {
        ...bias,
        value: {
          queryKeyValue: bias.value,
          attentionOutput: bias.value,
          feedForward: bias.value,
          head: false,
        },
      },
    },
    of,
  );
  const needs = vocabulary
    ? []
    : [need('parameters', 'the total needs the vocabulary of the data set (its meta.pkl)')];
  return { model: null, shape, needs };
}

/** GPT-2's own shape, which train.py starts from. */
const gpt2 = gptShape({ layers: 12, hidden: 768, heads: 12, vocabulary: 50304 });

/** Data sets without a meta.pkl of their own are GPT-2's tokens, padded to 50304. */
function readVocabulary(fields: Fields): Known<number> | null {
  const stated = fields.positive('vocab_size');
  if (stated) return stated;
  const dataset = fields.string('dataset')?.value ?? 'openwebtext';
  return /char/i.test(dataset) || !/openwebtext|fineweb|shakespeare/i.test(dataset)
    ? null
    : byDefault(50304, of);
}

/**
 * gradient_accumulation_steps is the number over all GPUs; train.py divides it among them. Its own
 * value, 40, is no statement of a file that leaves it out.
 */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('max_iters');
  const names = ['max_iters', 'batch_size', 'block_size', 'gradient_accumulation_steps'];
  const missing = names.filter((name) => !fields.has(name));
  return {
    duration: steps && { unit: 'steps', count: steps },
    sequenceLength: fields.positive('block_size'),
    globalBatch: product([
      { name: 'sequences', known: fields.positive('batch_size') },
      { name: 'accumulation steps', known: fields.positive('gradient_accumulation_steps') },
    ]),
    needs: [
      ...missing.map((name) =>
        need('tokens', `${name} is not in the file, so train.py’s own counts`),
      ),
      ...untold(fields, names, 'tokens'),
    ],
  };
}
