import { byDefault } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { Recompute, Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { untold } from '../../config/launcher.ts';
import { plainFormat } from '../../config/precision.ts';
import { fsdpMixed, pure, undivided } from '../../dialects/training.ts';

const jobConfig = 'torchtitan JobConfig';
const tables = ['parallelism', 'training', 'experimental'];

/**
 * How torchtitan keeps a run (parallelize.py, v0.2.2): FSDP2 divides weights, gradients and the
 * optimizer's state, FP32 unless training.dtype says otherwise, and gathers weights in
 * mixed_precision_param; tensor parallelism divides the norms' inputs by sequence.
 */
export function torchtitanSetup(fields: Fields): Setup {
  const degrees = ['tensor', 'pipeline', 'context'].map((kind) => `${kind}_parallel_degree`);
  const pathOf = (name: string) =>
    tables.map((table) => `${table}.${name}`).find((path) => fields.has(path));
  const degree = (name: string) => fields.positive(pathOf(name) ?? '')?.value ?? null;
  const shards = degree('data_parallel_shard_degree');
  const dtype = plainFormat(fields.string('training.dtype'))?.value;
  const param = plainFormat(fields.string('training.mixed_precision_param'))?.value ?? 'bf16';
  const recompute = recomputeOf(fields);
  const isCompiled = fields.isTrue('compile.enable') || fields.isTrue('training.compile');
  return {
    adapters: null,
    frozen: null,
    optimizer: fields.string('optimizer.name') ?? byDefault('AdamW', jobConfig),
    kept: dtype === 'bf16' ? { ...pure(2), weights: 0, master: 2 } : fsdpMixed,
    layout: {
      ...undivided,
      tensor: degree('tensor_parallel_degree') ?? 1,
      pipeline: degree('pipeline_parallel_degree') ?? 1,
      context: degree('context_parallel_degree') ?? 1,
      expert: degree('expert_parallel_degree') ?? 1,
      sequenceParallel: true,
      sharding: 'all',
      shardRanks: shards,
      offloaded: fields.isTrue('training.enable_cpu_offload')
        ? ['weights', 'optimizer', 'gradients']
        : [],
    },
    batch: {
      microBatch:
        fields.positive('training.local_batch_size') ??
        fields.positive('training.batch_size') ??
        byDefault(8, jobConfig),
      sequenceLength: fields.positive('training.seq_len') ?? byDefault(2048, jobConfig),
      recompute: recompute ?? 'nothing',
      bytes: param === 'fp32' ? 4 : 2,
      // A compiled loss fuses the cast to FP32 with the logarithms.
      logitBytes: isCompiled ? 6 : 10,
      scores: false,
      dropout: false,
    },
    needs: [
      ...untold(
        fields,
        degrees.flatMap((name) => pathOf(name) ?? []),
        'memory',
      ),
      ...(recompute
        ? []
        : [need('memory', 'what the checkpoint mode computes again is not counted')]),
    ],
  };
}

/** Selective is the default; an integer option wraps every so many layers whole. */
function recomputeOf(fields: Fields): Recompute | null {
  switch (fields.string('activation_checkpoint.mode')?.value ?? 'selective') {
    case 'none':
      return 'nothing';
    case 'full':
      return 'layers';
    case 'selective':
      return 'some';
    default:
      return null;
  }
}
