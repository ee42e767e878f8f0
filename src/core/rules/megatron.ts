import { fp4Format, fp8Format, fp8Recipe } from './keys.ts';
import { megatronFamily, plainMegatron } from './families.ts';
import type { Rule } from './rule.ts';

/** Rules of Megatron-LM’s flags. */
export const megatronRules: readonly Rule[] = [
  {
    id: 'megatron-fp8-mha-only-delayed',
    frameworks: ['megatron-bridge', 'nemo-rl', ...megatronFamily],
    severity: 'warning',
    title: 'fp8_multi_head_attention needs delayed scaling',
    when: {
      all: [
        {
          key: ['mixed_precision.fp8_multi_head_attention', 'fp8_multi_head_attention'],
          op: 'truthy',
        },
        { key: fp8Recipe, op: 'ne', value: 'delayed', default: 'tensorwise' },
      ],
    },
    message:
      'Only the delayed recipe hands this key on; with tensorwise, blockwise or mxfp8 it does nothing.',
    remedy: 'Use the delayed recipe, or drop the key.',
    yieldsTo: ['te-fp8-dpa-inert-with-blockwise'],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/extensions/transformer_engine.py:3351',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:779',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp16-and-bf16',
    frameworks: [...plainMegatron, 'primus'],
    severity: 'error',
    title: 'fp16 and bf16 at once',
    when: {
      all: [
        { key: 'fp16', op: 'truthy' },
        { key: 'bf16', op: 'truthy' },
      ],
    },
    message: 'Megatron stops at start when both are set, with a bare assertion that names neither.',
    remedy: 'Keep bf16.',
    fixes: [{ title: 'Keep BF16', set: [['fp16', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1196',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp8-and-fp4',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift', 'primus'],
    severity: 'error',
    title: 'FP8 and FP4 at once',
    when: {
      all: [
        { key: fp8Format, op: 'in', value: ['hybrid', 'e4m3'] },
        { key: fp4Format, op: 'in', value: ['e2m1'] },
      ],
    },
    message: 'Megatron refuses an FP8 and an FP4 format together: these keys know no mixed recipe.',
    remedy: 'Keep one of the two.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1101',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:108',
        date: '2026-08-22',
      },
    ],
  },
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
    id: 'megatron-first-last-bf16-with-delayed',
    frameworks: [...megatronFamily, 'ms-swift', 'megatron-bridge', 'primus'],
    severity: 'error',
    title: 'First and last layers in BF16 with delayed scaling',
    when: {
      all: [
        { key: 'first_last_layers_bf16', op: 'truthy' },
        { key: ['fp8_format', 'fp8'], op: 'in', value: ['hybrid', 'e4m3'] },
        { key: 'fp8_recipe', op: 'eq', value: 'delayed', default: 'delayed' },
      ],
    },
    message:
      'The delayed recipe, Megatron’s default, cannot leave layers out: first-last-layers-bf16 stops the run at start.',
    remedy: 'Use tensorwise, blockwise or mxfp8.',
    fixes: [{ title: 'Scale per tensor, without delay', set: [[fp8Recipe, 'tensorwise']] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:1530',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-bf16-layer-counts-without-switch',
    frameworks: [...megatronFamily, 'ms-swift', 'megatron-bridge', 'primus'],
    severity: 'warning',
    title: 'Layers to keep in BF16 that are not kept',
    when: {
      all: [
        {
          any: [
            {
              key: ['num_layers_at_start_in_bf16', 'mixed_precision.num_layers_at_start_in_bf16'],
              op: 'gt',
              value: 1,
            },
            {
              key: ['num_layers_at_end_in_bf16', 'mixed_precision.num_layers_at_end_in_bf16'],
              op: 'gt',
              value: 1,
            },
          ],
        },
        { key: ['first_last_layers_bf16', 'mixed_precision.first_last_layers_bf16'], op: 'falsy' },
      ],
    },
    message:
      'The counts of first and last layers are read only with first-last-layers-bf16: without it these layers run in low precision too.',
    remedy: 'Add first-last-layers-bf16.',
    fixes: [{ title: 'Keep those layers in BF16', set: [['first_last_layers_bf16', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:714',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-bf16-layer-count-exceeds-stage',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift'],
    syntaxes: ['shell'],
    severity: 'error',
    title: 'More BF16 layers than a pipeline stage has',
    when: {
      all: [
        { key: 'first_last_layers_bf16', op: 'truthy' },
        { key: 'fp8_format', op: 'in', value: ['hybrid', 'e4m3'] },
        {
          any: [
            {
              key: 'num_layers_at_start_in_bf16',
              ratio: ['num_layers', 'pipeline_model_parallel_size'],
              op: 'gt',
            },
            {
              key: 'num_layers_at_end_in_bf16',
              ratio: ['num_layers', 'pipeline_model_parallel_size'],
              op: 'gt',
            },
          ],
        },
      ],
    },
    message:
      'The layers to keep in BF16 must fit into the first or the last pipeline stage; this count is larger and stops the run at start.',
    remedy: 'Lower the count, or the number of pipeline stages.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:1545',
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
    id: 'megatron-fp8-keys-without-format',
    frameworks: [...megatronFamily, 'ms-swift', 'primus'],
    syntaxes: ['shell'],
    severity: 'warning',
    title: 'FP8 keys without an FP8 format',
    when: {
      all: [
        {
          any: [
            { key: 'fp8_recipe', op: 'present' },
            { key: 'fp8_margin', op: 'present' },
            { key: 'fp8_amax_history_len', op: 'present' },
            { key: 'fp8_amax_compute_algo', op: 'present' },
            { key: 'first_last_layers_bf16', op: 'truthy' },
          ],
        },
        { key: ['fp8_format', 'fp8'], op: 'absent' },
        { key: ['fp4_format', 'fp4'], op: 'absent' },
      ],
    },
    message:
      'Nothing runs in FP8 until an FP8 (or FP4) format is set: these keys do nothing and the run is plain BF16.',
    remedy: 'Set an FP8 format: e4m3 for mxfp8 and blockwise, hybrid for the others.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:848',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-delayed-keys-with-other-recipe',
    frameworks: [...megatronFamily, 'ms-swift', 'megatron-bridge', 'primus'],
    severity: 'information',
    title: 'Keys of delayed scaling with another recipe',
    when: {
      all: [
        {
          any: [
            { key: 'fp8_margin', op: 'present' },
            { key: 'fp8_amax_history_len', op: 'present' },
            { key: 'fp8_amax_compute_algo', op: 'present' },
          ],
        },
        { key: 'fp8_recipe', op: 'in', value: ['tensorwise', 'blockwise', 'mxfp8'] },
      ],
    },
    message:
      'Margin and amax history belong to delayed scaling; the chosen recipe is built without them.',
    remedy: 'Drop the keys, or use the delayed recipe.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/extensions/transformer_engine.py:3361',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:778',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-delayed-history-of-one',
    frameworks: [...megatronFamily, 'ms-swift'],
    severity: 'information',
    title: 'Delayed scaling with a history of one',
    when: {
      all: [
        { key: 'fp8_format', op: 'in', value: ['hybrid', 'e4m3'] },
        { key: 'fp8_recipe', op: 'eq', value: 'delayed', default: 'delayed' },
        { key: 'fp8_amax_history_len', op: 'absent' },
      ],
    },
    message:
      'Megatron’s default history is one step, so each scale is the last step’s maximum; Transformer Engine’s own default is 1024 steps and their maximum.',
    remedy:
      'Set fp8-amax-history-len 1024 and fp8-amax-compute-algo max, or use tensorwise scaling.',
    fixes: [
      {
        title: 'Scale by the last 1024 steps',
        set: [
          ['fp8_amax_history_len', 1024],
          ['fp8_amax_compute_algo', 'max'],
        ],
      },
    ],
    yieldsTo: [
      'te-fp8-needs-cc-8-9',
      'megatron-fp8-and-fp4',
      'megatron-first-last-bf16-with-delayed',
      'megatron-delayed-recompute-moe-act',
    ],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:229',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:621',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/common/recipe/__init__.py:255',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp8-interval-ignored',
    frameworks: [...megatronFamily, 'ms-swift', 'accelerate'],
    severity: 'information',
    title: 'fp8-interval is ignored',
    when: {
      all: [{ key: ['fp8_interval', 'fp8_config.interval'], op: 'ne', value: 1, default: 1 }],
    },
    message: 'Transformer Engine has ignored the interval since 1.8.',
    remedy: 'Drop the key.',
    fixes: [{ title: 'Drop the key', set: [[['fp8_interval', 'fp8_config.interval'], null]] }],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/extensions/transformer_engine.py:3355',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-local-impl-has-no-fp8',
    frameworks: [...megatronFamily, 'ms-swift'],
    syntaxes: ['shell'],
    severity: 'warning',
    title: 'The local implementation has no FP8',
    when: {
      all: [
        { key: 'transformer_impl', op: 'eq', value: 'local' },
        {
          any: [
            { key: 'fp8_format', op: 'in', value: ['hybrid', 'e4m3'] },
            { key: 'fp4_format', op: 'eq', value: 'e2m1' },
          ],
        },
      ],
    },
    message:
      'FP8 acts on Transformer Engine’s layers only; with transformer-impl local the products stay in BF16, and nothing says so.',
    remedy: 'Use transformer-impl transformer_engine.',
    fixes: [{ title: 'Use Transformer Engine', set: [['transformer_impl', 'transformer_engine']] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/models/gpt/gpt_layer_specs.py:352',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:864',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp8-without-bf16',
    frameworks: plainMegatron,
    syntaxes: ['shell'],
    severity: 'warning',
    title: 'FP8 in an FP32 run',
    when: {
      all: [
        { key: 'fp8_format', op: 'in', value: ['hybrid', 'e4m3'] },
        { key: 'bf16', op: 'falsy' },
        { key: 'fp16', op: 'falsy' },
      ],
    },
    message:
      'Without bf16 everything around the FP8 products, activations and communication too, runs in FP32, which is slow.',
    remedy: 'Add bf16.',
    fixes: [{ title: 'Train around FP8 in BF16', set: [['bf16', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1194',
        date: '2026-08-22',
      },
      { repository: 'NVIDIA/Megatron-LM', at: '#883' },
    ],
  },
  {
    id: 'megatron-delayed-recompute-moe-act',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift'],
    severity: 'error',
    title: 'Recomputing activations under delayed scaling',
    when: {
      all: [
        {
          any: [
            { key: 'recompute_modules', op: 'contains', value: 'moe_act' },
            { key: 'recompute_modules', op: 'contains', value: 'layernorm' },
          ],
        },
        { key: 'fp8_format', op: 'in', value: ['hybrid', 'e4m3'] },
        { key: 'fp8_recipe', op: 'eq', value: 'delayed', default: 'delayed' },
      ],
    },
    message: 'Delayed scaling cannot recompute moe_act or layernorm; the run stops at start.',
    remedy: 'Use another FP8 recipe, or drop the two modules.',
    fixes: [{ title: 'Scale per tensor, without delay', set: [[fp8Recipe, 'tensorwise']] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:2004',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-router-padding-needs-fp8',
    frameworks: [...megatronFamily, 'ms-swift', 'megatron-bridge'],
    syntaxes: ['shell'],
    severity: 'error',
    title: 'Router padding for a format that is not there',
    when: {
      all: [
        {
          key: ['moe_router_padding_for_quantization', 'moe_router_padding_for_fp8'],
          op: 'truthy',
        },
        { key: ['fp8_format', 'fp8'], op: 'absent' },
        { key: ['fp4_format', 'fp4'], op: 'absent' },
      ],
    },
    message:
      'Padding the router for quantisation needs an FP8 or FP4 format; a BF16 run stops at start.',
    remedy: 'Drop the key in BF16 runs.',
    fixes: [
      {
        title: 'Drop the padding',
        set: [[['moe_router_padding_for_quantization', 'moe_router_padding_for_fp8'], null]],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:2652',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-router-padding-dispatcher',
    frameworks: [...megatronFamily, 'ms-swift', 'megatron-bridge'],
    syntaxes: ['shell'],
    severity: 'error',
    title: 'Router padding with a dispatcher that has none',
    when: {
      all: [
        {
          key: ['moe_router_padding_for_quantization', 'moe_router_padding_for_fp8'],
          op: 'truthy',
        },
        {
          key: 'moe_token_dispatcher_type',
          op: 'in',
          value: ['allgather', 'alltoall_seq'],
          default: 'allgather',
        },
      ],
    },
    message:
      'The allgather and alltoall_seq dispatchers do not pad for quantisation; the run stops at start. allgather is Megatron’s default.',
    remedy: 'Use the alltoall or flex dispatcher.',
    fixes: [
      { title: 'Use the alltoall dispatcher', set: [['moe_token_dispatcher_type', 'alltoall']] },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:2657',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp8-output-proj-needs-mxfp8',
    frameworks: megatronFamily,
    severity: 'error',
    title: 'FP8 output layer without MXFP8',
    when: {
      all: [
        { key: 'fp8_output_proj', op: 'truthy' },
        {
          any: [
            { key: 'fp8_format', op: 'absent' },
            { key: 'fp8_recipe', op: 'ne', value: 'mxfp8', default: 'delayed' },
          ],
        },
      ],
    },
    message:
      'The output layer runs in FP8 with the mxfp8 recipe only; anything else stops at start.',
    remedy: 'Use mxfp8 with e4m3, or keep the output layer in BF16.',
    fixes: [{ title: 'Keep the output layer in BF16', set: [['fp8_output_proj', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:1574',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-custom-recipe-needs-factory',
    frameworks: megatronFamily,
    severity: 'error',
    title: 'A custom FP8 recipe without its factory',
    when: {
      all: [
        { key: 'fp8_recipe', op: 'eq', value: 'custom' },
        { key: 'fp8_quantizer_factory', op: 'absent' },
        { key: 'fp8_format', op: 'present' },
      ],
    },
    message: 'fp8-recipe custom needs fp8-quantizer-factory; without it the run stops at start.',
    remedy: 'Name the factory.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:1561',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-moe-single-grouped-weight-recipe',
    frameworks: megatronFamily,
    severity: 'error',
    title: 'Grouped expert weights with this FP8 recipe',
    when: {
      all: [
        { key: 'moe_single_grouped_weight', op: 'truthy' },
        { key: 'fp8_format', op: 'in', value: ['hybrid', 'e4m3'] },
        { key: 'fp8_recipe', op: 'ne', value: 'mxfp8', default: 'delayed' },
      ],
    },
    message:
      'One grouped weight for all experts is accepted in BF16, MXFP8 and NVFP4 only; the run stops at start.',
    remedy: 'Use mxfp8, or drop the key.',
    fixes: [
      { title: 'Drop moe-single-grouped-weight', set: [['moe_single_grouped_weight', null]] },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:1723',
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
  {
    id: 'megatron-fp16-cross-entropy-without-fp16',
    frameworks: [...plainMegatron, 'gpt-neox'],
    severity: 'error',
    title: 'FP16 cross entropy outside FP16',
    when: {
      all: [
        { key: 'fp16_lm_cross_entropy', op: 'truthy' },
        { key: ['fp16', 'fp16.enabled'], op: 'falsy' },
        { key: 'precision', op: 'ne', value: 'fp16' },
      ],
    },
    message: 'fp16-lm-cross-entropy works in FP16 runs only; this one stops at start.',
    remedy: 'Drop the key.',
    fixes: [{ title: 'Drop the key', set: [['fp16_lm_cross_entropy', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1373',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp32-residual-needs-half',
    frameworks: plainMegatron,
    syntaxes: ['shell'],
    severity: 'error',
    title: 'FP32 residuals in an FP32 run',
    when: {
      all: [
        { key: 'fp32_residual_connection', op: 'truthy' },
        { key: 'bf16', op: 'falsy' },
        { key: 'fp16', op: 'falsy' },
      ],
    },
    message: 'fp32-residual-connection is accepted with bf16 or fp16 only; the run stops at start.',
    remedy: 'Add bf16.',
    fixes: [{ title: 'Train in BF16', set: [['bf16', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1376',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-train-iters-and-samples',
    frameworks: [...plainMegatron, 'primus'],
    severity: 'error',
    title: 'Iterations and samples at once',
    when: {
      all: [
        { key: 'train_iters', op: 'gt', value: 0 },
        { key: 'train_samples', op: 'gt', value: 0 },
      ],
    },
    message:
      'Megatron takes the duration in iterations or in samples; with both it stops at start.',
    remedy: 'Keep one: tokens are samples times the sequence length.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1280',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-decay-unit-differs',
    frameworks: plainMegatron,
    severity: 'error',
    title: 'Duration and schedule in different units',
    when: {
      any: [
        {
          all: [
            { key: 'train_samples', op: 'gt', value: 0 },
            {
              any: [
                { key: 'lr_decay_iters', op: 'gt', value: 0 },
                { key: 'lr_warmup_iters', op: 'gt', value: 0 },
              ],
            },
          ],
        },
        {
          all: [
            // With both durations, a conflict of its own, samples are the one to keep in step with.
            { key: 'train_samples', op: 'le', value: 0, default: 0 },
            { key: 'train_iters', op: 'gt', value: 0 },
            {
              any: [
                { key: 'lr_decay_samples', op: 'gt', value: 0 },
                { key: 'lr_warmup_samples', op: 'gt', value: 0 },
              ],
            },
          ],
        },
      ],
    },
    message:
      'The learning rate’s decay and warm-up must count what the duration counts, iterations or samples; mixed, the run stops at start.',
    remedy: 'Give duration, decay and warm-up in one unit.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1296',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1284',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-global-batch-not-multiple',
    frameworks: [...plainMegatron, 'ms-swift', 'primus', 'megatron-bridge'],
    severity: 'error',
    title: 'A global batch that the micro-batch does not divide',
    when: {
      all: [
        {
          key: ['global_batch_size', 'train.global_batch_size'],
          key2: ['micro_batch_size', 'train.micro_batch_size'],
          op: 'notMultipleOf',
        },
      ],
    },
    message:
      'The global batch must be a multiple of micro-batch times data-parallel size, whatever the number of GPUs; the run stops at start.',
    remedy: 'Round the global batch to a multiple of micro-batch times data-parallel size.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/num_microbatches_calculator.py:382',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-step-batch-schedule-and-global-batch',
    frameworks: plainMegatron,
    severity: 'error',
    title: 'A batch schedule and a fixed batch at once',
    when: {
      all: [
        { key: 'step_batch_size_schedule', op: 'present' },
        { key: 'global_batch_size', op: 'present' },
      ],
    },
    message:
      'step-batch-size-schedule and global-batch-size exclude each other; the run stops at start.',
    remedy: 'Drop global-batch-size.',
    fixes: [{ title: 'Follow the schedule', set: [['global_batch_size', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:700',
        date: '2026-08-22',
      },
    ],
  },
];
