import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, plainRows } from '../config/writing.ts';
import { modelAt } from '../dialects/huggingFace/checkpoints.ts';
import { byDefault, placeOf } from '../run/known.ts';
import { product } from '../run/tokens.ts';

const trainerConfig = 'ArcticTraining TrainerConfig';

/** ArcticTraining: Snowflake's tuning of Hugging Face models over DeepSpeed, one YAML a run. */
export const arcticTraining: FrameworkReader = {
  id: 'arctic-training',
  name: 'ArcticTraining',
  source: 'snowflakedb/ArcticTraining arctic_training/config (2771b4b)',
  syntaxes: ['yaml'],
  words: { config: ['name_or_path'] },
  loader: 'pyyaml-typed',
  reads:
    'model.name_or_path, epochs or train_iters, packed samples of data.max_length, model.dtype',

  recognise(fields) {
    const data = fields.has('data.sources') || fields.has('data.max_length');
    const own = ['type', 'deepspeed', 'micro_batch_size', 'optimizer', 'scheduler', 'checkpoint'];
    const present = own.filter((key) => fields.has(key));
    return fields.has('model.name_or_path') && data && present.length >= 2
      ? 'It has model.name_or_path, data.sources and ArcticTraining’s sections.'
      : null;
  },

  read(fields) {
    const { model, shape, needs } = modelAt(fields, 'model.name_or_path');
    const stated = fields.string('model.dtype');
    const format = stated
      ? plainFormat(stated)
      : byDefault('bf16' as const, 'ArcticTraining ModelConfig');
    const place = placeOf(format) ?? fields.keyPlace('model.name_or_path');
    const steps = fields.positive('train_iters') ?? fields.positive('exit_iteration');
    const one = byDefault(1, trainerConfig);
    return {
      role: 'finetune',
      model,
      shape,
      tokens: {
        duration: steps
          ? { unit: 'steps', count: steps }
          : { unit: 'epochs', count: fields.positive('epochs') ?? one },
        sequenceLength: fields.positive('data.max_length'),
        packed: fields.isTrue('data.pack_samples'),
        rankBatch: product([
          { name: 'sequences', known: fields.positive('micro_batch_size') ?? one },
          {
            name: 'accumulation steps',
            known: fields.positive('gradient_accumulation_steps') ?? one,
          },
        ]),
        modelParallel: fields.positive('sequence_parallel_size') ?? one,
      },
      precision: format && plainPrecision(format),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(
        fields,
        plainRows('model.dtype', { bf16: 'bf16', fp16: 'fp16', fp32: 'fp32' }),
      ),
      needs,
    };
  },
};
