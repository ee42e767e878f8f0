import { byDefault, placeOf, type Known } from '../../run/known.ts';
import type { Precision } from '../../run/run.ts';
import { generatedTokens } from '../../run/tokens.ts';
import { modelAt } from '../../dialects/huggingFace/checkpoints.ts';
import { trlSetup } from '../../dialects/huggingFace/trlSetup.ts';
import { withDeepspeed } from '../../dialects/deepspeed/file.ts';
import type { Fields } from '../../config/fields.ts';
import { readTrainerCall, trainerCalls } from './python.ts';
import { isTrainerCommand, readTrainerCommand } from './command.ts';
import { isOpenInstruct, readOpenInstruct } from './openInstruct.ts';
import {
  isGenerating,
  isOtherModel,
  trainerSwitch,
  trainerTokens,
  writeSwitches,
} from '../../dialects/huggingFace/trainer.ts';
import { otherReading } from '../../config/otherReading.ts';
import { plainFormat, plainPrecision } from '../../config/precision.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { formatWriter } from '../../config/writing.ts';
import { need } from '../../run/need.ts';

/** Keys of TrainingArguments and of TRL's scripts, two of which make a training config. */
const trainerKeys = [
  'per_device_train_batch_size',
  'num_train_epochs',
  'max_steps',
  'gradient_accumulation_steps',
  'gradient_checkpointing',
  'learning_rate',
  'lr_scheduler_type',
  'warmup_ratio',
  'bf16',
  'fp16',
  'dataset_name',
  'dataset_mixer',
  'dataset_mixture',
];

/** Hugging Face's Trainer, TRL and the alignment handbook: TrainingArguments in one file. */
export const trl: FrameworkReader = {
  id: 'trl',
  name: 'HF Trainer / TRL',
  source:
    'huggingface/trl (2026-07-24), huggingface/alignment-handbook, allenai/open-instruct (e6c3044)',
  syntaxes: ['yaml', 'json', 'shell', 'python'],
  words: {
    config: ['model_name_or_path'],
    shell: ['--per_device_train_batch_size', 'open_instruct'],
    python: [
      ...['TrainingArguments(', 'SFTConfig(', 'DPOConfig(', 'GRPOConfig(', 'ORPOConfig('],
      ...['KTOConfig(', 'CPOConfig(', 'GKDConfig(', 'RLOOConfig(', 'PPOConfig('],
    ],
  },
  loader: 'pyyaml-typed',
  harmless: ['apply_verifiable_reward'],
  reads:
    'model_name_or_path, max_steps or num_train_epochs, packing, bf16, fp16, torch_dtype; TrainingArguments(…) in Python; open-instruct’s commands',

  recognise(fields) {
    if (fields.tree.syntax === 'python') {
      return trainerCalls(fields).length > 0
        ? 'It trains a language model with TrainingArguments or one of TRL’s configs.'
        : null;
    }
    if (fields.tree.syntax === 'shell') {
      if (isOpenInstruct(fields)) return 'It starts one of open_instruct’s programs with a model.';
      return isTrainerCommand(fields)
        ? 'It starts a program with a model and the flags of Hugging Face’s TrainingArguments.'
        : null;
    }
    const own = trainerKeys.filter((key) => fields.has(key));
    return fields.isSet('model_name_or_path') && own.length >= 2
      ? 'It has model_name_or_path and the keys of Hugging Face’s TrainingArguments.'
      : null;
  },

  runs: (fields) => (fields.tree.syntax === 'python' ? trainerCalls(fields) : [fields]),

  read(fields) {
    if (fields.tree.syntax === 'python') return readTrainerCall(fields);
    if (fields.tree.syntax === 'shell') {
      return isOpenInstruct(fields) ? readOpenInstruct(fields) : readTrainerCommand(fields);
    }
    const named = fields.string('model_name_or_path');
    if (named && isOtherModel(named.value)) {
      return otherReading(`The model “${named.value}” is not a decoder language model.`);
    }
    const preset = modelAt(fields, 'model_name_or_path');
    const implied = impliedBase(fields);
    const precision = readPrecision(fields, implied);
    const place = placeOf(precision?.format) ?? fields.keyPlace('model_name_or_path');
    const row = (recipe: 'bf16' | 'fp16' | 'fp32') => ({
      recipe,
      edits: (f: Fields) => writeSwitches(f, recipe, implied),
    });
    return withDeepspeed(fields, {
      role: 'finetune',
      model: preset.model,
      shape: preset.shape,
      tokens: isGenerating(fields)
        ? generatedTokens
        : trainerTokens(
            fields,
            packedLength(fields),
            need('tokens', 'packing is off, so a sequence is as long as its sample'),
          ),
      precision,
      setup: trlSetup(fields, {
        precision,
        isTrl: fields.tree.syntax === 'yaml',
        program: '',
      }),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [row('bf16'), row('fp16'), row('fp32')]),
      needs: preset.needs,
    });
  },
};

/** Packed samples fill the maximum length; anything else is as long as the data. */
function packedLength(fields: Fields): Known<number> | null {
  if (!fields.isTrue('packing')) return null;
  return (
    fields.positive('max_length') ??
    fields.positive('max_seq_length') ??
    byDefault(1024, 'TRL SFTConfig')
  );
}

/** TRL's configs are BF16 unless they say otherwise; a bare Trainer's JSON is not TRL's. */
function impliedBase(fields: Fields): 'bf16' | null {
  return fields.tree.syntax === 'yaml' && !fields.has('bf16') ? 'bf16' : null;
}

function readPrecision(fields: Fields, implied: 'bf16' | null): Precision | null {
  const notes = fields.isTrue('load_in_4bit')
    ? ['The frozen base weights are loaded in 4 bits; the multiplications run in 16.']
    : fields.isTrue('load_in_8bit')
      ? ['The frozen base weights are loaded in INT8; the multiplications run in 16 bits.']
      : [];
  const on = trainerSwitch(fields);
  if (on) return plainPrecision(on, notes);
  const weights = plainFormat(fields.string('torch_dtype') ?? fields.string('dtype'));
  if (weights) return plainPrecision(weights, notes);
  if (implied) return plainPrecision(byDefault(implied, 'TRL SFTConfig'), notes);
  const off = fields.boolean('bf16');
  return off ? plainPrecision({ ...off, value: 'fp32' }, notes) : null;
}
