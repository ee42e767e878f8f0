import { stated, type Known } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { Precision } from '../../run/run.ts';
import type { BatchMemory, Layout, Setup } from '../../run/setup.ts';
import { numberOf } from '../../syntax/scalars.ts';
import type { Fields } from '../../config/fields.ts';
import { callsOf, valuesOf } from '../../config/pythonCalls.ts';
import {
  autocast,
  fsdpMixed,
  pure,
  replicated,
  sequencesOf,
  undivided,
} from '../../dialects/training.ts';

/**
 * How OLMo-core keeps a run (allenai/OLMo-core fa6c501, train/train_module/transformer/config.py,
 * optim/adamw.py): FP32 weights, gradients and moments, divided by FSDP2 and gathered in param_dtype;
 * under autocast where nothing divides them. Null where the script makes no one train module.
 */
export function olmoCoreSetup(fields: Fields, precision: Precision | null): Setup | null {
  const [made, ...more] = callsOf(fields.root, /(?:^|\.)TransformerTrainModuleConfig$/);
  if (!precision || !made || more.length > 0) return null;
  const module = fields.with(made);
  const optimizer = module.map('optim')?.tag?.split('.').at(-1) ?? null;
  const layout = layoutOf(module);
  const is16Bit = precision.format.value !== 'fp32';
  const isDivided = layout.sharding === 'all';
  const kept = is16Bit ? (isDivided ? fsdpMixed : autocast) : pure(4);
  const sequence = onlyNumber(fields, module, 'max_sequence_length', 'SEQUENCE_LENGTH');
  const tokens = module.positive('rank_microbatch_size');
  const again = checkpointingOf(module);
  const isFused = callsOf(fields.root, /(?:^|\.)LMHeadConfig$/).some(
    (head) => member(fields.with(head), 'loss_implementation') === 'fused_linear',
  );
  return {
    adapters: null,
    frozen: null,
    optimizer: optimizer === null ? null : stated(optimizer.replace(/Config$/, ''), made.place),
    kept: layout.sharding === 'nothing' ? replicated(kept) : kept,
    layout,
    batch: {
      microBatch:
        tokens &&
        sequence &&
        sequencesOf(
          { name: 'rank_microbatch_size', known: tokens },
          { name: 'sequence length', known: sequence },
        ),
      sequenceLength: sequence,
      ...(again ?? { recompute: 'nothing' }),
      bytes: is16Bit ? 2 : 4,
      // The logits, FP32 ones for the loss and their logarithms; none where the head is fused
      // with the loss (fa6c501, nn/functional/cross_entropy_loss.py, nn/lm_head.py).
      logitBytes: isFused ? 0 : is16Bit ? 10 : 12,
      scores: false,
      dropout: false,
    },
    needs: again ? [] : [need('memory', 'what ac_config computes again is not counted')],
  };
}

/** A number of the module, or the one that the script calls by a name of its own. */
function onlyNumber(fields: Fields, module: Fields, key: string, name: string) {
  const own = module.positive(key);
  if (own) return own;
  const values = valuesOf(fields.root, name).flatMap((node): Known<number>[] => {
    const value = node.kind === 'scalar' ? numberOf(node) : null;
    return value === null || value <= 0 ? [] : [stated(value, node.place)];
  });
  return values.length === 1 ? (values[0] ?? null) : null;
}

/** The last word of an enumeration's member: `DataParallelType.hsdp`, `"hsdp"`. */
const member = (fields: Fields, key: string): string | null =>
  fields.string(key)?.value.split('.').at(-1) ?? null;

function layoutOf(module: Fields): Layout {
  const degree = (key: string) => {
    const call = module.map(`${key}_config`);
    const fixed = call && module.with(call);
    return fixed ? (fixed.positive('degree')?.value ?? null) : 1;
  };
  const parts = {
    tensor: degree('tp'),
    context: degree('cp'),
    pipeline: degree('pp'),
    expert: degree('ep'),
  };
  const call = module.map('dp_config');
  const data = call && module.with(call);
  const name = data ? member(data, 'name') : null;
  const isUntold = Object.values(parts).includes(null);
  const shards = data?.positive('shard_degree')?.value;
  const copies = data?.positive('num_replicas')?.value;
  const isHybrid = name === 'hsdp';
  const reason = isUntold
    ? 'a degree of parallelism is not a number in the script'
    : isHybrid && shards === undefined && copies === undefined
      ? 'hsdp keeps a copy a node, and its number of GPUs is not told'
      : null;
  return {
    ...undivided,
    ...parts,
    sharding: name === 'ddp' || !data ? 'nothing' : 'all',
    shardRanks: isHybrid ? (shards ?? null) : null,
    ...(isHybrid && copies !== undefined && { copies }),
    ...(reason !== null && { unshared: reason }),
  };
}

/** Null for parts of a block, for lists of operations, and for a budget that the compiler keeps. */
function checkpointingOf(module: Fields): Pick<BatchMemory, 'recompute' | 'recomputed'> | null {
  const call = module.map('ac_config');
  if (!call) return module.isSet('ac_config') ? null : { recompute: 'nothing' };
  const config = module.with(call);
  const mode = member(config, 'mode') ?? 'full';
  if (mode === 'full') return { recompute: 'layers' };
  const every = config.positive('block_interval')?.value;
  return mode === 'selected_blocks' && every !== undefined
    ? { recompute: 'layers', recomputed: { share: 1 / every } }
    : null;
}
