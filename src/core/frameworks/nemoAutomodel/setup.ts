import { byDefault, type Known } from '../../run/known.ts';
import { need, type Need } from '../../run/need.ts';
import type { FrozenBase, KeptBytes, Layout, Recompute, Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { plainFormat } from '../../config/precision.ts';
import { allLinear, linearNames } from '../../dialects/adapters.ts';
import { fsdpMixed, pure, replicated, undivided, wholeState } from '../../dialects/training.ts';

/**
 * How Automodel keeps a run (NVIDIA-NeMo/Automodel 36044ad, components/distributed/config.py,
 * _transformers/auto_model.py): weights, gradients and moments in the dtype that the model is loaded
 * in, BF16 unless told otherwise, divided by FSDP2 and gathered in BF16.
 */
export function automodelSetup(fields: Fields): Setup {
  const stated = fields.string('model.torch_dtype') ?? fields.string('model.dtype');
  const weights = plainFormat(stated)?.value === 'fp32' ? 4 : 2;
  const layout = layoutOf(fields);
  const { adapters, needs } = adaptersOf(fields);
  const kept = keptBy(fields, weights, layout);
  const recompute = recomputeOf(fields);
  const packed = fields.positive('packed_sequence.packed_sequence_size');
  const other = ['teacher_model', 'qat', 'draft_model'].find((key) => fields.isSet(key));
  return {
    adapters,
    frozen: adapters && frozenBase(fields, weights),
    optimizer: fields.string('optimizer._target_'),
    kept: fields.string('distributed.strategy')?.value === 'ddp' ? replicated(kept) : kept,
    layout,
    batch: {
      microBatch: fields.positive('step_scheduler.local_batch_size'),
      sequenceLength:
        packed ?? fields.positive('dataset.seq_length') ?? fields.positive('dataset.seq_len'),
      recompute: recompute ?? 'nothing',
      bytes: 2,
      logitBytes: logitBytes(fields),
      scores: fields.string('model.attn_implementation')?.value === 'eager',
      dropout: false,
    },
    needs: [
      ...needs,
      ...(recompute ? [] : [need('memory', 'what is computed again is not counted')]),
      ...(other === undefined ? [] : [need('memory', `what ${other} keeps is not counted`)]),
    ],
  };
}

/** Transformer Engine's FusedAdam has FP32 moments, and a copy of the weights where it is told. */
function keptBy(fields: Fields, weights: 2 | 4, { sharding }: Layout): KeptBytes {
  if (weights === 4) return sharding === 'all' ? fsdpMixed : pure(4);
  if (!(fields.string('optimizer._target_')?.value ?? '').endsWith('FusedAdam')) return pure(2);
  return { ...pure(2), state: 4, master: fields.isTrue('optimizer.master_weights') ? 4 : 0 };
}

function layoutOf(fields: Fields): Layout {
  const at = (key: string) => fields.positive(`distributed.${key}`)?.value;
  const named =
    fields.string('distributed.strategy')?.value ??
    fields.string('distributed._target_')?.value ??
    'fsdp2';
  const stays = fields.boolean('distributed.reshard_after_forward')?.value === false;
  return {
    ...undivided,
    tensor: at('tp_size') ?? 1,
    pipeline: at('pp_size') ?? 1,
    context: at('cp_size') ?? 1,
    expert: at('ep_size') ?? 1,
    sequenceParallel: fields.isTrue('distributed.sequence_parallel'),
    sharding: /ddp/i.test(named) ? 'nothing' : stays ? 'gradients' : 'all',
    copies: at('dp_replicate_size') ?? 1,
    offloaded: fields.isSet('distributed.offload_policy') ? wholeState : [],
  };
}

function recomputeOf(fields: Fields): Recompute | null {
  switch (fields.string('distributed.activation_checkpointing')?.value.toLowerCase() ?? 'false') {
    case 'false':
    case 'none':
    case 'null':
      return 'nothing';
    case 'true':
    case 'full':
      return 'layers';
    case 'selective':
      return 'some';
    default:
      return null;
  }
}

/** Copies of the logits by the loss (components/loss): FP32 ones and their logarithms unless fused. */
function logitBytes(fields: Fields): number {
  const loss = fields.string('loss_fn._target_')?.value ?? '';
  if (loss.endsWith('FusedLinearCrossEntropy')) return 0;
  if (loss.endsWith('TEParallelCrossEntropy')) return 4;
  return loss.endsWith('ChunkedCrossEntropy') ? 3 : 10;
}

/** `peft`: rank `dim`, its targets by wildcards over the last part of a module's name. */
function adaptersOf(fields: Fields): {
  readonly adapters: Setup['adapters'];
  readonly needs: readonly Need[];
} {
  if (!fields.map('peft')) return { adapters: null, needs: [] };
  const rank: Known<number> =
    fields.positive('peft.dim') ?? byDefault(8, 'NeMo Automodel PeftConfig');
  const list = fields.list('peft.target_modules').map(({ value }) => value);
  const one = fields.string('peft.target_modules');
  const written = one && list.length === 0 ? [one.value] : list;
  const isEvery =
    fields.isTrue('peft.match_all_linear') || written.some((each) => each === '*_proj');
  const targets = isEvery ? allLinear : linearNames(written.map((each) => each.replace('*', '')));
  const isOther =
    fields.isSet('peft.exclude_modules') ||
    !(fields.string('peft._target_')?.value ?? 'lora.PeftConfig').endsWith('lora.PeftConfig');
  if (!targets || isOther) {
    return {
      adapters: null,
      needs: [need('memory', 'the layers that have adapters are not told')],
    };
  }
  const magnitudes = fields.isTrue('peft.use_dora');
  return { adapters: { rank, targets, magnitudes }, needs: [] };
}

/** bitsandbytes' weights where `quantization` asks for them; the rest as it is loaded. */
function frozenBase(fields: Fields, weights: 2 | 4): FrozenBase {
  const others = weights;
  if (fields.isTrue('quantization.load_in_8bit')) return { format: 'int8', others };
  if (fields.isTrue('quantization.load_in_4bit')) {
    const isDouble = fields.isTrue('quantization.bnb_4bit_use_double_quant');
    return { format: isDouble ? 'nf4-double' : 'nf4', others };
  }
  return { format: weights === 4 ? 'fp32' : 'bf16', others };
}
