import { byDefault, type Known } from '../../run/known.ts';
import type { WriteResult } from '../../run/run.ts';
import { product, type TokenPlan } from '../../run/tokens.ts';
import type { Fields } from '../../config/fields.ts';
import { plainFormat, type PlainFormat } from '../../config/precision.ts';
import { setKeys } from '../../config/writing.ts';
import type { Need } from '../../run/need.ts';
import { programOf } from '../../config/launcher.ts';

const trainingArguments = 'transformers TrainingArguments';

/**
 * The token plan of Hugging Face's TrainingArguments: max_steps or num_train_epochs, and the batch
 * of one GPU. `sequenceLength` null = sequences are as long as their samples; `why` says so.
 */
export function trainerTokens(
  fields: Fields,
  sequenceLength: Known<number> | null,
  why: Need,
): TokenPlan {
  const steps = fields.positive('max_steps');
  const epochs = fields.positive('num_train_epochs') ?? byDefault(3, trainingArguments);
  return {
    duration: steps ? { unit: 'steps', count: steps } : { unit: 'epochs', count: epochs },
    sequenceLength,
    packed: sequenceLength !== null,
    rankBatch: product([
      {
        name: 'sequences',
        known: fields.positive('per_device_train_batch_size') ?? byDefault(8, trainingArguments),
      },
      {
        name: 'accumulation steps',
        known: fields.positive('gradient_accumulation_steps') ?? byDefault(1, trainingArguments),
      },
    ]),
    ...(steps && !sequenceLength && { needs: [why] }),
  };
}

/** Keys of TRL's trainers that let the model write what it is trained on. */
const generating = [
  ...['reward_funcs', 'num_generations', 'reward_model_path'],
  ...['num_ppo_epochs', 'rloo_k', 'use_vllm'],
];

/** Whether a run trains on what its model generates: GRPO, PPO, RLOO, online DPO. */
export function isGenerating(fields: Fields): boolean {
  const program = programOf(fields);
  return (
    generating.some((key) => fields.isSet(key)) ||
    /(?:^|_)(?:grpo|ppo|rloo|online_dpo)/i.test(program)
  );
}

/** Which of the Trainer's two switches is on; null when neither is stated to be. */
export function trainerSwitch(fields: Fields): Known<PlainFormat> | null {
  for (const key of ['bf16', 'fp16'] as const) {
    const stated = fields.boolean(key);
    if (stated?.value === true) return { ...stated, value: key };
  }
  return null;
}

/**
 * Writes the Trainer's two switches; `implied` is what holds when neither stands in the file.
 * In 32 bits the weights' own dtype multiplies, so a stated one is written too.
 */
export function writeSwitches(
  fields: Fields,
  base: 'bf16' | 'fp16' | 'fp32',
  implied: 'bf16' | 'fp32' | null,
): WriteResult {
  const keys: Record<string, string> = {};
  if (base === 'fp32') {
    for (const key of ['torch_dtype', 'dtype']) {
      if (plainFormat(fields.string(key))) keys[key] = 'float32';
    }
  }
  for (const key of ['bf16', 'fp16'] as const) {
    const on = fields.isTrue(key);
    if (key === base && !on && !(implied === base && !fields.has(key))) keys[key] = 'true';
    if (key !== base && (on || (implied === key && !fields.has(key)))) keys[key] = 'false';
  }
  return setKeys(fields, keys);
}

/** Model names that are no decoder language model. */
const encoders =
  /(?:^|[-_/])(?:distil|xlm-|lm-|modern|de|al|ro){0,3}(?:berta?|roberta|esm|electra|camembert|ernie|longformer|wav2vec2?|hubert|whisper|w2v|m?t5|flan-t5|bart|mbart|pegasus|vit|clip|siglip|dinov2|mamba2?|rwkv)(?:$|[-_.\d])/i;

/** Whether a name stands for an encoder, a sequence-to-sequence or a state-space model. */
export function isOtherModel(name: string): boolean {
  return encoders.test(name.split('/').at(-1) ?? '');
}
