import { megatronFamily, plainMegatron } from '../families.ts';
import { fp8Recipe } from '../keys.ts';
import type { Rule } from '../rule.ts';

/** Megatron-LM: layers, experts and outputs in another precision. */
export const megatronLayers: readonly Rule[] = [
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
];
