import type { Fields } from '../config/fields.ts';
import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, plainRows } from '../config/writing.ts';
import { modelAt } from '../dialects/huggingFace/checkpoints.ts';
import { isOtherModel } from '../dialects/huggingFace/trainer.ts';
import { otherReading } from '../config/otherReading.ts';
import { byDefault, placeOf, type Known } from '../run/known.ts';
import { need } from '../run/need.ts';
import type { Precision, Role } from '../run/run.ts';
import { generatedTokens, product, type TokenPlan } from '../run/tokens.ts';

const params = 'oumi TrainingParams';

const dtypes = { bf16: '"bfloat16"', fp16: '"float16"', fp32: '"float32"' };

/** oumi: Hugging Face and TRL trainers behind one YAML of model, data and training. */
export const oumi: FrameworkReader = {
  id: 'oumi',
  name: 'oumi',
  source: 'oumi-ai/oumi src/oumi/core/configs/params (19447d4)',
  syntaxes: ['yaml'],
  words: { config: ['trainer_type', 'per_device_train_batch_size'] },
  loader: 'omegaconf',
  reads: 'model.model_name, training.max_steps or num_train_epochs, packing, torch_dtype_str',

  recognise(fields) {
    const data = fields.has('data.train.datasets');
    const keys = ['trainer_type', 'per_device_train_batch_size', 'max_steps', 'num_train_epochs'];
    const own = keys.filter((key) => fields.has(`training.${key}`));
    return fields.has('model.model_name') && data && own.length >= 2
      ? 'It has model.model_name, data.train.datasets and training, as oumi’s configs do.'
      : null;
  },

  read(fields) {
    const name = fields.string('model.model_name');
    if (name && isOtherModel(name.value)) {
      return otherReading(`The model “${name.value}” is not a decoder language model.`);
    }
    const { model, shape, needs } = modelAt(fields, 'model.model_name');
    const precision = readPrecision(fields);
    const place = placeOf(precision?.format) ?? fields.keyPlace('model.model_name');
    return {
      role: roleOf(fields),
      model,
      shape,
      tokens: readTokens(fields),
      precision,
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, plainRows('model.torch_dtype_str', dtypes)),
      needs,
    };
  },
};

const trainerOf = (fields: Fields): string =>
  (fields.string('training.trainer_type')?.value ?? '').toUpperCase();

/** Without weights a run starts anew; with plain packed text and no adapters it goes on. */
function roleOf(fields: Fields): Role {
  if (/DPO|KTO|GRPO|PPO|GKD|GOLD/.test(trainerOf(fields)) || fields.isTrue('training.use_peft')) {
    return 'finetune';
  }
  return fields.boolean('model.load_pretrained_weights')?.value === false ? 'pretrain' : 'finetune';
}

function readTokens(fields: Fields): TokenPlan {
  if (/GRPO|PPO/.test(trainerOf(fields))) return generatedTokens;
  const steps = fields.positive('training.max_steps');
  const epochs = fields.positive('training.num_train_epochs') ?? byDefault(3, params);
  const packed = fields.isTrue('data.train.pack') ? packedLength(fields) : null;
  const why = need('tokens', 'data.train.pack is off, so a sequence is as long as its sample');
  return {
    duration: steps ? { unit: 'steps', count: steps } : { unit: 'epochs', count: epochs },
    sequenceLength: packed,
    packed: packed !== null,
    rankBatch: product([
      {
        name: 'sequences',
        known: fields.positive('training.per_device_train_batch_size') ?? byDefault(8, params),
      },
      {
        name: 'accumulation steps',
        known: fields.positive('training.gradient_accumulation_steps') ?? byDefault(1, params),
      },
    ]),
    ...(steps && !packed && { needs: [why] }),
  };
}

/** Packed samples are as long as the model's longest input, unless the data set says another length. */
function packedLength(fields: Fields): Known<number> | null {
  return (
    fields.positive('data.train.datasets.0.dataset_kwargs.seq_length') ??
    fields.positive('model.model_max_length')
  );
}

/** Autocast by mixed_precision_dtype, else what the weights are kept in. */
function readPrecision(fields: Fields): Precision | null {
  const mixed = fields.string('training.mixed_precision_dtype');
  const format =
    plainFormat(mixed && mixed.value.toLowerCase() !== 'none' ? mixed : null) ??
    plainFormat(fields.string('model.torch_dtype_str')) ??
    (fields.has('model.torch_dtype_str') ? null : byDefault('fp32' as const, 'oumi ModelParams'));
  return format && plainPrecision(format);
}
