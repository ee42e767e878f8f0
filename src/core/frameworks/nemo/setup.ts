import type { Precision } from '../../run/run.ts';
import type { BatchMemory, Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { untold } from '../../config/launcher.ts';
import { autocast, megatronKept, pure, undivided } from '../../dialects/training.ts';

const sizes = ['tensor_model_parallel_size', 'pipeline_model_parallel_size', 'micro_batch_size'];

/**
 * How NeMo's Megatron models keep a run (nemo/collections/nlp, 2.x): with megatron_amp_O2 as
 * Megatron-LM does, else FP32 weights under autocast; distributed_fused_adam divides weights to be
 * updated and moments.
 */
export function nemoSetup(fields: Fields, precision: Precision | null): Setup | null {
  const optimizer = fields.string('model.optim.name');
  if (!precision || !optimizer || fields.isSet('model.peft.peft_scheme')) return null;
  const is16Bit = precision.format.value !== 'fp32';
  const size = (key: string) => fields.positive(`model.${key}`)?.value ?? 1;
  const isDistributed = optimizer.value.includes('distributed');
  const isHalf = fields.isTrue('model.megatron_amp_O2') || isDistributed;
  // Gradients are kept in what they are summed in (megatron_base_model.py, DDP's grad_reduce_in_fp32).
  const gradients = fields.string('model.optim.grad_sync_dtype')?.value === 'bf16' ? 2 : 4;
  const pipeline = size('pipeline_model_parallel_size');
  const virtual = fields.positive('model.virtual_pipeline_model_parallel_size')?.value ?? 1;
  return {
    adapters: null,
    frozen: null,
    // Megatron-Core's distributed optimizer is Adam there (core_optim.py).
    optimizer: optimizer.value.startsWith('mcore') ? { ...optimizer, value: 'adam' } : optimizer,
    kept: is16Bit ? (isHalf ? { ...megatronKept, gradients } : autocast) : pure(4),
    layout: {
      ...undivided,
      tensor: size('tensor_model_parallel_size'),
      pipeline,
      context: size('context_parallel_size'),
      expert: size('expert_model_parallel_size'),
      sequenceParallel: fields.isTrue('model.sequence_parallel'),
      inFlight: virtual > 1 && pipeline > 1 ? 1 + (pipeline - 1) / (pipeline * virtual) : 1,
      sharding: isDistributed ? 'optimizer' : 'nothing',
    },
    batch: {
      microBatch: fields.positive('model.micro_batch_size'),
      sequenceLength:
        fields.positive('model.data.seq_length') ?? fields.positive('model.encoder_seq_length'),
      ...recomputeOf(fields),
      bytes: is16Bit ? 2 : 4,
      logitBytes: 4,
      scores: false,
      dropout: (fields.number('model.hidden_dropout')?.value ?? 0.1) > 0,
    },
    needs: untold(
      fields,
      sizes.map((key) => `model.${key}`),
      'memory',
    ),
  };
}

/** Whole layers: all of them in groups, or the first of each stage alone. */
function recomputeOf(fields: Fields): Pick<BatchMemory, 'recompute' | 'recomputed' | 'together'> {
  const at = 'model.activations_checkpoint';
  if (fields.string(`${at}_granularity`)?.value !== 'full') return { recompute: 'nothing' };
  const count = fields.positive(`${at}_num_layers`)?.value ?? 1;
  return fields.string(`${at}_method`)?.value === 'block'
    ? { recompute: 'layers', recomputed: { perStage: count } }
    : { recompute: 'layers', together: count };
}
