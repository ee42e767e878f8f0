import type { Rule } from './rule.ts';

/** Rules of GPT-NeoX. */
export const gptNeoxRules: readonly Rule[] = [
  {
    id: 'neox-te-fp8-keys-inert',
    frameworks: ['gpt-neox'],
    severity: 'warning',
    title: 'FP8 keys that GPT-NeoX does not use',
    when: {
      all: [
        {
          any: [
            { key: 'te_fp8_format', op: 'present' },
            { key: 'te_fp8_wgrad', op: 'present' },
            { key: 'te_fp8_amax_history_len', op: 'present' },
            { key: 'te_fp8_amax_compute_algo', op: 'present' },
            { key: 'te_fp8_margin', op: 'present' },
          ],
        },
        { key: 'te_fp8_mha', op: 'falsy' },
      ],
    },
    message:
      'FP8 is entered with te_fp8_mha only; without it these keys do nothing and the run is BF16.',
    remedy: 'Drop the keys: te_fp8_mha itself fails in the current source.',
    verified: 'run',
    sources: [
      {
        repository: 'EleutherAI/gpt-neox',
        commit: 'ea7aefd8f8',
        at: 'megatron/model/transformer.py:1052',
        date: '2026-05-19',
      },
    ],
  },
  {
    id: 'neox-te-fp8-mha-crashes',
    frameworks: ['gpt-neox'],
    severity: 'error',
    title: 'te_fp8_mha cannot start',
    when: { all: [{ key: 'te_fp8_mha', op: 'truthy' }] },
    message:
      'The current source reads two names that do not exist when te_fp8_mha is on: the first step fails.',
    remedy: 'Set te_fp8_mha: false.',
    fixes: [{ title: 'Switch it off', set: [['te_fp8_mha', false]] }],
    verified: 'source',
    sources: [
      {
        repository: 'EleutherAI/gpt-neox',
        commit: 'ea7aefd8f8',
        at: 'megatron/model/transformer_engine.py:654',
        date: '2026-05-19',
      },
      {
        repository: 'EleutherAI/gpt-neox',
        commit: 'ea7aefd8f8',
        at: 'megatron/model/transformer_engine.py:655',
        date: '2026-05-19',
      },
      {
        repository: 'EleutherAI/gpt-neox',
        commit: 'ea7aefd8f8',
        at: 'megatron/model/transformer.py:1056',
        date: '2026-05-19',
      },
    ],
  },
  {
    id: 'neox-precision-conflict',
    frameworks: ['gpt-neox'],
    severity: 'error',
    title: 'precision against a DeepSpeed section',
    when: {
      any: [
        {
          all: [
            { key: 'fp16.enabled', op: 'eq', value: true },
            { key: 'precision', op: 'present' },
            { key: 'precision', op: 'ne', value: 'fp16' },
          ],
        },
        {
          all: [
            { key: 'bf16.enabled', op: 'eq', value: true },
            { key: 'precision', op: 'present' },
            { key: 'precision', op: 'ne', value: 'bfloat16' },
          ],
        },
      ],
    },
    message: 'precision names one format and an enabled section another; the run stops at start.',
    remedy: 'Delete precision, or the section.',
    verified: 'run',
    sources: [
      {
        repository: 'EleutherAI/gpt-neox',
        commit: 'ea7aefd8f8',
        at: 'megatron/neox_arguments/arguments.py:971',
        date: '2026-05-19',
      },
    ],
  },
  {
    id: 'neox-fp16-type-bfloat16',
    frameworks: ['gpt-neox'],
    severity: 'warning',
    title: 'BF16 asked for the old way',
    when: {
      all: [
        { key: 'fp16.enabled', op: 'eq', value: true },
        { key: 'fp16.type', op: 'in', value: ['bfloat16', 'bf16'] },
      ],
    },
    message: 'fp16.enabled makes this an FP16 run: type: bfloat16 is not looked at any more.',
    remedy: 'Use precision: bfloat16 without an fp16 section, and a zero_optimization section.',
    verified: 'run',
    sources: [
      {
        repository: 'EleutherAI/gpt-neox',
        commit: 'ea7aefd8f8',
        at: 'megatron/neox_arguments/arguments.py:969',
        date: '2026-05-19',
      },
    ],
  },
  {
    id: 'neox-bf16-zero-pipeline',
    frameworks: ['gpt-neox'],
    severity: 'warning',
    title: 'BF16, ZeRO and pipelines without FP32 gradients',
    when: {
      all: [
        {
          any: [
            { key: 'precision', op: 'eq', value: 'bfloat16' },
            { key: 'bf16.enabled', op: 'eq', value: true },
          ],
        },
        { key: 'zero_optimization.stage', op: 'gt', value: 0 },
        { key: 'pipe_parallel_size', op: 'gt', value: 0 },
        { key: 'data_types.grad_accum_dtype', op: 'ne', value: 'fp32' },
      ],
    },
    message: 'GPT-NeoX warns that this combination breaks without FP32 gradient accumulation.',
    remedy: 'Set data_types.grad_accum_dtype: fp32.',
    fixes: [
      {
        title: 'Accumulate in FP32',
        set: [[['data_types.grad_accum_dtype', 'data-types.grad_accum_dtype'], 'fp32']],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'EleutherAI/gpt-neox',
        commit: 'ea7aefd8f8',
        at: 'megatron/neox_arguments/arguments.py:1008',
        date: '2026-05-19',
      },
      { repository: 'deepspeedai/DeepSpeed', at: '#1835' },
    ],
  },
  {
    id: 'neox-bfloat16-without-zero-optimization',
    frameworks: ['gpt-neox'],
    severity: 'warning',
    title: 'BF16 without a zero_optimization section',
    when: {
      all: [
        { key: 'precision', op: 'eq', value: 'bfloat16' },
        { key: 'zero_optimization.*', op: 'absent' },
        { key: 'zero_optimization', op: 'absent' },
      ],
    },
    message:
      'GPT-NeoX’s BF16 path reads zero_optimization before its default is filled in: without the section, in any of the files given, the run fails at start.',
    remedy: 'Add zero_optimization with stage 0 or 1.',
    fixes: [{ title: 'Add the section', set: [['zero_optimization.stage', 0]] }],
    verified: 'run',
    sources: [
      {
        repository: 'EleutherAI/gpt-neox',
        commit: 'ea7aefd8f8',
        at: 'megatron/neox_arguments/arguments.py:999',
        date: '2026-05-19',
      },
    ],
  },
];
