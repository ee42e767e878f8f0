import { byDefault } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { Precision } from '../../run/run.ts';
import type { Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { allLinear } from '../adapters.ts';
import { loadedBase, peftAdapters } from './peft.ts';
import {
  allWeights,
  launcherDecides,
  trainerLayout,
  trainerOptimizer,
  trainerSetup,
  type Trained,
} from './setup.ts';

const of = 'ms-swift SftArguments';

/**
 * How ms-swift trains without Megatron (swift/llm/argument, 2026-08): adapters of rank 8 beside
 * every linear layer unless told otherwise, weights in torch_dtype, layers recomputed.
 */
export function swiftSetup(fields: Fields, precision: Precision): Setup {
  const is16Bit = precision.format.value !== 'fp32';
  const weights = is16Bit ? 2 : 4;
  const stage = fields.string('rlhf_type') ?? (isRlhf(fields) ? byDefault('rlhf', of) : null);
  return trainerSetup(fields, {
    trained: readTrained(fields, weights),
    weights,
    is16Bit,
    optimizer: trainerOptimizer(fields, 'adamw_torch_fused'),
    microBatch: fields.positive('per_device_train_batch_size') ?? byDefault(1, of),
    sequenceLength: fields.positive('max_length'),
    recomputes: fields.boolean('gradient_checkpointing')?.value ?? true,
    fusedLoss: fields.isTrue('use_liger_kernel'),
    layout: trainerLayout(fields, launcherDecides),
    needs: stage
      ? [need('memory', `what ${stage.value} keeps beside the model is not counted`)]
      : [],
  });
}

const isRlhf = (fields: Fields): boolean => fields.string('$positional.0')?.value === 'rlhf';

function readTrained(fields: Fields, weights: 2 | 4): Trained {
  const kinds = ['tuner_type', 'train_type', 'sft_type', 'train.tuner_type', 'train.train_type'];
  const kind = kinds.map((key) => fields.string(key)).find((each) => each)?.value ?? 'lora';
  if (kind === 'full') return allWeights;
  if (kind !== 'lora') {
    return { ...allWeights, needs: [need('memory', `what “${kind}” trains is not counted`)] };
  }
  const method = fields.string('quant_method')?.value ?? 'bnb';
  const bits = fields.positive('quant_bits')?.value ?? null;
  const keys = {
    rank: 'lora_rank',
    targets: fields.has('target_modules') ? 'target_modules' : 'lora_target_modules',
    whole: 'modules_to_save',
    dora: 'use_dora',
  };
  const defaults = { of, rank: 8, targets: allLinear };
  const trained = peftAdapters(
    fields,
    keys,
    defaults,
    loadedBase(bits, true, bits === null ? weights : 4),
  );
  const isOther = bits !== null && method !== 'bnb';
  const needs = isOther ? [need('memory', `how ${method} stores weights is not counted`)] : [];
  return { ...trained, needs: [...trained.needs, ...needs] };
}
