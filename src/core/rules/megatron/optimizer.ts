import { megatronFamily, plainMegatron } from '../families.ts';
import type { Rule } from '../rule.ts';

/** Megatron-LM: the optimizer’s precision, where it lives, and how gradients are summed. */
export const megatronOptimizer: readonly Rule[] = [
  {
    id: 'megatron-cpu-offload-needs-precision-aware',
    frameworks: [...megatronFamily, 'ms-swift'],
    severity: 'error',
    title: 'Optimizer offload without the precision-aware optimizer',
    when: {
      all: [
        { key: 'optimizer_cpu_offload', op: 'truthy' },
        { key: 'use_precision_aware_optimizer', op: 'falsy' },
      ],
    },
    message:
      'Megatron offloads the optimizer only together with use-precision-aware-optimizer; the run stops at start.',
    remedy: 'Add it, with the distributed optimizer.',
    fixes: [
      {
        title: 'Use the precision-aware optimizer',
        set: [['use_precision_aware_optimizer', true]],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1886',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-cpu-offload-fp8-params-need-delayed',
    frameworks: [...megatronFamily, 'ms-swift'],
    severity: 'error',
    title: 'Optimizer offload and FP8 parameters',
    when: {
      all: [
        { key: 'optimizer_cpu_offload', op: 'truthy' },
        { key: 'fp8_param_gather', op: 'truthy' },
        { key: 'fp8_recipe', op: 'ne', value: 'delayed', default: 'delayed' },
      ],
    },
    message:
      'With the optimizer offloaded FP8 parameters are supported for delayed scaling only; the run stops at start.',
    remedy: 'Drop fp8-param-gather, or use the delayed recipe.',
    fixes: [{ title: 'Drop fp8-param-gather', set: [['fp8_param_gather', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1891',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-precision-aware-needs-distributed-optimizer',
    frameworks: plainMegatron,
    syntaxes: ['shell'],
    severity: 'error',
    title: 'Precision-aware optimizer without the distributed one',
    when: {
      all: [
        { key: 'use_precision_aware_optimizer', op: 'truthy' },
        { key: 'use_distributed_optimizer', op: 'falsy' },
        { key: 'use_megatron_fsdp', op: 'falsy' },
      ],
    },
    message:
      'use-precision-aware-optimizer works within the distributed optimizer only; the run stops at start.',
    remedy: 'Add use-distributed-optimizer.',
    fixes: [{ title: 'Use the distributed optimizer', set: [['use_distributed_optimizer', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/optimizer/__init__.py:1059',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-precision-aware-needs-adam',
    frameworks: megatronFamily,
    severity: 'error',
    title: 'Precision-aware optimizer other than Adam',
    when: {
      all: [
        { key: 'use_precision_aware_optimizer', op: 'truthy' },
        { key: 'optimizer', op: 'ne', value: 'adam', default: 'adam' },
      ],
    },
    message: 'use-precision-aware-optimizer knows Adam only; the run stops at start.',
    remedy: 'Use Adam, or keep the optimizer’s states in FP32.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/optimizer/optimizer_config.py:436',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-low-precision-states-need-precision-aware',
    frameworks: megatronFamily,
    severity: 'error',
    title: 'Optimizer states below FP32',
    when: {
      all: [
        {
          any: [
            { key: 'main_grads_dtype', op: 'ne', value: 'fp32', default: 'fp32' },
            { key: 'main_params_dtype', op: 'ne', value: 'fp32', default: 'fp32' },
            { key: 'exp_avg_dtype', op: 'ne', value: 'fp32', default: 'fp32' },
            { key: 'exp_avg_sq_dtype', op: 'ne', value: 'fp32', default: 'fp32' },
          ],
        },
        { key: 'use_precision_aware_optimizer', op: 'falsy' },
      ],
    },
    message:
      'States and gradients of another type than FP32 need use-precision-aware-optimizer; without it the run stops at start.',
    remedy: 'Add the precision-aware and the distributed optimizer.',
    fixes: [
      {
        title: 'Use the precision-aware optimizer',
        set: [['use_precision_aware_optimizer', true]],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/optimizer/optimizer_config.py:477',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp32-accumulate-vs-main-grads',
    frameworks: megatronFamily,
    severity: 'error',
    title: 'FP32 accumulation and BF16 gradients at once',
    when: {
      all: [
        { key: 'bf16', op: 'truthy' },
        { key: 'accumulate_allreduce_grads_in_fp32', op: 'truthy' },
        { key: 'main_grads_dtype', op: 'ne', value: 'fp32', default: 'fp32' },
      ],
    },
    message:
      'accumulate-allreduce-grads-in-fp32 allows FP32 main gradients only; with main-grads-dtype bf16 the run stops at start.',
    remedy: 'Keep one of the two.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1211',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-grad-reduce-in-bf16-wins',
    frameworks: megatronFamily,
    severity: 'warning',
    title: 'FP32 accumulation that does not happen',
    when: {
      all: [
        { key: 'bf16', op: 'truthy' },
        { key: 'grad_reduce_in_bf16', op: 'truthy' },
        { key: 'accumulate_allreduce_grads_in_fp32', op: 'truthy' },
      ],
    },
    message:
      'grad-reduce-in-bf16 switches accumulate-allreduce-grads-in-fp32 off again: gradients are summed and reduced in BF16.',
    remedy: 'Drop grad-reduce-in-bf16.',
    fixes: [{ title: 'Accumulate in FP32', set: [['grad_reduce_in_bf16', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1214',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp16-with-muon',
    frameworks: plainMegatron,
    severity: 'error',
    title: 'Muon or SOAP in FP16',
    when: {
      all: [
        { key: 'fp16', op: 'truthy' },
        { key: 'optimizer', op: 'in', value: ['muon', 'dist_muon', 'adaptive_muon', 'soap'] },
      ],
    },
    message: 'Megatron’s emerging optimizers take no FP16; the run stops at start.',
    remedy: 'Train in BF16.',
    fixes: [
      {
        title: 'Train in BF16',
        set: [
          ['fp16', null],
          ['bf16', true],
        ],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/optimizer/__init__.py:775',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:2914',
        date: '2026-08-22',
      },
    ],
  },
];
