import type { Rule } from './rule.ts';

/** Rules of torchtune. */
export const torchtuneRules: readonly Rule[] = [
  {
    id: 'torchtune-fp16-full-finetune',
    frameworks: ['torchtune'],
    severity: 'error',
    title: 'Full fine-tuning in FP16',
    when: {
      all: [
        { key: 'dtype', op: 'eq', value: 'fp16' },
        { key: 'tokenizer._component_', op: 'present' },
      ],
    },
    message: 'torchtune’s recipes refuse fp16; the run stops at start.',
    remedy: 'Use dtype: bf16.',
    fixes: [{ title: 'Train in BF16', set: [['dtype', 'bf16']] }],
    verified: 'source',
    sources: [
      {
        repository: 'pytorch/torchtune',
        commit: 'bd2a0fc7c3',
        at: 'recipes/full_finetune_distributed.py:140',
        date: '2026-04-23',
      },
    ],
  },
  {
    id: 'torchtune-bf16-is-everything-bf16',
    frameworks: ['torchtune'],
    severity: 'warning',
    title: 'Everything in BF16 at a small learning rate',
    when: {
      all: [
        { key: 'dtype', op: 'eq', value: 'bf16' },
        {
          key: 'optimizer._component_',
          op: 'in',
          value: ['torch.optim.AdamW', 'torch.optim.Adam'],
        },
        { key: 'optimizer.lr', op: 'le', value: 1e-5 },
        { key: 'model.lora_rank', op: 'absent' },
      ],
    },
    message:
      'dtype: bf16 puts weights, gradients and states in BF16, and updates at this learning rate round to nothing; users report bad convergence.',
    remedy: 'Use dtype: fp32, or torchao’s _AdamW with bf16_stochastic_round.',
    fixes: [{ title: 'Train in FP32', set: [['dtype', 'fp32']] }],
    verified: 'source',
    sources: [
      {
        repository: 'pytorch/torchtune',
        commit: 'bd2a0fc7c3',
        at: 'recipes/full_finetune_distributed.py:85',
        date: '2026-04-23',
      },
      { repository: 'meta-pytorch/torchtune', at: '#2254' },
      { repository: 'pytorch/ao', at: '#1124' },
    ],
  },
  {
    id: 'torchtune-fp8-with-context-parallel',
    frameworks: ['torchtune'],
    severity: 'error',
    title: 'FP8 with context parallelism',
    when: {
      all: [
        { key: 'enable_fp8_training', op: 'truthy' },
        { key: 'context_parallel_dim', op: 'gt', value: 1 },
      ],
    },
    message: 'torchtune’s FP8 does not take context parallelism; the run stops at start.',
    remedy: 'Set context_parallel_dim: 1.',
    fixes: [{ title: 'Use no context parallelism', set: [['context_parallel_dim', 1]] }],
    verified: 'source',
    sources: [
      {
        repository: 'pytorch/torchtune',
        commit: 'bd2a0fc7c3',
        at: 'recipes/full_finetune_distributed.py:625',
        date: '2026-04-23',
      },
    ],
  },
  {
    id: 'torchtune-fp8-recipe-name-without-switch',
    frameworks: ['torchtune'],
    severity: 'warning',
    title: 'An FP8 recipe that is not switched on',
    when: {
      all: [
        { key: 'fp8_recipe_name', op: 'present' },
        { key: 'enable_fp8_training', op: 'falsy' },
      ],
    },
    message:
      'fp8_recipe_name is used with enable_fp8_training only; without it the run is not in FP8.',
    remedy: 'Set enable_fp8_training: true, in full_finetune_distributed.',
    fixes: [{ title: 'Enable FP8', set: [['enable_fp8_training', true]] }],
    verified: 'source',
    sources: [
      {
        repository: 'pytorch/torchtune',
        commit: 'bd2a0fc7c3',
        at: 'recipes/full_finetune_distributed.py:212',
        date: '2026-04-23',
      },
      {
        repository: 'pytorch/torchtune',
        commit: 'bd2a0fc7c3',
        at: 'recipes/full_finetune_distributed.py:617',
        date: '2026-04-23',
      },
    ],
  },
];
