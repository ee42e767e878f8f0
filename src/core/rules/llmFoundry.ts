import type { Rule } from './rule.ts';

/** Rules of LLM Foundry and Composer. */
export const llmFoundryRules: readonly Rule[] = [
  {
    id: 'llmfoundry-amp-fp8-without-te-layers',
    frameworks: ['llm-foundry'],
    severity: 'warning',
    title: 'FP8 without Transformer Engine layers',
    when: {
      all: [
        { key: 'precision', op: 'eq', value: 'amp_fp8' },
        { key: ['model.fc_type', 'model.fc_type.name'], op: 'notMatches', value: 'te' },
        { key: 'model.ffn_config.ffn_type', op: 'notMatches', value: 'te' },
      ],
    },
    message:
      'amp_fp8 acts on Transformer Engine layers only, and this model has none: after a warning the run is not in FP8.',
    remedy: 'Set model.fc_type: te, or a te ffn_type.',
    fixes: [{ title: 'Use Transformer Engine’s layers', set: [['model.fc_type', 'te']] }],
    verified: 'source',
    sources: [
      {
        repository: 'mosaicml/llm-foundry',
        commit: '8c8dd48f72',
        at: 'llmfoundry/command_utils/train.py:102',
        date: '2025-07-21',
      },
    ],
  },
  {
    id: 'composer-amp-fp8-needs-sm89',
    frameworks: ['llm-foundry'],
    severity: 'error',
    title: 'FP8 on a GPU without FP8 units',
    when: {
      all: [
        { key: 'precision', op: 'eq', value: 'amp_fp8' },
        { hardware: { vendor: 'NVIDIA', cc: { below: 8.9 } } },
      ],
    },
    message: 'Composer refuses amp_fp8 below compute capability 8.9; the run stops at start.',
    remedy: 'Use precision: amp_bf16.',
    fixes: [{ title: 'Train in BF16', set: [['precision', 'amp_bf16']] }],
    verified: 'source',
    sources: [
      {
        repository: 'mosaicml/composer',
        commit: '6405188805',
        at: 'composer/core/precision.py:102',
        date: '2026-04-29',
      },
    ],
  },
  {
    id: 'llmfoundry-bf16-master-weights',
    frameworks: ['llm-foundry'],
    severity: 'warning',
    title: 'Master weights in 16 bits',
    when: {
      all: [
        {
          key: 'model.master_weights_dtype',
          op: 'in',
          value: ['bf16', 'bfloat16', 'f16', 'float16'],
        },
      ],
    },
    message:
      'master_weights_dtype casts the model before the optimizer is built: weights and states have no FP32 copy.',
    remedy: 'Leave it out; amp_bf16 computes in BF16 with FP32 weights.',
    fixes: [{ title: 'Keep FP32 weights', set: [['model.master_weights_dtype', null]] }],
    verified: 'source',
    sources: [
      {
        repository: 'mosaicml/llm-foundry',
        commit: '8c8dd48f72',
        at: 'llmfoundry/utils/builders.py:276',
        date: '2025-07-21',
      },
    ],
  },
  {
    id: 'composer-default-is-fp16',
    frameworks: ['llm-foundry'],
    severity: 'information',
    title: 'No precision means FP16',
    when: {
      all: [
        { key: 'max_duration', op: 'present' },
        { key: 'model.*', op: 'present' },
        { key: 'precision', op: 'absent' },
      ],
    },
    message:
      'Without precision Composer trains in FP16 autocast on GPUs; LLM Foundry asks for the key.',
    remedy: 'Set precision: amp_bf16.',
    fixes: [{ title: 'Train in BF16', set: [['precision', 'amp_bf16']] }],
    verified: 'source',
    sources: [
      {
        repository: 'mosaicml/composer',
        commit: '6405188805',
        at: 'composer/trainer/trainer.py:1129',
        date: '2026-04-29',
      },
    ],
  },
  {
    id: 'composer-fsdp-pure-reduces-in-half',
    frameworks: ['llm-foundry'],
    severity: 'information',
    title: 'PURE reduces gradients in the half format',
    when: {
      all: [
        { key: 'fsdp_config.mixed_precision', op: 'eq', value: 'PURE' },
        { key: 'precision', op: 'in', value: ['amp_bf16', 'amp_fp16', 'amp_fp8'] },
      ],
    },
    message:
      'mixed_precision: PURE reduces in the half format; DEFAULT keeps the reduction in FP32.',
    remedy: 'Use DEFAULT.',
    fixes: [{ title: 'Reduce in FP32', set: [['fsdp_config.mixed_precision', 'DEFAULT']] }],
    byDefault: 'never',
    verified: 'source',
    sources: [
      {
        repository: 'mosaicml/composer',
        commit: '6405188805',
        at: 'composer/distributed/mosaic_parallelism.py:82',
        date: '2026-04-29',
      },
    ],
  },
];
