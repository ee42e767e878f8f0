import { byDefault, type Known } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { Precision } from '../../run/run.ts';
import type { Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { queriesAndValues } from '../adapters.ts';
import { loadedBase, peftAdapters } from './peft.ts';
import {
  allWeights,
  launcherDecides,
  trainerLayout,
  trainerOptimizer,
  trainerSetup,
  type Trained,
} from './setup.ts';

const keys = {
  rank: 'lora_r',
  targets: 'lora_target_modules',
  whole: 'lora_modules_to_save',
  dora: 'use_dora',
};

/** Keys of trainers that keep a second model, or texts that the model writes. */
const others = [
  ...['reward_model_path', 'num_generations', 'reward_funcs', 'max_prompt_length', 'rpo_alpha'],
  ...['use_vllm', 'num_ppo_epochs', 'desirable_weight', 'precompute_ref_log_probs', 'beta'],
  ...['ref_model', 'teacher_model_name_or_path'],
];

/** Which trainer a file is for, as far as that changes its memory. */
export interface TrlFacts {
  readonly precision: Precision | null;
  /** Whether TRL's own defaults hold, not the plain Trainer's. */
  readonly isTrl: boolean;
  /** The program's name, '' for none. */
  readonly program: string;
}

/**
 * The setup of TRL's scripts and of others with the Trainer's arguments. TRL loads weights in FP32
 * unless dtype says otherwise, and recomputes layers unless told not to (SFTConfig, 2026-07).
 */
export function trlSetup(fields: Fields, { precision, isTrl, program }: TrlFacts): Setup | null {
  if (!precision) return null;
  const is16Bit = precision.format.value !== 'fp32' && precision.format.value !== 'tf32';
  const dtype = fields.string('torch_dtype') ?? fields.string('dtype');
  const weights = dtype && /16|auto/.test(dtype.value) ? 2 : 4;
  const keepsMore =
    others.find((key) => fields.isSet(key)) ??
    /(?:^|_)(?:dpo|kto|orpo|grpo|ppo|rloo|gkd|reward|online)/i.exec(program)?.[0];
  const recompute = fields.boolean('gradient_checkpointing')?.value;
  return trainerSetup(fields, {
    trained: readTrained(fields, weights),
    weights,
    is16Bit,
    optimizer: trainerOptimizer(fields),
    microBatch:
      fields.positive('per_device_train_batch_size') ??
      byDefault(8, 'transformers TrainingArguments'),
    sequenceLength: sequenceLength(fields, isTrl),
    recomputes: recompute ?? isTrl,
    fusedLoss: fields.isTrue('use_liger_kernel') || fields.isTrue('use_liger'),
    layout: trainerLayout(fields, launcherDecides),
    needs:
      keepsMore === undefined
        ? []
        : [need('memory', 'what this kind of training keeps beside the model is not counted')],
  });
}

function sequenceLength(fields: Fields, isTrl: boolean): Known<number> | null {
  return (
    fields.positive('max_length') ??
    fields.positive('max_seq_length') ??
    fields.positive('block_size') ??
    fields.positive('model_max_length') ??
    fields.positive('cutoff_len') ??
    (isTrl ? byDefault(1024, 'TRL SFTConfig') : null)
  );
}

/** prepare_model_for_kbit_training casts what is not quantised to FP32 (PEFT utils/other.py, 2026-07). */
function readTrained(fields: Fields, weights: 2 | 4): Trained {
  if (!fields.isTrue('use_peft')) {
    const own = ['lora_r', 'lora_rank', 'lora_alpha', 'use_lora', 'peft'].find((key) =>
      fields.isSet(key),
    );
    return own === undefined || fields.boolean('use_peft') !== null
      ? allWeights
      : { ...allWeights, needs: [need('memory', `what “${own}” stands for is not known here`)] };
  }
  const bits = fields.isTrue('load_in_4bit') ? 4 : fields.isTrue('load_in_8bit') ? 8 : null;
  const nested = fields.isTrue('use_bnb_nested_quant');
  const model = fields.string('model_name_or_path')?.value ?? '';
  return peftAdapters(
    fields,
    keys,
    {
      of: 'TRL ModelConfig',
      rank: 16,
      targets: /llama|mistral|qwen|gemma|smollm/i.test(model) ? queriesAndValues : null,
    },
    loadedBase(bits, nested, bits === null ? weights : 4),
  );
}
