import type { Fields } from '../config/fields.ts';
import { plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { modelAt } from '../dialects/huggingFace/checkpoints.ts';
import { isOtherModel } from '../dialects/huggingFace/trainer.ts';
import { otherReading } from '../config/otherReading.ts';
import { byDefault, placeOf, type Known } from '../run/known.ts';
import { need } from '../run/need.ts';
import type { Role } from '../run/run.ts';
import type { TokenPlan } from '../run/tokens.ts';

/** Keys that switch autocast to BF16 on, of 2026 and of 2025. */
const switches = [
  'train.accelerator.fsdp_config.mixed_precision.enable',
  'train.enable_mixed_precision',
];

/** VeOmni: ByteDance's trainer of language and omni models, in three tables. */
export const veomni: FrameworkReader = {
  id: 'veomni',
  name: 'VeOmni',
  source: 'ByteDance-Seed/VeOmni veomni/arguments (904b91b, 85e7ea5)',
  syntaxes: ['yaml'],
  words: { config: ['global_batch_size', 'micro_batch_size'] },
  loader: 'pyyaml-typed',
  reads: 'model.model_path or config_path, train_size tokens × epochs, mixed precision',

  recognise(fields) {
    const model = fields.has('model.model_path') || fields.has('model.config_path');
    const data = ['train_path', 'max_seq_len', 'data_type'].filter((key) =>
      fields.has(`data.${key}`),
    );
    const batch = ['global_batch_size', 'micro_batch_size'].some((key) =>
      fields.has(`train.${key}`),
    );
    return model && data.length >= 2 && batch
      ? 'It has model.model_path, data.train_path and train.global_batch_size, as VeOmni’s configs do.'
      : null;
  },

  read(fields) {
    const path = fields.isSet('model.model_path') ? 'model.model_path' : 'model.config_path';
    const name = fields.string(path);
    const other = ['model.encoders', 'model.decoders', 'data.mm_configs'].some((key) =>
      fields.has(key),
    );
    if (other || (name && isOtherModel(name.value))) {
      return otherReading(`“${name?.value ?? ''}” is not a decoder language model alone.`);
    }
    const { model, shape, needs } = modelAt(fields, path);
    const mixed = mixedPrecision(fields);
    const place = placeOf(mixed) ?? fields.keyPlace(path);
    const key = switches.find((each) => fields.has(each));
    return {
      role: roleOf(fields),
      model,
      shape,
      tokens: readTokens(fields),
      precision: plainPrecision({ ...mixed, value: mixed.value ? 'bf16' : 'fp32' }),
      precisionPlaces: place ? [place] : [],
      writeFormat:
        key === undefined
          ? null
          : formatWriter(fields, [
              { recipe: 'bf16', edits: (f) => setKeys(f, { [key]: 'true' }) },
              { recipe: 'fp32', edits: (f) => setKeys(f, { [key]: 'false' }) },
            ]),
      needs,
    };
  },
};

/** Weights from a path on plain text are gone on with; on conversations they are tuned. */
function roleOf(fields: Fields): Role {
  if (fields.map('model.lora_config') !== null) return 'finetune';
  if (fields.string('data.data_type')?.value !== 'plaintext') return 'finetune';
  return fields.isSet('model.model_path') ? 'continued' : 'pretrain';
}

/** FSDP's parameters are multiplied in BF16 unless mixed precision is off. */
function mixedPrecision(fields: Fields): Known<boolean> {
  const stated = switches.map((key) => fields.boolean(key)).find((known) => known !== null);
  return stated ?? byDefault(true, 'VeOmni TrainingArguments');
}

/** `train_size` is how many tokens an epoch has; max_steps may end the run before. */
function readTokens(fields: Fields): TokenPlan {
  const size = fields.positive('data.train_size');
  const epochs = fields.positive('train.num_train_epochs') ?? byDefault(1, 'VeOmni');
  const steps = fields.positive('train.max_steps');
  const plan = {
    globalBatch: fields.positive('train.global_batch_size'),
    sequenceLength: fields.positive('data.max_seq_len'),
  };
  if (steps) return { ...plan, duration: { unit: 'steps', count: steps } };
  if (size && epochs.value === 1) return { ...plan, duration: { unit: 'tokens', count: size } };
  return {
    ...plan,
    duration: null,
    needs: [need('tokens', 'the file does not say how many tokens an epoch has (data.train_size)')],
  };
}
