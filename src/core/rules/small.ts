import type { Rule } from './rule.ts';

/** Rules of frameworks with a rule or two. */
export const smallRules: readonly Rule[] = [
  {
    id: 'lingua-float8-recipe-name',
    frameworks: ['lingua'],
    severity: 'error',
    title: 'An unknown float8 recipe',
    when: {
      all: [
        { key: 'distributed.float8_recipe', op: 'present' },
        { key: 'distributed.float8_recipe', op: 'ne', value: 'rowwise' },
        { key: 'distributed.float8_recipe', op: 'present' },
      ],
    },
    message: 'lingua knows rowwise only; the run stops at start.',
    remedy: 'Use float8_recipe: rowwise.',
    fixes: [{ title: 'Use rowwise', set: [['distributed.float8_recipe', 'rowwise']] }],
    verified: 'source',
    sources: [
      {
        repository: 'facebookresearch/lingua',
        commit: '437d680e52',
        at: 'lingua/float8.py:152',
        date: '2025-06-18',
      },
    ],
  },
  {
    id: 'nanotron-no-fp32-accumulation',
    frameworks: ['nanotron'],
    severity: 'warning',
    title: 'No FP32 copy of the weights',
    when: {
      all: [
        { key: 'optimizer.accumulate_grad_in_fp32', op: 'eq', value: false },
        { key: 'model.dtype', op: 'in', value: ['bfloat16', 'float16'] },
      ],
    },
    message:
      'The FP32 accumulator also holds the master weights; without it Adam updates the 16-bit parameters, and small updates round to nothing.',
    remedy: 'Set accumulate_grad_in_fp32: true.',
    fixes: [{ title: 'Accumulate in FP32', set: [['optimizer.accumulate_grad_in_fp32', true]] }],
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/nanotron',
        commit: '2411b022a7',
        at: 'src/nanotron/helpers.py:390',
        date: '2026-04-07',
      },
    ],
  },
  {
    id: 'levanter-mp-default-and-half',
    frameworks: ['levanter'],
    severity: 'warning',
    title: 'Parameters in the half format',
    when: {
      all: [{ key: 'trainer.mp', op: 'in', value: ['bfloat16', 'float16', 'half', 'bf16'] }],
    },
    message:
      'A bare format is used for parameters, compute and output alike: there is no FP32 copy, and small updates round to nothing.',
    remedy: 'Write p=f32,c=bfloat16.',
    fixes: [{ title: 'Keep FP32 parameters', set: [['trainer.mp', 'p=f32,c=bfloat16']] }],
    verified: 'source',
    sources: [
      {
        repository: 'stanford-crfm/levanter',
        commit: '9263f81e8b',
        at: 'docs/Fine-Tuning.md:233',
        date: '2025-09-26',
      },
      {
        repository: 'stanford-crfm/levanter',
        commit: '9263f81e8b',
        at: 'src/levanter/trainer.py:647',
        date: '2025-09-26',
      },
    ],
  },
  {
    id: 'verl-fp16-needs-mbridge',
    frameworks: ['verl'],
    severity: 'error',
    title: 'FP16 without mbridge',
    when: {
      all: [
        {
          key: ['actor_rollout_ref.actor.megatron.dtype', 'megatron.dtype'],
          op: 'in',
          value: ['float16', 'fp16'],
        },
        {
          key: ['actor_rollout_ref.actor.megatron.use_mbridge', 'megatron.use_mbridge'],
          op: 'eq',
          value: false,
        },
      ],
    },
    message: 'verl’s Megatron actor takes float16 with use_mbridge only; the run stops at start.',
    remedy: 'Set use_mbridge: true, or dtype: bfloat16.',
    fixes: [
      { title: 'Train in BF16', set: [['actor_rollout_ref.actor.megatron.dtype', 'bfloat16']] },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'volcengine/verl',
        commit: 'b178a3cd56',
        at: 'verl/workers/megatron_workers.py:180',
        date: '2026-01-29',
      },
    ],
  },
];
