import { megatronFamily, plainMegatron } from '../families.ts';
import { fp4Format, fp8Format, fp8Recipe } from '../keys.ts';
import type { Rule } from '../rule.ts';

/** Transformer Engine: recipes, dimensions and switches. */
export const transformerEngineRecipes: readonly Rule[] = [
  {
    id: 'te-nvfp4-needs-bf16-inputs',
    frameworks: [...plainMegatron, 'megatron-bridge', 'ms-swift'],
    syntaxes: ['shell'],
    severity: 'error',
    title: 'NVFP4 without BF16',
    when: {
      all: [
        { key: fp4Format, op: 'eq', value: 'e2m1' },
        { key: 'bf16', op: 'falsy' },
        { key: 'NVTE_NVFP4_DISABLE_RHT', op: 'ne', value: 1 },
      ],
    },
    message:
      'The Hadamard transform of NVFP4’s weight gradients takes BF16 only; without bf16 (or with fp16) the first backward pass fails.',
    remedy: 'Set bf16 and drop fp16.',
    fixes: [
      {
        title: 'Train around NVFP4 in BF16',
        set: [
          ['fp16', null],
          ['bf16', true],
        ],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/csrc/quantizer.cpp:2632',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1194',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'te-fp8-dpa-inert-with-blockwise',
    frameworks: ['megatron-bridge', 'nemo-rl', ...megatronFamily],
    severity: 'warning',
    title: 'FP8 attention does nothing with blockwise scaling',
    when: {
      all: [
        {
          any: [
            {
              key: ['mixed_precision.fp8_dot_product_attention', 'fp8_dot_product_attention'],
              op: 'truthy',
            },
            {
              key: ['mixed_precision.fp8_multi_head_attention', 'fp8_multi_head_attention'],
              op: 'truthy',
            },
          ],
        },
        { key: fp8Recipe, op: 'eq', value: 'blockwise' },
      ],
    },
    message:
      'The blockwise recipe is built without the attention switch: attention runs in BF16, and nothing says so.',
    remedy: 'Drop the switch, or use the delayed recipe.',
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:782',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/common/recipe/__init__.py:462',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'te-fp8-dims-not-multiple-of-16',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift'],
    syntaxes: ['shell'],
    severity: 'error',
    title: 'A layer width that FP8 cannot multiply',
    when: {
      all: [
        { key: fp8Format, op: 'in', value: ['hybrid', 'e4m3'] },
        { key: fp8Recipe, op: 'in', value: ['delayed', 'tensorwise'], default: 'delayed' },
        {
          any: [
            { key: 'hidden_size', op: 'notMultipleOf', value: 16 },
            {
              key: 'ffn_hidden_size',
              op: 'notMultipleOf',
              value: 16,
              dividedBy: 'tensor_model_parallel_size',
            },
          ],
        },
      ],
    },
    message:
      'FP8 products need widths that are multiples of 16, after tensor parallelism too; the first step fails on this shape.',
    remedy:
      'Round the width, or change the tensor-parallel size, until each shard is a multiple of 16.',
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/utils.py:621',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'te-mxfp8-dims-not-multiple-of-32',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift', 'primus'],
    syntaxes: ['shell'],
    severity: 'error',
    title: 'A layer width that MXFP8 cannot multiply',
    when: {
      all: [
        { key: fp8Format, op: 'in', value: ['hybrid', 'e4m3'] },
        { key: fp8Recipe, op: 'eq', value: 'mxfp8' },
        {
          any: [
            { key: 'hidden_size', op: 'notMultipleOf', value: 32 },
            {
              key: 'ffn_hidden_size',
              op: 'notMultipleOf',
              value: 32,
              dividedBy: 'tensor_model_parallel_size',
            },
          ],
        },
      ],
    },
    message:
      'MXFP8 needs widths that are multiples of 32 after tensor parallelism (128 on ROCm); the first step fails on this shape.',
    remedy:
      'Choose widths and tensor-parallel size so that each shard is a multiple of 32 (128 on ROCm).',
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/csrc/quantizer.cpp:1515',
        date: '2026-08-22',
      },
      { repository: 'ROCm/Megatron-LM', at: '#130' },
      { repository: 'NVIDIA/TransformerEngine', at: '#2966' },
    ],
  },
  {
    id: 'te-mxfp8-tp-comm-overlap-needs-128',
    frameworks: [...plainMegatron, 'megatron-bridge'],
    syntaxes: ['shell'],
    severity: 'error',
    title: 'Communication overlap with MXFP8 needs multiples of 128',
    when: {
      all: [
        { key: 'tp_comm_overlap', op: 'truthy' },
        { key: fp8Recipe, op: 'eq', value: 'mxfp8' },
        {
          any: [
            {
              product: ['seq_length', 'micro_batch_size'],
              op: 'notMultipleOf',
              value: 128,
              dividedBy: ['tensor_model_parallel_size', 'context_parallel_size'],
            },
            { key: 'hidden_size', op: 'notMultipleOf', value: 128 },
          ],
        },
      ],
    },
    message:
      'User buffers take MXFP8 tensors only in multiples of 128; the local token count or the hidden size is none, so the first step fails.',
    remedy: 'Make the local token count a multiple of 128, or drop tp-comm-overlap.',
    fixes: [{ title: 'Drop the overlap', set: [['tp_comm_overlap', null]] }],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/module/base.py:711',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/common/comm_gemm_overlap/comm_gemm_overlap.cpp:263',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'mxfp8-e5m2-gradients-diverge',
    frameworks: [...megatronFamily, 'megatron-bridge', 'nemo-rl', 'ms-swift', 'primus'],
    severity: 'warning',
    title: 'MXFP8 with E5M2 gradients',
    when: {
      all: [
        { key: fp8Format, op: 'eq', value: 'hybrid' },
        { key: fp8Recipe, op: 'eq', value: 'mxfp8' },
      ],
    },
    message:
      '“hybrid” gives MXFP8 runs E5M2 gradients; NVIDIA and AMD both changed their recipes to E4M3 after loss curves of an 8 B model diverged.',
    remedy: 'Use E4M3 for gradients too.',
    fixes: [{ title: 'Train in E4M3 throughout', set: [[fp8Format, 'e4m3']] }],
    verified: 'source',
    sources: [
      { repository: 'NVIDIA-NeMo/Megatron-Bridge', at: '#638' },
      { repository: 'ROCm/Megatron-LM', at: '#100' },
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:263',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'te2-fp8-wgrad-switch-inert',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift', 'nemo', 'accelerate'],
    severity: 'warning',
    title: 'FP8 weight gradients that cannot be switched off',
    when: {
      all: [
        {
          any: [
            { key: 'no_fp8_wgrad', op: 'truthy' },
            {
              key: ['fp8_wgrad', 'mixed_precision.fp8_wgrad'],
              op: 'eq',
              value: false,
            },
            { key: 'fp8_config.override_linear_precision', op: 'contains', value: true },
          ],
        },
      ],
    },
    message:
      'Transformer Engine 2 has no such switch and drops it in silence: weight gradients are multiplied in FP8 all the same.',
    remedy:
      'For weight gradients in high precision use torchao’s rowwise_with_gw_hp, or keep layers in BF16.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:775',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/common/recipe/__init__.py:173',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'nvfp4-without-bf16-layers',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift'],
    severity: 'warning',
    title: 'NVFP4 in every layer',
    when: {
      any: [
        {
          all: [
            { key: fp4Format, op: 'eq', value: 'e2m1' },
            {
              key: ['first_last_layers_bf16', 'mixed_precision.first_last_layers_bf16'],
              op: 'falsy',
            },
          ],
        },
        { all: [{ key: 'mixed_precision', op: 'eq', value: 'bf16_with_nvfp4_mixed' }] },
      ],
    },
    message:
      'The published recipe leaves about the last 15 % of the blocks in BF16, and the 12 B run of arXiv 2509.25149 the first two as well; this one leaves none.',
    remedy: 'Keep layers at the end in BF16.',
    verified: 'source',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/nvfp4.md:30',
        date: '2026-08-21',
      },
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:428',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'te-delayed-scaling-under-compile',
    frameworks: ['accelerate'],
    severity: 'warning',
    title: 'Delayed scaling under torch.compile',
    when: {
      all: [
        { key: 'fp8_config.backend', op: 'eq', value: 'TE' },
        { key: 'fp8_config.use_mxfp8_block_scaling', op: 'falsy' },
        { key: 'dynamo_config.dynamo_backend', op: 'present' },
        { key: 'dynamo_config.dynamo_backend', op: 'notIn', value: ['NO', 'no', false] },
      ],
    },
    message:
      'Accelerate’s TE backend is delayed scaling, which Transformer Engine refuses to compile.',
    remedy: 'Use the AO backend, or no dynamo_config.',
    fixes: [{ title: 'Use torchao', set: [['fp8_config.backend', 'AO']] }],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/quantization.py:228',
        date: '2026-08-22',
      },
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/utils/transformer_engine.py:177',
        date: '2026-07-24',
      },
    ],
  },
];
