import { paddedVocabulary } from '../architecture/feedForward.ts';
import type { ShapeReading } from '../architecture/shape.ts';
import { gptReading } from '../architecture/shapes.ts';
import { byDefault, derived, placeOf, type Known } from '../run/known.ts';
import { need, type Need } from '../run/need.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { untold } from '../config/launcher.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { lightningPrecision } from '../dialects/lightningPrecision.ts';

const gptConfig = 'transformers GPT2Config';

/** Keys of the model that make another shape of GPT-2, in ways that are not followed. */
const remaking = [
  ...['n_head_kv', 'word_embed_proj_dim', 'lm_head_bias', 'qkv_proj_bias', 'out_proj_bias'],
  ...['mlp_fc1_bias', 'mlp_fc2_bias', 'rms_norm', 'parallel_block', 'parallel_block_tied_norm'],
];

/** flash-attention's own training code: Hydra's groups over Lightning and its GPT. */
export const flashAttention: FrameworkReader = {
  id: 'flash-attention',
  name: 'flash-attention training',
  source: 'Dao-AILab/flash-attention training/configs and flash_attn/models/gpt.py (0251105)',
  syntaxes: ['yaml'],
  words: { config: ['datamodule'] },
  loader: 'omegaconf',
  reads:
    'experiments with the groups they override, GPT-2’s keys in model.config, max_steps × global_batch_size × max_length',

  recognise(fields) {
    const target = fields.string('model._target_')?.value ?? '';
    const isGpt = /(?:^|\.)GPT(?:2?LMHead|)Model$/.test(target) && fields.map('model.config');
    return isGpt && fields.has('trainer.max_steps') && fields.has('datamodule')
      ? 'It has a GPT below model, a trainer and a datamodule, as flash-attention’s experiments do.'
      : null;
  },

  read(fields) {
    const { shape, needs } = readShape(fields);
    const precision = lightningPrecision(fields.string('trainer.precision'));
    const place = placeOf(precision?.format);
    return {
      role: 'pretrain',
      model: null,
      shape,
      tokens: readTokens(fields),
      precision,
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => setKeys(f, { 'trainer.precision': 'bf16' }) },
        { recipe: 'fp16', edits: (f) => setKeys(f, { 'trainer.precision': '16' }) },
        { recipe: 'fp32', edits: (f) => setKeys(f, { 'trainer.precision': '32' }) },
      ]),
      needs: [...needs, ...untold(fields, ['trainer.precision'], 'format')],
    };
  },
};

const at = (key: string) => `model.config.${key}`;

function readShape(fields: Fields): { shape: ShapeReading; needs: readonly Need[] } {
  const activation = fields.string(at('activation_function'))?.value ?? '';
  const other = remaking.find((key) => fields.isGiven(at(key)));
  if (other !== undefined || activation.endsWith('glu')) {
    const why = `“${other ?? 'activation_function'}” makes another shape, which is not followed`;
    return { shape: {}, needs: [need('parameters', why)] };
  }
  const number = (key: string) => fields.positive(at(key));
  const tied = fields.boolean(at('tie_word_embeddings'));
  const inner = number('n_inner');
  const positions = fields.number(at('max_position_embeddings')) ?? number('n_positions');
  const shape = gptReading(
    {
      layers: number('n_layer'),
      hidden: number('n_embd'),
      heads: number('n_head'),
      vocabulary: readVocabulary(fields),
      learnedPositions: positions ?? byDefault(1024, gptConfig),
      ...(inner && { feedForward: inner }),
      ...(tied && { tied }),
    },
    gptConfig,
  );
  const keys = ['n_layer', 'n_embd', 'n_head', 'n_inner', 'n_positions', 'vocab_size'];
  return { shape, needs: untold(fields, keys.map(at), 'parameters') };
}

/** GPT-2's 50,257 unless told, which the library's own model pads (GPTLMHeadModel). */
function readVocabulary(fields: Fields): Known<number> | null {
  const size = fields.positive(at('vocab_size')) ?? byDefault(50257, gptConfig);
  const multiple = fields.positive(at('pad_vocab_size_multiple'));
  if (fields.has(at('pad_vocab_size_multiple')) && !multiple) return null;
  const isOwn = fields.string('model._target_')?.value.startsWith('flash_attn') === true;
  if (!multiple || !isOwn) return size;
  return derived(
    paddedVocabulary(size.value, multiple.value),
    `${size.value} padded to a multiple of ${multiple.value}`,
    [
      { name: 'vocab_size', known: size },
      { name: 'pad_vocab_size_multiple', known: multiple },
    ],
  );
}

/** The experiments accumulate to `train.global_batch_size`; without it, by what the trainer says. */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('trainer.max_steps');
  const epochs = fields.positive('trainer.max_epochs');
  const named = [
    ...['trainer.max_steps', 'datamodule.max_length', 'train.global_batch_size'],
    ...(fields.has('train.global_batch_size') ? [] : ['datamodule.batch_size']),
  ];
  const unknown = untold(fields, named, 'tokens');
  const accumulation = fields.has('trainer.accumulate_grad_batches')
    ? fields.positive('trainer.accumulate_grad_batches')
    : byDefault(1, 'Lightning');
  return {
    duration: steps ? { unit: 'steps', count: steps } : epochs && { unit: 'epochs', count: epochs },
    sequenceLength: fields.positive('datamodule.max_length'),
    globalBatch: fields.positive('train.global_batch_size'),
    rankBatch: product([
      { name: 'sequences', known: fields.positive('datamodule.batch_size') },
      { name: 'batches accumulated', known: accumulation },
    ]),
    worldSize: product([
      { name: 'GPUs a node', known: fields.positive('trainer.devices') },
      { name: 'nodes', known: fields.positive('trainer.num_nodes') ?? byDefault(1, 'Lightning') },
    ]),
    needs: unknown,
  };
}
