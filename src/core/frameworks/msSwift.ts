import { byDefault, placeOf, type Known } from '../run/known.ts';
import type { Precision, Role, WriteResult } from '../run/run.ts';
import { product, type Duration, type TokenPlan } from '../run/tokens.ts';
import { modelAt } from '../dialects/huggingFace/checkpoints.ts';
import { withDeepspeed } from '../dialects/deepspeed/file.ts';
import type { Fields } from '../config/fields.ts';
import { isOtherModel, trainerSwitch, trainerTokens } from '../dialects/huggingFace/trainer.ts';
import { countOf, launchedGpus, untold } from '../config/launcher.ts';
import { otherReading } from '../config/otherReading.ts';
import {
  plainFormat,
  plainPrecision,
  recipePrecision,
  recipes,
  type PlainFormat,
  type Recipe,
} from '../config/precision.ts';
import { swiftSetup } from '../dialects/huggingFace/swiftSetup.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { need } from '../run/need.ts';
import { megatronFp8Recipe } from '../config/recipeNames.ts';

/** Both generations of the key that says what is trained; ray configs put it below `train`. */
const tunerKeys = ['tuner_type', 'train_type', 'sft_type', 'train.tuner_type', 'train.train_type'];

/** ModelScope ms-swift: fine-tuning by Hugging Face's Trainer, or by Megatron with its flags. */
export const msSwift: FrameworkReader = {
  id: 'ms-swift',
  name: 'ms-swift',
  source: 'modelscope/ms-swift (2026-08-22)',
  syntaxes: ['yaml', 'json', 'shell'],
  words: {
    config: ['tuner_type', 'train_type', 'sft_type', 'rlhf_type'],
    shell: [
      '--tuner_type',
      '--train_type',
      '--sft_type',
      '--rlhf_type',
      '--micro_batch_size',
      '--torch_dtype',
      '--per_device_train_batch_size',
    ],
  },
  loader: 'pyyaml-typed',
  reads: 'model, tuner_type, max_steps or train_iters, torch_dtype, fp8_format and fp8_recipe',

  recognise(fields) {
    if (fields.tree.syntax === 'shell') {
      return isCommand(fields) ? 'It starts ms-swift with a model and a data set.' : null;
    }
    const model = ['model', 'model_type', 'model_id_or_path'].some(
      (key) => fields.string(key) !== null,
    );
    const tuner = [...tunerKeys, 'rlhf_type'].some((key) => fields.has(key));
    const data = ['dataset', 'cached_dataset'].some((key) => fields.has(key));
    return model && tuner && data
      ? 'It has model, tuner_type or train_type, and dataset, as ms-swift’s configs do.'
      : null;
  },

  read(fields) {
    const named = fields.string('model') ?? fields.string('model_id_or_path');
    if (named && isOtherModel(named.value)) {
      return otherReading(`The model “${named.value}” is not a decoder language model.`);
    }
    const preset = modelAt(fields, fields.string('model') ? 'model' : 'model_id_or_path');
    const precision = readPrecision(fields);
    const place = placeOf(precision?.format) ?? fields.keyPlace('model');
    const megatron = isMegatron(fields);
    const row = (recipe: Recipe, name: string, format: string) => ({
      recipe,
      edits: (f: Fields) => setKeys(f, { fp8_recipe: name, fp8_format: format }),
    });
    return withDeepspeed(fields, {
      role: roleOf(fields),
      model: preset.model,
      shape: preset.shape,
      tokens: withLaunch(fields, megatron ? megatronTokens(fields) : swiftTokens(fields)),
      precision,
      setup: megatron || !precision ? null : swiftSetup(fields, precision),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => writePlain(f, 'bfloat16') },
        { recipe: 'fp16', edits: (f) => writePlain(f, 'float16') },
        { recipe: 'fp32', edits: (f) => writePlain(f, 'float32') },
        ...(megatron
          ? [
              row(recipes.teDelayedHybrid, 'delayed', 'hybrid'),
              row(recipes.teBlock, 'blockwise', 'e4m3'),
              row(recipes.mxfp8, 'mxfp8', 'e4m3'),
            ]
          : []),
      ]),
      needs: [
        ...preset.needs,
        ...untold(fields, ['fp8_format', 'fp8_recipe', 'torch_dtype'], 'format'),
      ],
    });
  },
};

/** `swift pt …`, `megatron sft …`: the word behind the program says the stage. */
function isCommand(fields: Fields): boolean {
  const stage = fields.string('$positional.0')?.value ?? '';
  const script = /\bswift\/cli\b/.test(fields.string('$program')?.value ?? '');
  const own = ['model', 'model_type', 'dataset', 'load', 'mcore_model', 'load_safetensors'];
  const kind = [
    ...tunerKeys,
    'rlhf_type',
    'micro_batch_size',
    'torch_dtype',
    'per_device_train_batch_size',
  ];
  return (
    (/^(?:pt|sft|rlhf)$/.test(stage) || script) &&
    countOf(fields, own) >= 2 &&
    countOf(fields, kind) >= 1
  );
}

/** Megatron-SWIFT counts micro and global batches; the Trainer per_device ones. */
function isMegatron(fields: Fields): boolean {
  const keys = ['micro_batch_size', 'global_batch_size', 'train_iters'];
  return keys.filter((key) => fields.has(key)).length >= 2;
}

/** A ray config names its stage: `pt` with all weights goes on from the model's training. */
function roleOf(fields: Fields): Role {
  if (fields.string('$positional.0')?.value === 'pt') {
    const adapted = tunerKeys.some((key) => (fields.string(key)?.value ?? '').includes('lora'));
    return adapted ? 'finetune' : 'continued';
  }
  const workers = fields.list('device_groups.default.workers');
  const full = tunerKeys.some((key) => fields.string(key)?.value === 'full');
  return full && workers.some(({ value }) => value.startsWith('pt:')) ? 'continued' : 'finetune';
}

function withLaunch(fields: Fields, plan: TokenPlan): TokenPlan {
  if (fields.tree.syntax !== 'shell') return plan;
  const names = ['train_iters', 'max_steps', 'max_length', 'global_batch_size', 'max_epochs'];
  const needs = [...(plan.needs ?? []), ...untold(fields, names, 'tokens')];
  return { ...plan, worldSize: launchedGpus(fields), needs };
}

const loose = need('tokens', 'packing is off, so a sequence is as long as its sample');

function packedLength(fields: Fields): Known<number> | null {
  return fields.isTrue('packing') ? fields.positive('max_length') : null;
}

function swiftTokens(fields: Fields): TokenPlan {
  return trainerTokens(fields, packedLength(fields), loose);
}

function megatronTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('train_iters') ?? fields.positive('max_steps');
  const epochs = fields.positive('num_train_epochs') ?? fields.positive('max_epochs');
  const length = packedLength(fields);
  const duration: Duration | null = steps
    ? { unit: 'steps', count: steps }
    : epochs && { unit: 'epochs', count: epochs };
  const one = byDefault(1, 'Megatron-SWIFT');
  const parallel = ['tensor', 'pipeline', 'context'].map((kind) => `${kind}_model_parallel_size`);
  return {
    duration,
    sequenceLength: length,
    packed: length !== null,
    globalBatch: fields.positive('global_batch_size'),
    rankBatch: fields.positive('micro_batch_size'),
    modelParallel: product(
      [...parallel, 'context_parallel_size'].map((key) => ({
        name: key,
        known: fields.positive(key) ?? fields.positive(`train.${key}`) ?? one,
      })),
    ),
    ...(steps && !length && { needs: [loose] }),
  };
}

/** Megatron's fp8_format is the switch; the recipe alone changes nothing. */
function readPrecision(fields: Fields): Precision | null {
  const base = readBase(fields);
  const format = fields.string('fp8_format');
  if (untold(fields, ['fp8_format', 'fp8_recipe', 'torch_dtype'], 'format').length > 0) return null;
  if (format && !/^none$/i.test(format.value)) {
    const recipe = megatronFp8Recipe(fields.string('fp8_recipe')?.value ?? 'delayed', format.value);
    return recipe && recipePrecision(recipe, format, base?.value ?? 'bf16');
  }
  const bits = fields.positive('quant_bits');
  const notes = bits
    ? [`The frozen base weights are loaded in ${bits.value} bits; the multiplications run in 16.`]
    : [];
  return base && plainPrecision(base, notes);
}

/** torch_dtype leads the Trainer's switches; without either the model's own dtype holds. */
function readBase(fields: Fields): Known<PlainFormat> | null {
  return (
    plainFormat(fields.string('torch_dtype')) ??
    trainerSwitch(fields) ??
    (isMegatron(fields) ? byDefault('bf16', 'Megatron-SWIFT') : null)
  );
}

/** Without its format the recipe is inert, so it may stay. */
function writePlain(fields: Fields, dtype: string): WriteResult {
  return setKeys(fields, {
    torch_dtype: dtype,
    ...(fields.isSet('fp8_format') && {
      fp8_format: fields.tree.syntax === 'shell' ? null : 'null',
    }),
  });
}
