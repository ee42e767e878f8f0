import { byDefault, derived } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { Recompute, Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { callsOf } from '../../config/pythonCalls.ts';
import { untold } from '../../config/launcher.ts';
import { plainFormat } from '../../config/precision.ts';
import { fsdpMixed, pure, undivided } from '../../dialects/training.ts';

const jobConfig = 'torchtitan JobConfig';
const uncounted = 'what the checkpoint mode computes again is not counted';
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
      copies: degree('data_parallel_replicate_degree') ?? 1,
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
      ...(recompute ? [] : [need('memory', uncounted)]),
    ],
  };
}

/**
 * A config of the registry in Python (torchtitan b5bcd76, config/configs.py, trainer.py): batches in
 * tokens, an optimizer by its function, checkpointing and the loss by their classes.
 */
export function pythonSetup(fields: Fields): Setup {
  const setup = torchtitanSetup(fields);
  const made = fields.map('optimizer')?.tag ?? '';
  const isDefault = !fields.has('optimizer') || made.endsWith('OptimizersContainer.Config');
  const named = /adamw/i.test(made) || isDefault ? 'AdamW' : /muon/i.test(made) ? 'Muon' : null;
  const tokens = fields.positive('training.num_tokens_per_microbatch_per_dp_rank');
  const length = fields.positive('training.max_context_length');
  const policy = fields.map('activation_checkpoint')?.tag ?? '';
  const kind = policy.split('.').find((word) => word.endsWith('AC'));
  const isChunked = fields.map('loss')?.tag?.includes('ChunkedLossWrapper') === true;
  const isLora = callsOf(fields.root, /LoRA/i).length > 0;
  const batch = setup.batch;
  const recompute = policyOf(kind, fields.has('activation_checkpoint'));
  return {
    ...setup,
    optimizer:
      fields.string('optimizer.name') ?? (named === null ? null : byDefault(named, jobConfig)),
    batch: {
      ...batch,
      microBatch:
        tokens && length
          ? derived(tokens.value / length.value, `${tokens.value} ÷ ${length.value} tokens`, [
              { name: 'tokens a microbatch', known: tokens },
              { name: 'tokens a sequence', known: length },
            ])
          : batch.microBatch,
      sequenceLength: length ?? batch.sequenceLength,
      recompute: recompute ?? 'nothing',
      // Eight pieces one after the other (components/loss.py).
      logitBytes: isChunked ? batch.logitBytes / 8 : batch.logitBytes,
    },
    needs: [
      ...setup.needs.filter(({ why }) => why !== uncounted),
      ...(recompute ? [] : [need('memory', uncounted)]),
      ...(isLora ? [need('memory', 'what adapters keep is not counted')] : []),
    ],
  };
}

/** The default is SelectiveAC; `None` keeps everything; null for what the compiler decides. */
function policyOf(kind: string | undefined, isStated: boolean): Recompute | null {
  if (kind === undefined) return isStated ? 'nothing' : 'some';
  return kind === 'FullAC' ? 'layers' : kind === 'SelectiveAC' ? 'some' : null;
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
