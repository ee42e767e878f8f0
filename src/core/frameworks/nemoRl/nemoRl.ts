import { byDefault } from '../../run/known.ts';
import type { Precision } from '../../run/run.ts';
import { generatedTokens, type TokenPlan } from '../../run/tokens.ts';
import { modelAt } from '../../dialects/huggingFace/checkpoints.ts';
import type { Fields } from '../../config/fields.ts';
import { megatronPrecision } from '../../dialects/megatron/precision.ts';
import { plainFormat, plainPrecision, isLow } from '../../config/precision.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { nemoRlSetup } from './setup.ts';
import { formatWriter, plainRows } from '../../config/writing.ts';

const dtypes = { bf16: 'bfloat16', fp16: 'float16', fp32: 'float32' };

const algorithms = ['sft', 'dpo', 'rm', 'grpo', 'distillation'] as const;

/** NVIDIA NeMo RL: post-training of a named policy; configs inherit by `defaults: parent.yaml`. */
export const nemoRl: FrameworkReader = {
  id: 'nemo-rl',
  name: 'NeMo RL',
  source: 'NVIDIA-NeMo/RL (2026-08-22)',
  syntaxes: ['yaml'],
  words: { config: ['model_name'] },
  loader: 'omegaconf',
  reads:
    'policy.model_name, sft.max_num_steps × train_global_batch_size × max_total_sequence_length, policy.precision',

  recognise(fields) {
    const keys = ['train_global_batch_size', 'max_total_sequence_length', 'precision'];
    const present = keys.filter((key) => fields.has(`policy.${key}`));
    return fields.has('policy.model_name') && present.length > 0
      ? `It has policy.model_name and policy.${present.join(' and policy.')}, as NeMo RL’s configs do.`
      : null;
  },

  read(fields) {
    const { model, shape, needs } = modelAt(fields, 'policy.model_name');
    const places = ['policy.megatron_cfg.fp8_cfg.fp8', 'policy.precision'];
    const precision = readPrecision(fields);
    const tokens = readTokens(fields);
    const stated = places.flatMap((path) => fields.place(path) ?? []);
    return {
      role: 'finetune',
      model,
      shape,
      tokens,
      precision,
      setup: nemoRlSetup(fields, precision, tokens === generatedTokens),
      precisionPlaces: isLow(precision) ? stated : [...stated].reverse(),
      writeFormat: formatWriter(fields, plainRows('policy.precision', dtypes)),
      needs,
    };
  },
};

/** Supervised steps have a length; what reinforcement learning trains on is generated. */
function readTokens(fields: Fields): TokenPlan {
  const algorithm = algorithms.find((key) => fields.map(key) !== null);
  const at = algorithm ?? 'sft';
  if (at === 'grpo' || at === 'distillation') return generatedTokens;
  const steps = fields.positive(`${at}.max_num_steps`);
  const epochs = fields.positive(`${at}.max_num_epochs`);
  const duration = steps
    ? ({ unit: 'steps', count: steps } as const)
    : epochs && ({ unit: 'epochs', count: epochs } as const);
  return {
    duration,
    sequenceLength: fields.positive('policy.max_total_sequence_length'),
    globalBatch: fields.positive('policy.train_global_batch_size'),
  };
}

function readPrecision(fields: Fields): Precision | null {
  const base = plainFormat(fields.string('policy.precision'));
  const at = 'policy.megatron_cfg.fp8_cfg';
  if (fields.isTrue('policy.megatron_cfg.enabled') && fields.isTrue(`${at}.enabled`)) {
    const flags = { fields, path: (name: string) => `${at}.${name}` };
    return megatronPrecision(flags, byDefault('bf16', 'NeMo RL'));
  }
  return base && plainPrecision(base);
}
