import { byDefault } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { LayerTensor, Recompute, Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { adaptersUncounted, megatronKept, pure, undivided } from '../../dialects/training.ts';

/**
 * How Fast-LLM keeps a run (ServiceNow/Fast-LLM 7d61a1b, engine/multi_stage/config.py, fsdp.py): 16-bit
 * weights and FP32 gradients in buffers, FP32 weights and moments in shards; the optimizer's are
 * always divided, gradients from zero_stage 2 on, weights with 3.
 */
export function fastLlmSetup(fields: Fields, format: string): Setup {
  const is16Bit = format !== 'fp32';
  const at = (key: string) =>
    [`model.distributed.${key}`, `model.multi_stage.${key}`].find((path) => fields.has(path)) ?? '';
  const size = (key: string) => fields.positive(at(key))?.value ?? 1;
  const stage = fields.number(at('zero_stage'))?.value ?? 1;
  const inFull = fields.boolean(at('full_precision_gradients'))?.value !== false;
  const micro = fields.positive('batch.micro_batch_size');
  const tokens = fields.positive('data.micro_batch_size');
  const recompute = recomputeOf(fields);
  const splits = ['model.base_model.head', 'model.base_model']
    .map((path) => fields.positive(`${path}.cross_entropy_splits`)?.value)
    .find((count) => count !== undefined);
  const buffers = ['num_weight_buffers', 'num_grad_buffers'].find((key) => fields.isSet(at(key)));
  return {
    adapters: null,
    frozen: null,
    optimizer: byDefault('adam', 'Fast-LLM OptimizerConfig'),
    kept: is16Bit ? { ...megatronKept, gradients: inFull ? 4 : 2 } : pure(4),
    layout: {
      ...undivided,
      tensor: size('tensor_parallel'),
      pipeline: size('pipeline_parallel'),
      context: size('sequence_data_parallel'),
      sequenceParallel: fields.isTrue(at('sequence_tensor_parallel')),
      sharding: stage >= 3 ? 'all' : stage >= 2 ? 'gradients' : 'optimizer',
    },
    batch: {
      // Since 2025-10 a rank has one row of tokens.
      microBatch: micro ?? (tokens && byDefault(1, 'Fast-LLM ScheduleConfig')),
      sequenceLength: fields.positive('batch.sequence_length') ?? tokens,
      recompute: recompute ?? 'nothing',
      bytes: is16Bit ? 2 : 4,
      // Logits and their gradient in the type of the products, where told in pieces one after the
      // other (functional/triton/entropy_loss.py, layers/language_model/config.py).
      logitBytes: (is16Bit ? 4 : 8) / (splits ?? 1),
      scores: false,
      dropout: false,
    },
    needs: [
      ...(recompute ? [] : [need('memory', 'what recompute_level computes again is not counted')]),
      ...(buffers === undefined ? [] : [need('memory', `what ${buffers} divides is not counted`)]),
      ...(fields.has('peft') || fields.has('model.base_model.peft') ? [adaptersUncounted] : []),
      ...(fields.has('reference_models')
        ? [need('memory', 'what reference_models keep is not counted')]
        : []),
    ],
  };
}

/** What its layers keep beside those of the feed-forward (functional/config.py, MLPRecomputeLevel). */
const outside: readonly LayerTensor[] = [
  'input',
  'middle',
  'norms',
  'queries-keys-values',
  'context',
];

function recomputeOf(fields: Fields): Recompute | null {
  const path = [
    'model.base_model.decoder.block.mlp.recompute_level',
    'model.base_model.transformer.mlp_recompute_level',
  ].find((each) => fields.has(each));
  switch (fields.string(path ?? '')?.value ?? 'none') {
    case 'none':
      return 'nothing';
    case 'activation':
      return [...outside, 'expert-inputs', 'up'];
    case 'activation_and_input':
      return [...outside, 'up'];
    case 'full':
      return outside;
    default:
      return null;
  }
}
