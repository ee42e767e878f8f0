import { byDefault } from '../../run/known.ts';
import type { Precision } from '../../run/run.ts';
import { generatedTokens, type TokenPlan } from '../../run/tokens.ts';
import { modelAt } from '../../dialects/huggingFace/checkpoints.ts';
import type { Fields } from '../../config/fields.ts';
import { programPath, untold } from '../../config/launcher.ts';
import { verlGpus, verlSetup } from './setup.ts';
import { plainFormat, plainPrecision } from '../../config/precision.ts';
import type { FrameworkReader } from '../../config/reader.ts';

/** volcengine verl: reinforcement learning and supervised tuning in Hydra configs. */
export const verl: FrameworkReader = {
  id: 'verl',
  name: 'verl',
  source: 'volcengine/verl (2026-08-22)',
  syntaxes: ['yaml', 'shell'],
  words: {
    config: ['total_epochs', 'total_training_steps'],
    shell: ['actor_rollout_ref.model.path', 'verl'],
  },
  loader: 'omegaconf',
  reads:
    'the model of actor_rollout_ref or the SFT trainer, total_training_steps × train_batch_size',

  recognise(fields) {
    if (fields.tree.syntax === 'shell') {
      return isCommand(fields)
        ? 'It starts one of verl’s trainers with Hydra overrides of its config.'
        : null;
    }
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
    const unknown = fields.tree.syntax === 'shell' ? untold(fields, [path], 'parameters') : [];
    const precision = readPrecision(fields, at);
    const places = [`${at}.mixed_precision.param_dtype`, `${at}.dtype`, `${at}.model_dtype`];
    return {
      role: 'finetune',
      model,
      shape,
      tokens: { ...(sampled ? generatedTokens : readTokens(fields)), worldSize: verlGpus(fields) },
      precision,
      setup: verlSetup(fields, at, sampled),
      precisionPlaces: places.flatMap((each) => fields.place(each) ?? []),
      writeFormat: null,
      needs: [...needs, ...unknown],
    };
  },
};

/** `python -m verl.trainer.main_ppo a.b=c`, recipes' own `main_dapo`, and the SFT trainers. */
function isCommand(fields: Fields): boolean {
  const program = programPath(fields);
  if (/generation|eval|merger|data_preprocess/.test(program)) return false;
  if (fields.has('actor_rollout_ref.model.path')) return true;
  return (
    /(?:^|[./])(?:fsdp_)?sft_trainer\w*(?:\.py)?$/.test(program) && fields.has(modelPath(fields))
  );
}

function modelPath(fields: Fields): string {
  return fields.has('model.partial_pretrain') ? 'model.partial_pretrain' : 'model.path';
}

/** What a command leaves out is the trainer's own config: config/sft_trainer.yaml (005a83d). */
const ownDefaults = 'verl sft_trainer.yaml';

/** Samples are cut or padded to max_length, none joined (verl/utils/dataset/sft_dataset.py, b178a3c). */
function readTokens(fields: Fields): TokenPlan {
  const or = (path: string, value: number) =>
    fields.positive(path) ??
    (fields.tree.syntax === 'shell' && !fields.has(path) ? byDefault(value, ownDefaults) : null);
  const steps = fields.positive('trainer.total_training_steps');
  const epochs = or('trainer.total_epochs', 4);
  const duration = steps
    ? ({ unit: 'steps', count: steps } as const)
    : epochs && ({ unit: 'epochs', count: epochs } as const);
  return {
    duration,
    sequenceLength: or('data.max_length', 1024),
    globalBatch: or('data.train_batch_size', 256),
  };
}

/** `model_dtype` is what the weights are kept in; FSDP multiplies in mixed_precision’s type. */
function readPrecision(fields: Fields, at: string): Precision | null {
  const stated = fields.string(`${at}.mixed_precision.param_dtype`) ?? fields.string(`${at}.dtype`);
  const format = stated ? plainFormat(stated) : byDefault('bf16' as const, 'verl FSDP');
  return format && plainPrecision(format);
}
