import { own } from '../../run/own.ts';
import { product, type Duration, type TokenPlan } from '../../run/tokens.ts';
import { byDefault, type Known } from '../../run/known.ts';
import type { Precision, Role, WriteResult } from '../../run/run.ts';
import type { Place } from '../../syntax/tree.ts';
import type { Fields } from '../../config/fields.ts';
import { nemoRecipes, readNemoRecipe } from './recipe.ts';
import { nemoShape } from './shape.ts';
import { otherReading } from '../../config/otherReading.ts';
import { plainPrecision, recipePrecision, recipes, isLow } from '../../config/precision.ts';
import { rampedSequences } from '../../dialects/rampUp.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { nemoSetup } from './setup.ts';

/** NVIDIA NeMo: NeMo 1's Megatron GPT models in Hydra configs, NeMo 2's recipes in Python. */
export const nemo: FrameworkReader = {
  id: 'nemo',
  name: 'NeMo',
  source: 'NVIDIA/NeMo (2025-09-20) and NVIDIA/NeMo-Framework-Launcher (2025-04-18)',
  syntaxes: ['yaml', 'python'],
  words: {
    config: ['global_batch_size', 'micro_batch_size'],
    python: ['pretrain_recipe', 'finetune_recipe'],
  },
  loader: 'omegaconf',
  reads:
    'Megatron GPT shapes, max_steps × global_batch_size × data.seq_length, model.fp8 and its recipe',

  recognise(fields) {
    if (fields.tree.syntax === 'python') {
      return nemoRecipes(fields).length > 0
        ? 'It calls a pretrain_recipe or finetune_recipe of NeMo 2.'
        : null;
    }
    const batch = fields.has('model.global_batch_size') || fields.has('model.micro_batch_size');
    if (!fields.map('trainer') || !batch || fields.has('inference')) return null;
    if (fields.has('model.encoder_seq_length')) {
      return 'It has trainer, model.encoder_seq_length and a model batch size, as NeMo’s Megatron configs do.';
    }
    const tuning = fields.has('model.data.train_ds') && fields.has('model.restore_from_path');
    return tuning && fields.has('model.tensor_model_parallel_size')
      ? 'It has trainer, model.restore_from_path and model.data.train_ds, as NeMo’s tuning configs do.'
      : null;
  },

  runs: (fields) => (fields.tree.syntax === 'python' ? nemoRecipes(fields) : [fields]),

  read(fields) {
    if (fields.tree.syntax === 'python') return readNemoRecipe(fields);
    const other = otherModel.find((key) => fields.has(key));
    if (other !== undefined) {
      return otherReading(`It has ${other}, so the model is not a decoder language model.`);
    }
    if (conversion.every((key) => fields.has(key))) {
      return otherReading('It converts a checkpoint and trains nothing.');
    }
    const precision = readPrecision(fields);
    const { shape, needs } = nemoShape(fields);
    return {
      role: roleOf(fields),
      model: null,
      shape,
      tokens: readTokens(fields),
      precision,
      setup: nemoSetup(fields, precision),
      precisionPlaces: precisionPlaces(fields, precision),
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => write(f, 'bf16', false) },
        { recipe: 'fp16', edits: (f) => write(f, '16', false) },
        { recipe: 'fp32', edits: (f) => write(f, '32', false) },
        { recipe: recipes.teDelayedHybrid, edits: (f) => write(f, 'bf16', true) },
      ]),
      needs,
    };
  },
};

/** Keys that only encoders, encoder-decoders, retrieval, vision, diffusion and state-space models have. */
const otherModel = [
  'model.encoder',
  'model.decoder',
  'model.decoder_seq_length',
  'model.bert_binary_head',
  'model.num_tokentypes',
  'model.data.masked_lm_prob',
  'model.retro',
  'model.enc_num_layers',
  'model.retro_encoder_num_layers',
  'model.mm_cfg',
  'model.vision',
  'model.vision_config',
  'model.patch_dim',
  'model.img_h',
  'model.hybrid_override_pattern',
  'model.hybrid_attention_ratio',
  'model.mamba_ssm_ngroups',
];

/**
 * What a stage of the launcher says that makes a .nemo checkpoint of weights from elsewhere: its
 * trainer and its schedule are a training run's, of which nothing runs (ConversionHF2NeMo in
 * NVIDIA/NeMo-Megatron-Launcher, nemo_launcher/core/stages.py, 4550dc9).
 */
const conversion = ['run.huggingface_ckpt_path', 'run.nemo_file_name'];

/**
 * What only tuning has: examples instead of documents, adapters and prompts, the trainers of NeMo
 * Aligner (`trainer.sft`, `.rm`, `.dpo`, `.ppo`…) and the heads of its reward models.
 */
const tuning = [
  ...['model.data.train_ds', 'model.peft', 'model.adapter_tuning', 'model.lora_tuning'],
  ...['model.language_model_path', 'model.virtual_prompt_style', 'model.reward_model_type'],
  ...['model.regression', 'trainer.sft', 'trainer.rm', 'trainer.dpo', 'trainer.ppo'],
  ...['trainer.reinforce', 'trainer.spin', 'trainer.kto', 'trainer.rs'],
];

/** Weights that a run starts from. */
const starts = [
  ...['model.restore_from_path', 'restore_from_path', 'pretrained_checkpoint.restore_from_path'],
];

/** What a run's name says of it: `gpt_20b_sft_chat`, `1.3b_ppo`. */
const namesTuning = /(?:^|[^a-z])(?:sft|ppo|dpo|grpo|ilql|rlhf|peft|lora)(?:[^a-z]|$)/i;

function roleOf(fields: Fields): Role {
  const names = ['name', 'run.name', 'exp_manager.name'].map((key) => fields.string(key)?.value);
  if (tuning.some((key) => fields.isGiven(key))) return 'finetune';
  if (names.some((name) => name !== undefined && namesTuning.test(name))) return 'finetune';
  return starts.some((key) => fields.isGiven(key)) ? 'continued' : 'pretrain';
}

function readTokens(fields: Fields): TokenPlan {
  const globalBatch = fields.positive('model.global_batch_size');
  return {
    duration: readDuration(fields, globalBatch),
    // The data set is built with data.seq_length; encoder_seq_length only where it leaves it out.
    sequenceLength:
      fields.positive('model.data.seq_length') ?? fields.positive('model.encoder_seq_length'),
    packed: fields.isTrue('model.data.train_ds.packed_sequence'),
    globalBatch,
    rankBatch: product([
      { name: 'sequences', known: fields.positive('model.micro_batch_size') },
      {
        name: 'accumulation steps',
        known:
          fields.positive('trainer.accumulate_grad_batches') ?? byDefault(1, 'Lightning Trainer'),
      },
    ]),
    worldSize: product([
      { name: 'GPUs', known: fields.positive('trainer.devices') },
      { name: 'nodes', known: fields.positive('trainer.num_nodes') },
    ]),
    modelParallel: product(
      ['tensor', 'pipeline', 'context'].map((name) => ({
        name: `${name} parallel`,
        known:
          fields.positive(
            name === 'context'
              ? 'model.context_parallel_size'
              : `model.${name}_model_parallel_size`,
          ) ?? byDefault(1, 'NeMo'),
      })),
    ),
  };
}

/** max_steps; with a batch that ramps up, the sequences that so many steps train on. */
function readDuration(fields: Fields, globalBatch: Known<number> | null): Duration | null {
  const steps = fields.positive('trainer.max_steps');
  if (!steps) {
    const epochs = fields.positive('trainer.max_epochs');
    return epochs && { unit: 'epochs', count: epochs };
  }
  const rampUp = fields.list('model.rampup_batch_size').map((each) => Number(each.value));
  const sequences =
    rampUp.length === 3 && globalBatch ? rampedSequences(steps, globalBatch, rampUp) : null;
  return sequences ? { unit: 'sequences', count: sequences } : { unit: 'steps', count: steps };
}

type Plain = 'bf16' | 'fp16' | 'fp32';

const plainNames: Readonly<Record<string, Plain>> = {
  bf16: 'bf16',
  'bf16-mixed': 'bf16',
  'bf16-true': 'bf16',
  '16': 'fp16',
  '16-mixed': 'fp16',
  '16-true': 'fp16',
  fp16: 'fp16',
  '32': 'fp32',
  '32-true': 'fp32',
  fp32: 'fp32',
};

function readBase(fields: Fields): Known<Plain> | null {
  const stated = fields.string('trainer.precision') ?? fields.string('model.precision');
  const value = stated ? own(plainNames, stated.value.toLowerCase()) : undefined;
  return stated && value ? { value, origin: stated.origin } : null;
}

/** The switch is model.fp8; fp8_e4m3 is asked before fp8_hybrid, and the recipe is always delayed. */
function readPrecision(fields: Fields): Precision | null {
  const base = readBase(fields);
  const fp8 = fields.boolean('model.fp8');
  if (fp8?.value !== true) return base && plainPrecision(base);
  const inert = (why: string) => base && plainPrecision(base, [why]);
  if (fields.boolean('model.transformer_engine')?.value === false) {
    return inert('model.fp8 is true, but transformer_engine is false, so nothing runs in FP8.');
  }
  const name = base?.value ?? null;
  const notes =
    fields.boolean('model.fp8_wgrad')?.value === false
      ? ['The weight-gradient multiplication stays in high precision (fp8_wgrad: false).']
      : [];
  if (fields.isTrue('model.fp8_e4m3')) {
    return recipePrecision(recipes.teDelayedE4m3, fp8, name, notes);
  }
  if (fields.isTrue('model.fp8_hybrid')) {
    return recipePrecision(recipes.teDelayedHybrid, fp8, name, notes);
  }
  return inert(
    'model.fp8 is true, but neither fp8_e4m3 nor fp8_hybrid is, so nothing runs in FP8.',
  );
}

function precisionPlaces(fields: Fields, precision: Precision | null): readonly Place[] {
  const low = ['model.fp8', 'model.fp8_e4m3', 'model.fp8_hybrid'];
  const paths = isLow(precision) ? [...low, 'trainer.precision'] : ['trainer.precision', ...low];
  return paths.flatMap((path) => fields.place(path) ?? []);
}

function write(fields: Fields, base: string, low: boolean): WriteResult {
  const same = readBase(fields)?.value === plainNames[base];
  const engine = fields.boolean('model.transformer_engine')?.value === true;
  return setKeys(fields, {
    ...(same ? {} : { 'trainer.precision': base }),
    ...(low
      ? {
          'model.fp8': 'True',
          'model.fp8_e4m3': 'False',
          'model.fp8_hybrid': 'True',
          ...(engine ? {} : { 'model.transformer_engine': 'True' }),
        }
      : fields.isTrue('model.fp8')
        ? { 'model.fp8': 'False' }
        : {}),
  });
}
