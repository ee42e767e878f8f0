import { byDefault, placeOf, type Known } from '../../run/known.ts';
import type { Precision, Role, WriteResult } from '../../run/run.ts';
import { generatedTokens, type TokenPlan } from '../../run/tokens.ts';
import { modelAt } from '../../dialects/huggingFace/checkpoints.ts';
import { trlSetup } from '../../dialects/huggingFace/trlSetup.ts';
import { withDeepspeed } from '../../dialects/deepspeed/file.ts';
import type { Fields } from '../../config/fields.ts';
import {
  isGenerating,
  isOtherModel,
  trainerSwitch,
  trainerTokens,
} from '../../dialects/huggingFace/trainer.ts';
import { countOf, launchedGpus, programOf, untold } from '../../config/launcher.ts';
import { launchedPrecision } from '../../dialects/huggingFace/accelerate.ts';
import { withoutAbsent } from '../../architecture/shapes.ts';
import { namedModel, type NamedModel } from '../../dialects/models.ts';
import { otherReading } from '../../config/otherReading.ts';
import { plainPrecision } from '../../config/precision.ts';
import type { Reading } from '../../config/reader.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { need } from '../../run/need.ts';

const trainerFlags = [
  'per_device_train_batch_size',
  'gradient_accumulation_steps',
  'num_train_epochs',
  'max_steps',
  'learning_rate',
  'lr_scheduler_type',
  'output_dir',
  'save_steps',
  'bf16',
  'fp16',
  'tf32',
  'gradient_checkpointing',
];

/** What a script trains from: weights, or a config or kind of model to start anew. */
const models = ['model_name_or_path', 'config_name', 'model_type'];

/** Programs that train something else than a decoder language model. */
const otherProgram =
  /mlm|plm|seq2seq|glue|squad|_qa|(?:^|_)ner(?:_|$)|swag|speech|image|summar|translat|audio|clip|classif/i;

/** Whether a command starts a program with Hugging Face's TrainingArguments. */
export function isTrainerCommand(fields: Fields): boolean {
  return (
    models.some((name) => fields.has(name)) &&
    fields.has('per_device_train_batch_size') &&
    countOf(fields, trainerFlags) >= 3
  );
}

/** Reads a command line of `run_clm.py`, TRL's scripts and others that parse TrainingArguments. */
export function readTrainerCommand(fields: Fields): Reading {
  const named = fields.string('model_name_or_path');
  const program = programOf(fields);
  const names = models.map((name) => fields.string(name)?.value ?? '');
  if (names.some(isOtherModel) || otherProgram.test(program)) {
    return otherReading(`${program || 'The program'} trains no decoder language model.`);
  }
  const { model, shape, needs } = readModel(fields, named);
  const unknown = [
    ...untold(fields, models, 'parameters'),
    ...untold(fields, ['bf16', 'fp16'], 'format'),
  ];
  const isReward = /reward|critic/i.test(program);
  const precision = readPrecision(fields);
  const place = placeOf(precision?.format) ?? fields.place('$program');
  const row = (recipe: 'bf16' | 'fp16') => ({
    recipe,
    edits: (f: Fields) => writeSwitch(f, recipe),
  });
  return withDeepspeed(fields, {
    role: roleOf(fields),
    model,
    // In place of the head a reward model has one that gives a number.
    shape: isReward ? withoutAbsent({ ...shape, vocabulary: null }) : shape,
    tokens: isGenerating(fields) ? generatedTokens : readTokens(fields),
    precision,
    setup: trlSetup(fields, { precision, isTrl: isTrl(program), program }),
    precisionPlaces: place ? [place] : [],
    writeFormat: formatWriter(fields, [row('bf16'), row('fp16')]),
    needs: [...needs, ...unknown],
  });
}

function readModel(fields: Fields, named: Known<string> | null): NamedModel {
  if (named) return modelAt(fields, 'model_name_or_path');
  const config = fields.string('config_name') ?? fields.string('model_type');
  if (fields.isSet('config_overrides')) {
    const needs = [need('parameters', 'config_overrides changes the shape, which is not followed')];
    return { model: config, shape: {}, needs };
  }
  return fields.has('config_name') ? modelAt(fields, 'config_name') : namedModel(config);
}

/** Programs that go on with pre-training, or start it. */
const pretraining = /^(?:run_clm|(?:continu\w*_)?pre_?train)/;

/** Flags of adapters, which train beside weights that stay. */
const adapters = [
  'lora_rank',
  'lora_r',
  'lora_alpha',
  'use_lora',
  'use_peft',
  'lora_target_modules',
];

/** run_clm without weights starts anew; with them it goes on; TRL's and others tune. */
function roleOf(fields: Fields): Role {
  const program = programOf(fields);
  const scratch = !fields.has('model_name_or_path');
  const hasAdapters = adapters.some(
    (name) => fields.isGiven(name) && fields.boolean(name)?.value !== false,
  );
  const tunes = hasAdapters || /(?:^|_)sft(?:_|$)/.test(program);
  if (tunes || !pretraining.test(program)) return scratch ? 'pretrain' : 'finetune';
  return scratch ? 'pretrain' : 'continued';
}

/** Who takes a block_size joins texts into blocks, as run_clm does; elsewhere only packing makes a sequence as long as stated. */
function readTokens(fields: Fields): TokenPlan {
  const block = fields.positive('block_size');
  const packed = fields.isTrue('packing')
    ? (fields.positive('max_length') ?? fields.positive('max_seq_length'))
    : null;
  const why = need('tokens', 'the script does not say how long a packed sequence is');
  const plan = trainerTokens(fields, block ?? packed, why);
  const names = [
    'max_steps',
    'num_train_epochs',
    'per_device_train_batch_size',
    'gradient_accumulation_steps',
    'block_size',
    'max_seq_length',
  ];
  const unknown = untold(fields, names, 'tokens');
  // What is not told must not fall back to a default.
  const known = unknown.length > 0 ? { ...plan, duration: null } : plan;
  return {
    ...known,
    worldSize: launchedGpus(fields),
    needs: [...(plan.needs ?? []), ...unknown],
  };
}

function readPrecision(fields: Fields): Precision | null {
  if (untold(fields, ['bf16', 'fp16'], 'format').length > 0) return null;
  const on = trainerSwitch(fields);
  if (on) return plainPrecision(on);
  const launched = launchedPrecision(fields);
  if (launched) return launched;
  return isTrl(programOf(fields)) && !fields.has('bf16')
    ? plainPrecision(byDefault('bf16', 'TRL SFTConfig'))
    : null;
}

/** Whether a program is one of TRL's. */
const isTrl = (program: string): boolean => /sft|dpo|orpo|kto|grpo/i.test(program);

/** A switch stands alone, or with `True` behind it. */
function writeSwitch(fields: Fields, base: 'bf16' | 'fp16'): WriteResult {
  const other = base === 'bf16' ? 'fp16' : 'bf16';
  return setKeys(fields, {
    ...(fields.has(other) && { [other]: null }),
    ...(!fields.isTrue(base) && { [base]: fields.has(base) ? 'True' : '' }),
  });
}
