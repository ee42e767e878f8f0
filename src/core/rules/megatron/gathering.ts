import { megatronFamily, plainMegatron } from '../families.ts';
import { fp4Format, fp8Format, fp8Recipe } from '../keys.ts';
import type { Rule } from '../rule.ts';

/** Megatron-LM: weights that are gathered in FP8 or FP4, and the buffers for it. */
export const megatronGathering: readonly Rule[] = [
  {
    id: 'megatron-fp8-param-gather-without-fp8',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift', 'primus'],
    severity: 'error',
    title: 'fp8-param-gather without FP8',
    when: {
      all: [
        { key: ['fp8_param_gather', 'mixed_precision.fp8_param_gather'], op: 'truthy' },
        { key: fp8Format, op: 'notIn', value: ['hybrid', 'e4m3'] },
      ],
    },
    message:
      'Parameters can be gathered in FP8 only by a run that computes in FP8; this one stops at start.',
    remedy: 'Set an FP8 format, or drop the key.',
    fixes: [{ title: 'Drop fp8-param-gather', set: [['fp8_param_gather', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:1567',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp4-param-gather-without-fp4',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift', 'primus'],
    severity: 'error',
    title: 'fp4-param-gather without FP4',
    when: {
      all: [
        { key: ['fp4_param_gather', 'mixed_precision.fp4_param_gather'], op: 'truthy' },
        { key: fp4Format, op: 'notIn', value: ['e2m1'] },
      ],
    },
    message:
      'Parameters can be gathered in FP4 only by a run that computes in FP4; this one stops at start.',
    remedy: 'Set an FP4 format, or drop the key.',
    fixes: [{ title: 'Drop fp4-param-gather', set: [['fp4_param_gather', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1105',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp8-param-gather-needs-sharded-optimizer',
    frameworks: plainMegatron,
    syntaxes: ['shell'],
    severity: 'error',
    title: 'fp8-param-gather without a sharded optimizer',
    when: {
      all: [
        { key: ['fp8_param_gather', 'mixed_precision.fp8_param_gather'], op: 'truthy' },
        { key: 'use_distributed_optimizer', op: 'falsy' },
        { key: 'use_torch_fsdp2', op: 'falsy' },
        { key: 'use_megatron_fsdp', op: 'falsy' },
      ],
    },
    message:
      'FP8 parameters are gathered only by the distributed optimizer or an FSDP; plain data parallelism stops at start.',
    remedy: 'Add the distributed optimizer.',
    fixes: [{ title: 'Use the distributed optimizer', set: [['use_distributed_optimizer', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1097',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-mxfp8-param-gather-without-overlap',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift'],
    syntaxes: ['shell'],
    severity: 'warning',
    title: 'MXFP8 parameter gather without overlap',
    when: {
      all: [
        { key: fp8Recipe, op: 'eq', value: 'mxfp8' },
        { key: ['fp8_param_gather', 'mixed_precision.fp8_param_gather'], op: 'truthy' },
        {
          key: [
            'reuse_grad_buf_for_mxfp8_param_ag',
            'mixed_precision.reuse_grad_buf_for_mxfp8_param_ag',
          ],
          op: 'truthy',
        },
        {
          key: [
            'overlap_param_gather',
            'ddp.overlap_param_gather',
            'comm_overlap.overlap_param_gather',
          ],
          op: 'falsy',
        },
      ],
    },
    message:
      'Megatron-Core before pull request 4800 (mid-2026) gave NaN in the second step for this combination on large mixtures of experts.',
    remedy: 'Overlap gradient reduce and parameter gather, or use a Megatron-Core with that fix.',
    fixes: [
      {
        title: 'Overlap the gather',
        set: [
          ['overlap_grad_reduce', true],
          ['overlap_param_gather', true],
        ],
      },
    ],
    verified: 'source',
    sources: [
      { repository: 'NVIDIA/Megatron-LM', at: '#2272' },
      { repository: 'NVIDIA-NeMo/Megatron-Bridge', at: '#3801' },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/optimizer/optimizer.py:1682',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-mxfp8-extra-weight-copies',
    frameworks: [...megatronFamily, 'ms-swift'],
    syntaxes: ['shell'],
    severity: 'information',
    title: 'MXFP8 keeps extra copies of the weights',
    when: {
      all: [
        { key: 'fp8_format', op: 'in', value: ['hybrid', 'e4m3'] },
        { key: 'fp8_recipe', op: 'eq', value: 'mxfp8' },
        {
          not: {
            all: [
              { key: 'fp8_param_gather', op: 'truthy' },
              { key: 'reuse_grad_buf_for_mxfp8_param_ag', op: 'truthy' },
            ],
          },
        },
        { key: 'use_megatron_fsdp', op: 'falsy' },
      ],
    },
    message:
      'Without fp8-param-gather and the reused gradient buffer each weight is held in BF16 and twice in MXFP8; Megatron itself warns of the memory.',
    remedy: 'Add fp8-param-gather, reuse-grad-buf-for-mxfp8-param-ag and overlap-param-gather.',
    yieldsTo: [
      'te-mxfp8-needs-sm100',
      'te-mxfp8-not-on-sm120',
      'megatron-reuse-grad-buf-needs-param-gather',
    ],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/optimizer/optimizer_config.py:421',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-reuse-grad-buf-needs-param-gather',
    frameworks: [...megatronFamily, 'ms-swift'],
    syntaxes: ['shell'],
    severity: 'error',
    title: 'Reused gradient buffer without FP8 parameters',
    when: {
      all: [
        { key: 'reuse_grad_buf_for_mxfp8_param_ag', op: 'truthy' },
        { key: 'fp8_param_gather', op: 'falsy' },
        { key: 'use_megatron_fsdp', op: 'falsy' },
      ],
    },
    message:
      'The gradient buffer can be reused only where parameters are kept in MXFP8; without fp8-param-gather the run stops at start.',
    remedy: 'Add fp8-param-gather.',
    fixes: [{ title: 'Gather parameters in FP8', set: [['fp8_param_gather', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/distributed/distributed_data_parallel_config.py:260',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-reuse-grad-buf-with-optimizer-step-overlap',
    frameworks: [...megatronFamily, 'megatron-bridge'],
    severity: 'error',
    title: 'Reused gradient buffer and overlapped optimizer step',
    when: {
      all: [
        {
          key: [
            'reuse_grad_buf_for_mxfp8_param_ag',
            'mixed_precision.reuse_grad_buf_for_mxfp8_param_ag',
          ],
          op: 'truthy',
        },
        {
          key: [
            'overlap_param_gather_with_optimizer_step',
            'optimizer.overlap_param_gather_with_optimizer_step',
            'comm_overlap.overlap_param_gather_with_optimizer_step',
          ],
          op: 'truthy',
        },
      ],
    },
    message:
      'The two cannot be combined: Megatron stops at start, and older versions gave NaN gradient norms.',
    remedy: 'Drop overlap-param-gather-with-optimizer-step.',
    fixes: [
      {
        title: 'Drop the overlapped step',
        set: [['overlap_param_gather_with_optimizer_step', null]],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/optimizer/optimizer_config.py:429',
        date: '2026-08-22',
      },
      { repository: 'NVIDIA-NeMo/Megatron-Bridge', at: '#2014' },
      { repository: 'NVIDIA-NeMo/Megatron-Bridge', at: '#1771' },
    ],
  },
  {
    id: 'megatron-fsdp-resets-reuse-grad-buf',
    frameworks: megatronFamily,
    severity: 'information',
    title: 'A key that Megatron-FSDP resets',
    when: {
      all: [
        { key: 'use_megatron_fsdp', op: 'truthy' },
        { key: 'reuse_grad_buf_for_mxfp8_param_ag', op: 'truthy' },
      ],
    },
    message: 'Megatron-FSDP sets reuse-grad-buf-for-mxfp8-param-ag back to off.',
    remedy: 'Drop the key.',
    fixes: [{ title: 'Drop the key', set: [['reuse_grad_buf_for_mxfp8_param_ag', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1137',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-torch-fsdp2-drops-fp8-param-gather',
    frameworks: megatronFamily,
    severity: 'warning',
    title: 'Torch FSDP2 gathers in BF16',
    when: {
      all: [
        { key: 'use_torch_fsdp2', op: 'truthy' },
        { key: 'fp8_param_gather', op: 'truthy' },
      ],
    },
    message:
      'With torch FSDP2 and Transformer Engine 2 parameters are gathered in BF16 whatever fp8-param-gather says: the saved traffic is not there.',
    remedy: 'Use Megatron-FSDP or the distributed optimizer, or drop the key.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1054',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-torch-fsdp2-fp16',
    frameworks: plainMegatron,
    severity: 'error',
    title: 'Torch FSDP2 with FP16',
    when: {
      all: [
        { key: 'use_torch_fsdp2', op: 'truthy' },
        { key: 'fp16', op: 'truthy' },
      ],
    },
    message: 'Megatron’s torch FSDP2 takes no FP16; the run stops at start.',
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
        at: 'megatron/training/arguments.py:1047',
        date: '2026-08-22',
      },
    ],
  },
];
