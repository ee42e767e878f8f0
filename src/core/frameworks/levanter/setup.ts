import { byDefault } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { Precision } from '../../run/run.ts';
import type { Recompute, Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { adaptersUncounted, undivided } from '../../dialects/training.ts';
import { levanterSequence } from './shape.ts';

/**
 * How Levanter keeps a run (stanford-crfm/levanter 9263f81, trainer.py, models/llama.py): weights,
 * gradients and moments of mp's parameter type, divided along fsdp_axis among all ranks but the
 * replicas; layers are computed again unless gradient_checkpointing is off.
 */
export function levanterSetup(fields: Fields, precision: Precision | null): Setup | null {
  if (!precision) return null;
  const bytes = precision.format.value === 'fp32' ? 4 : 2;
  const stored = parameterBytes(fields);
  const size = (key: string) => fields.positive(`trainer.${key}`)?.value ?? 1;
  const each = fields.positive('trainer.per_device_parallelism');
  const batch =
    fields.positive('trainer.train_batch_size') ?? byDefault(512, 'Levanter TrainerConfig');
  const recompute = recomputeOf(fields);
  const model = size('model_axis_size');
  const ownAxes = ['axis_resources', 'parameter_axis_resources'].find(
    (key) => fields.keys(`trainer.${key}`).length > 0,
  );
  const axis = fields.string('trainer.fsdp_axis')?.value ?? 'embed';
  return {
    adapters: null,
    frozen: null,
    optimizer: fields.string('optimizer.type') ?? byDefault('adam', 'Levanter OptimizerConfig'),
    kept: { weights: stored, master: 0, gradients: stored, state: stored },
    layout: {
      ...undivided,
      tensor: model,
      sequenceParallel: false,
      sharding: 'all',
      copies: size('replica_ici_axis_size') * size('replica_dcn_axis_size') * model,
    },
    batch: {
      microBatch: each,
      ...(fields.node('trainer.train_batch_size')?.kind !== 'list' && { sharedBatch: batch }),
      sequenceLength: levanterSequence(fields),
      recompute: recompute ?? 'nothing',
      bytes,
      // FP32 logits and their gradient, or those of a block at a time (models/loss.py).
      logitBytes: fields.isSet('model.cross_entropy_block_size') ? 0 : bytes + 8,
      scores: false,
      dropout: false,
    },
    needs: [
      ...(recompute
        ? []
        : [need('memory', 'what gradient_checkpointing computes again is not counted')]),
      ...(ownAxes !== undefined || axis !== 'embed'
        ? [
            need(
              'memory',
              `how trainer.${ownAxes ?? 'fsdp_axis'} divides the weights is not counted`,
            ),
          ]
        : []),
      ...(fields.map('lora') || fields.has('lora') ? [adaptersUncounted] : []),
    ],
  };
}

/** A jmp policy's parameter type: `p=f32,c=bfloat16`, `params=…`, or one type for all. */
function parameterBytes(fields: Fields): 2 | 4 {
  const policy = fields.string('trainer.mp')?.value ?? 'f32';
  const named = /(?:^|,)\s*p(?:arams)?\s*=\s*(\w+)/.exec(policy)?.[1] ?? policy;
  return /^(?:f32|float32|full)$/.test(named) || named.includes('=') ? 4 : 2;
}

/**
 * haliax' ScanCheckpointPolicy: what of a layer is kept; null for what offloads or nests (haliax
 * 0383414, src/haliax/_src/scan.py, from_bool_or_str).
 */
function recomputeOf(fields: Fields): Recompute | null {
  const stated = fields.string('model.gradient_checkpointing')?.value.toLowerCase() ?? 'true';
  if (/^(?:true|recompute|full)$/.test(stated)) return 'layers';
  return /^(?:false|save_all)$/.test(stated) ? 'nothing' : null;
}
