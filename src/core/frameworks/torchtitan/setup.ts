import { byDefault } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { BatchMemory, Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { callsOf } from '../../config/pythonCalls.ts';
import { untold } from '../../config/launcher.ts';
import { plainFormat } from '../../config/precision.ts';
import {
  adaptersUncounted,
  fsdpMixed,
  pure,
  sequencesOf,
  undivided,
  wholeState,
} from '../../dialects/training.ts';

const jobConfig = 'torchtitan JobConfig';
const uncounted = 'what the checkpoint mode computes again is not counted';
const tables = ['parallelism', 'training', 'experimental'];

/** What is computed again; null where that is not counted. */
type Again = Pick<BatchMemory, 'recompute' | 'recomputed'> | null;

/**
 * How torchtitan keeps a run (parallelize.py, v0.2.2): FSDP2 divides weights, gradients and the
 * optimizer's state, FP32 unless training.dtype says otherwise, and gathers weights in
 * mixed_precision_param; tensor parallelism divides the norms' inputs by sequence.
 */
export function torchtitanSetup(fields: Fields, again: Again = recomputeOf(fields)): Setup {
  const degrees = ['tensor', 'pipeline', 'context'].map((kind) => `${kind}_parallel_degree`);
  const pathOf = (name: string) =>
    tables.map((table) => `${table}.${name}`).find((path) => fields.has(path));
  const degree = (name: string) => fields.positive(pathOf(name) ?? '')?.value ?? null;
  const shards = degree('data_parallel_shard_degree');
  const dtype = plainFormat(fields.string('training.dtype'))?.value;
  const param = plainFormat(fields.string('training.mixed_precision_param'))?.value ?? 'bf16';
  const compiled = fields.list('compile.components').map(({ value }) => value);
  const isCompiled =
    (fields.isTrue('compile.enable') || fields.isTrue('training.compile')) &&
    (compiled.length === 0 || compiled.includes('loss'));
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
      offloaded: fields.isTrue('training.enable_cpu_offload') ? wholeState : [],
    },
    batch: {
      microBatch:
        fields.positive('training.local_batch_size') ??
        fields.positive('training.batch_size') ??
        byDefault(8, jobConfig),
      sequenceLength: fields.positive('training.seq_len') ?? byDefault(2048, jobConfig),
      ...(again ?? { recompute: 'nothing' }),
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
      ...(again ? [] : [need('memory', uncounted)]),
    ],
  };
}

/**
 * A config of the registry in Python (torchtitan b5bcd76, config/configs.py, trainer.py): batches in
 * tokens, an optimizer by its function, checkpointing and the loss by their classes.
 */
export function pythonSetup(fields: Fields): Setup {
  const policy = fields.map('activation_checkpoint')?.tag ?? '';
  const kind = policy.split('.').find((word) => word.endsWith('AC'));
  const setup = torchtitanSetup(fields, policyOf(kind, fields.has('activation_checkpoint')));
  const made = fields.map('optimizer')?.tag ?? '';
  const isDefault = !fields.has('optimizer') || made.endsWith('OptimizersContainer.Config');
  const named = /adamw/i.test(made) || isDefault ? 'AdamW' : /muon/i.test(made) ? 'Muon' : null;
  const tokens = fields.positive('training.num_tokens_per_microbatch_per_dp_rank');
  const length = fields.positive('training.max_context_length');
  const isChunked = fields.map('loss')?.tag?.includes('ChunkedLossWrapper') === true;
  const isLora = callsOf(fields.root, /LoRA/i).length > 0;
  const batch = setup.batch;
  return {
    ...setup,
    optimizer:
      fields.string('optimizer.name') ?? (named === null ? null : byDefault(named, jobConfig)),
    batch: {
      ...batch,
      microBatch:
        tokens && length
          ? sequencesOf(
              { name: 'tokens a microbatch', known: tokens },
              { name: 'tokens a sequence', known: length },
            )
          : batch.microBatch,
      sequenceLength: length ?? batch.sequenceLength,
      // Pieces one after the other, eight unless told (components/loss.py, ChunkedLossWrapper).
      logitBytes: isChunked
        ? batch.logitBytes / (fields.positive('loss.num_chunks')?.value ?? 8)
        : batch.logitBytes,
    },
    needs: [...setup.needs, ...(isLora ? [adaptersUncounted] : [])],
  };
}

/** The default is SelectiveAC; `None` keeps everything; null for what the compiler decides. */
function policyOf(kind: string | undefined, isStated: boolean): Again {
  if (kind === undefined) return { recompute: isStated ? 'nothing' : 'some' };
  if (kind === 'FullAC') return { recompute: 'layers' };
  return kind === 'SelectiveAC' ? { recompute: 'some' } : null;
}

/**
 * Selective is the default, with every second layer whole; another number takes every so many, `op`
 * some operations of each (v0.2.2, config/job_config.py, distributed/activation_checkpoint.py).
 */
function recomputeOf(fields: Fields): Again {
  switch (fields.string('activation_checkpoint.mode')?.value ?? 'selective') {
    case 'none':
      return { recompute: 'nothing' };
    case 'full':
      return { recompute: 'layers' };
    case 'selective': {
      const option = fields.string('activation_checkpoint.selective_ac_option')?.value ?? '2';
      if (option === 'op') return { recompute: 'some' };
      if (!/^\d+$/.test(option)) return null;
      return { recompute: 'layers', recomputed: { share: 1 / Math.max(1, Number(option)) } };
    }
    default:
      return null;
  }
}
