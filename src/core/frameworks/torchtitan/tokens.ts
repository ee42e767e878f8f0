import { byDefault, type Known } from '../../run/known.ts';
import { product, type TokenPlan } from '../../run/tokens.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { untold } from '../../config/launcher.ts';
import { plainFormat } from '../../config/precision.ts';
import { need, type Need } from '../../run/need.ts';

/** Whose defaults hold for what a config leaves out. */
const jobConfig = 'torchtitan JobConfig';

/** Whether a run starts from weights of another. */
export function startsFromWeights(fields: Fields): boolean {
  const enabled =
    fields.isTrue('checkpoint.enable') || fields.isTrue('checkpoint.enable_checkpoint');
  const initial =
    fields.isGiven('checkpoint.initial_load_path') ||
    fields.isTrue('checkpoint.initial_load_in_hf');
  return enabled && initial;
}

/** What the layers that are not converted multiply in. */
export function torchtitanBase(fields: Fields): Known<'bf16' | 'fp16' | 'fp32'> {
  return (
    plainFormat(fields.string('training.mixed_precision_param')) ??
    byDefault('bf16', `${jobConfig} mixed_precision_param`)
  );
}

/** Keys of the batch and the length, for each of which a value that nobody can tell is no default. */
const keys = ['steps', 'seq_len', 'local_batch_size', 'batch_size', 'global_batch_size'].map(
  (key) => `training.${key}`,
);

/** Steps have a default of 10,000, but launchers pass their own: without the key D is unknown. */
export function torchtitanTokens(fields: Fields): {
  tokens: TokenPlan;
  missing: readonly Need[];
} {
  const steps = fields.positive('training.steps');
  const unknown = untold(fields, keys, 'tokens');
  const told = unknown.length === 0;
  const degree = (keys: readonly Path[]) => fields.firstNumber(keys);
  const one = byDefault(1, jobConfig);
  // A degree that is named and not told is not one.
  const orOne = (keys: readonly Path[]) =>
    degree(keys) ?? (keys.some((key) => fields.has(key)) ? null : one);
  const tables = ['parallelism', 'training', 'experimental'];
  const parallel = ['tensor', 'pipeline', 'context'].map((kind) => ({
    name: `${kind}-parallel`,
    known: orOne(tables.map((table) => `${table}.${kind}_parallel_degree`)),
  }));
  const shard = degree([
    'parallelism.data_parallel_shard_degree',
    'training.data_parallel_shard_degree',
    'training.data_parallel_degree',
  ]);
  const replicate = orOne([
    'parallelism.data_parallel_replicate_degree',
    'training.data_parallel_replicate_degree',
  ]);
  return {
    tokens: {
      duration: steps && { unit: 'steps', count: steps },
      sequenceLength:
        fields.positive('training.seq_len') ?? (told ? byDefault(2048, jobConfig) : null),
      // Chats are packed to seq_len too (torchtitan components/data/packing.py, b5bcd76, and before it
      // hf_datasets/text_datasets.py; torchforge apps/sft/main.py).
      packed: true,
      globalBatch: told ? fields.positive('training.global_batch_size') : null,
      rankBatch: told
        ? (fields.positive('training.local_batch_size') ??
          fields.positive('training.batch_size') ??
          byDefault(8, jobConfig))
        : null,
      // A shard degree of -1 takes what is left of the GPUs.
      ranks:
        shard && shard.value > 0
          ? product([
              { name: 'replicas', known: replicate },
              { name: 'shards', known: shard },
            ])
          : null,
      modelParallel: product(parallel),
    },
    missing: [
      ...unknown,
      ...(fields.has('training.steps')
        ? []
        : [need('tokens', 'training.steps is not in the file, and launchers pass their own')]),
    ],
  };
}
