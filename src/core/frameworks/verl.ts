import { byDefault } from '../run/known.ts';
import type { Precision } from '../run/run.ts';
import type { TokenPlan } from '../run/tokens.ts';
import { modelAt } from '../dialects/huggingFace/checkpoints.ts';
import type { Fields } from '../config/fields.ts';
import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { need } from '../run/need.ts';

/** volcengine verl: reinforcement learning and supervised tuning in Hydra configs. */
export const verl: FrameworkReader = {
  id: 'verl',
  name: 'verl',
  source: 'volcengine/verl (2026-08-22)',
  syntaxes: ['yaml'],
  words: { config: ['total_epochs', 'total_training_steps'] },
  loader: 'omegaconf',
  reads:
    'the model of actor_rollout_ref or the SFT trainer, total_training_steps × train_batch_size',

  recognise(fields) {
    const trains = fields.has('trainer.total_epochs') || fields.has('trainer.total_training_steps');
    if (trains && fields.has('actor_rollout_ref')) {
      return 'It has actor_rollout_ref and trainer.total_epochs, as verl’s trainers do.';
    }
    const tuning = fields.has('data.train_files') && fields.has('trainer.n_gpus_per_node');
    return trains && tuning
      ? 'It has data.train_files, trainer.total_epochs and n_gpus_per_node, as verl’s SFT trainer does.'
      : null;
  },

  read(fields) {
    const { at, path, sampled } = fields.has('actor_rollout_ref')
      ? {
          at: 'actor_rollout_ref.actor.fsdp_config',
          path: 'actor_rollout_ref.model.path',
          sampled: true,
        }
      : { at: 'model.fsdp_config', path: modelPath(fields), sampled: false };
    const { model, shape, needs } = modelAt(fields, path);
    const precision = readPrecision(fields, at);
    const places = [`${at}.mixed_precision.param_dtype`, `${at}.dtype`, `${at}.model_dtype`];
    return {
      role: 'finetune',
      model,
      shape,
      tokens: readTokens(fields, sampled),
      precision,
      precisionPlaces: places.flatMap((each) => fields.place(each) ?? []),
      writeFormat: null,
      needs,
    };
  },
};

function modelPath(fields: Fields): string {
  return fields.has('model.partial_pretrain') ? 'model.partial_pretrain' : 'model.path';
}

/** Supervised batches are cut to max_length; what is rolled out has no length before the run. */
function readTokens(fields: Fields, sampled: boolean): TokenPlan {
  const steps = fields.positive('trainer.total_training_steps');
  const epochs = fields.positive('trainer.total_epochs');
  const duration = steps
    ? ({ unit: 'steps', count: steps } as const)
    : epochs && ({ unit: 'epochs', count: epochs } as const);
  return {
    duration: sampled ? null : duration,
    sequenceLength: fields.positive('data.max_length'),
    globalBatch: fields.positive('data.train_batch_size'),
    needs: sampled ? [need('tokens', 'they are generated while the run goes')] : [],
  };
}

/** `model_dtype` is what the weights are kept in; FSDP multiplies in mixed_precision’s type. */
function readPrecision(fields: Fields, at: string): Precision | null {
  const stated = fields.string(`${at}.mixed_precision.param_dtype`) ?? fields.string(`${at}.dtype`);
  const format = stated ? plainFormat(stated) : byDefault('bf16' as const, 'verl FSDP');
  return format && plainPrecision(format);
}
