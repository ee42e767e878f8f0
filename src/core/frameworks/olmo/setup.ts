import { byDefault } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { BatchMemory, KeptBytes, Layout, Setup } from '../../run/setup.ts';
import type { Precision } from '../../run/run.ts';
import type { Fields } from '../../config/fields.ts';
import { own } from '../../run/own.ts';
import { autocast, fsdpMixed, pure, replicated, undivided } from '../../dialects/training.ts';

const of = 'OLMo TrainConfig';

/**
 * How OLMo keeps a run (allenai/OLMo 59a53e3, scripts/train.py, olmo/config.py, olmo/train.py): FP32
 * weights, gradients and state; FSDP casts what it gathers, DDP and one GPU run under autocast.
 */
export function olmoSetup(fields: Fields, precision: Precision | null): Setup | null {
  if (!precision) return null;
  const is16Bit = precision.format.value !== 'fp32';
  const strategy = fields.string('distributed_strategy')?.value ?? 'fsdp';
  const checkpointing = checkpointingOf(fields);
  const layout = strategy === 'fsdp' ? fsdpLayout(fields) : undivided;
  return {
    adapters: null,
    frozen: null,
    optimizer: fields.string('optimizer.name') ?? byDefault('lionw', 'OLMo OptimizerConfig'),
    kept: keptBy(strategy, layout, is16Bit),
    layout,
    batch: {
      microBatch: fields.positive('device_train_microbatch_size') ?? byDefault(16, of),
      sequenceLength:
        fields.positive('model.max_sequence_length') ?? byDefault(1024, 'OLMo ModelConfig'),
      ...(checkpointing ?? { recompute: 'nothing' }),
      bytes: is16Bit ? 2 : 4,
      // A copy of the logits without the last ones; then FP32 logarithms and their gradient, which
      // the fused loss does without (train.py, model_forward).
      logitBytes: fields.isTrue('fused_loss') ? 6 : 12,
      scores: false,
      dropout: (fields.number('model.residual_dropout')?.value ?? 0.1) > 0,
    },
    needs: checkpointing ? [] : [uncounted],
  };
}

const uncounted = need('memory', 'what activation_checkpointing computes again is not counted');

function keptBy(strategy: string, { sharding }: Layout, is16Bit: boolean): KeptBytes {
  if (!is16Bit) return strategy === 'ddp' ? replicated(pure(4)) : pure(4);
  if (sharding === 'all') return fsdpMixed;
  return strategy === 'ddp' ? replicated(autocast) : autocast;
}

function fsdpLayout(fields: Fields): Layout {
  const strategy = fields.string('fsdp.sharding_strategy')?.value.toUpperCase() ?? 'FULL_SHARD';
  if (strategy === 'NO_SHARD') return undivided;
  const isHybrid = strategy.includes('HYBRID');
  const copies = fields.positive('fsdp.hybrid_sharding_num_model_replicas')?.value;
  const isPart = strategy.includes('GRAD_OP') || strategy.includes('ZERO2');
  return {
    ...undivided,
    sharding: isPart ? 'gradients' : 'all',
    // Without a strategy the model is one FSDP instance (FSDPConfig).
    asOne: !fields.isSet('fsdp.wrapping_strategy'),
    ...(isHybrid && copies !== undefined && { copies }),
    ...(isHybrid &&
      copies === undefined && {
        unshared: 'HYBRID_SHARD keeps a copy a node, and its number of GPUs is not told',
      }),
  };
}

/** The share of blocks that each strategy wraps (model.py, should_checkpoint_block). */
const shares: Readonly<Record<string, number>> = {
  one_in_two: 1 / 2,
  one_in_three: 1 / 3,
  one_in_four: 1 / 4,
  one_in_eight: 1 / 8,
  two_in_three: 2 / 3,
  three_in_four: 3 / 4,
};

/** Null for a strategy that is not known. */
function checkpointingOf(fields: Fields): Pick<BatchMemory, 'recompute' | 'recomputed'> | null {
  const strategy = fields.string('activation_checkpointing')?.value ?? 'none';
  switch (strategy) {
    case 'none':
    case 'null':
    case 'false':
      return { recompute: 'nothing' };
    case 'true':
    case 'whole_layer':
      return { recompute: 'layers' };
    case 'fine_grained':
      // Norms, attention and the activation function (model.py, OLMoSequentialBlock.forward).
      return {
        recompute: ['input', 'middle', 'queries-keys-values', 'up', 'expert-inputs'],
      };
    default: {
      const share = own(shares, strategy);
      return share === undefined ? null : { recompute: 'layers', recomputed: { share } };
    }
  }
}
