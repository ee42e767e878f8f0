import type { Rule } from './rule.ts';

/** Rules of Megatron-Bridge. */
export const megatronBridgeRules: readonly Rule[] = [
  {
    id: 'bridge-mixed-precision-overrides-model-keys',
    frameworks: ['megatron-bridge'],
    severity: 'warning',
    title: 'Precision keys that mixed_precision overwrites',
    when: {
      all: [
        {
          any: [
            { key: 'mixed_precision', op: 'present' },
            { key: 'mixed_precision.*', op: 'present' },
          ],
        },
        {
          any: [
            { key: 'model.fp8', op: 'present' },
            { key: 'model.fp8_recipe', op: 'present' },
            { key: 'model.fp4', op: 'present' },
            { key: 'model.bf16', op: 'present' },
            { key: 'model.fp16', op: 'present' },
            { key: 'model.first_last_layers_bf16', op: 'present' },
            { key: 'optimizer.bf16', op: 'present' },
            { key: 'ddp.grad_reduce_in_fp32', op: 'present' },
            { key: 'ddp.fp8_param_gather', op: 'present' },
          ],
        },
      ],
    },
    message:
      'Megatron-Bridge copies the mixed-precision recipe over model, optimizer and DDP: the key here has no effect, and only a debug line says so.',
    remedy: 'Set the key under mixed_precision.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'docs/training/mixed-precision.md:206',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:155',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'bridge-first-last-bf16-zero-layers',
    frameworks: ['megatron-bridge'],
    severity: 'warning',
    title: 'First and last layers in BF16: none',
    when: {
      all: [
        { key: 'mixed_precision.first_last_layers_bf16', op: 'truthy' },
        {
          not: {
            any: [
              { key: 'mixed_precision.num_layers_at_start_in_bf16', op: 'gt', value: 0 },
              { key: 'mixed_precision.num_layers_at_end_in_bf16', op: 'gt', value: 0 },
            ],
          },
        },
      ],
    },
    message:
      'Megatron-Bridge’s counts default to 0 (Megatron-Core’s to 1), so first_last_layers_bf16 alone keeps no layer in BF16.',
    remedy: 'Set num_layers_at_start_in_bf16 and num_layers_at_end_in_bf16.',
    fixes: [
      {
        title: 'Keep one layer at each end in BF16',
        set: [
          ['mixed_precision.num_layers_at_start_in_bf16', 1],
          ['mixed_precision.num_layers_at_end_in_bf16', 1],
        ],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:73',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:652',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'bridge-mxfp8-param-gather-needs-reuse-buffer',
    frameworks: ['megatron-bridge'],
    severity: 'error',
    title: 'MXFP8 parameters without the reused buffer',
    when: {
      all: [
        { key: 'mixed_precision.fp8_recipe', op: 'eq', value: 'mxfp8' },
        { key: 'mixed_precision.fp8_param_gather', op: 'truthy' },
        { key: 'mixed_precision.reuse_grad_buf_for_mxfp8_param_ag', op: 'falsy' },
        { key: 'dist.use_megatron_fsdp', op: 'falsy' },
        { key: 'ddp.use_megatron_fsdp', op: 'falsy' },
      ],
    },
    message:
      'Megatron-Bridge asks for reuse_grad_buf_for_mxfp8_param_ag where MXFP8 parameters are gathered; the run stops at start.',
    remedy: 'Set reuse_grad_buf_for_mxfp8_param_ag.',
    fixes: [
      {
        title: 'Reuse the gradient buffer',
        set: [['mixed_precision.reuse_grad_buf_for_mxfp8_param_ag', true]],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/config.py:1496',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'bridge-mfsdp-v2-bf16-only',
    frameworks: ['megatron-bridge'],
    severity: 'error',
    title: 'Megatron-FSDP 2 takes BF16 only',
    when: {
      all: [
        { key: 'ddp.megatron_fsdp_version', op: 'eq', value: 2 },
        {
          any: [
            { key: 'mixed_precision.fp8', op: 'in', value: ['hybrid', 'e4m3'] },
            { key: 'mixed_precision.fp4', op: 'present' },
            { key: 'mixed_precision.fp16', op: 'truthy' },
            { key: 'optimizer.use_precision_aware_optimizer', op: 'truthy' },
          ],
        },
      ],
    },
    message:
      'The second version of Megatron-FSDP refuses FP8, FP4, FP16 and the precision-aware optimizer; the run stops at start.',
    remedy: 'Use version 1, or train in BF16.',
    fixes: [{ title: 'Use Megatron-FSDP 1', set: [['ddp.megatron_fsdp_version', 1]] }],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/config.py:1186',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'bridge-bf16-and-fp16',
    frameworks: ['megatron-bridge'],
    severity: 'error',
    title: 'bf16 and fp16 at once',
    when: {
      any: [
        {
          all: [
            { key: 'model.bf16', op: 'truthy' },
            { key: 'model.fp16', op: 'truthy' },
          ],
        },
        {
          all: [
            { key: 'optimizer.bf16', op: 'truthy' },
            { key: 'optimizer.fp16', op: 'truthy' },
          ],
        },
        {
          all: [
            { key: 'mixed_precision.bf16', op: 'truthy' },
            { key: 'mixed_precision.fp16', op: 'truthy' },
          ],
        },
      ],
    },
    message: 'Megatron-Bridge refuses a config with both; the run stops at start.',
    remedy: 'Keep one of them.',
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/config.py:2155',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'bridge-unknown-recipe-name',
    frameworks: ['megatron-bridge'],
    severity: 'error',
    title: 'An unregistered mixed-precision recipe',
    when: {
      all: [
        { key: 'mixed_precision', op: 'present' },
        {
          key: 'mixed_precision',
          op: 'notMatches',
          value:
            '^(bf16_mixed|fp16_mixed|(bf16|fp16)_with_fp8_(delayed|current|subchannel)_scaling_mixed|(bf16|fp16)_with_mxfp8_mixed|bf16_with_nvfp4_mixed|(nemotron_h|nanov2)_bf16_with_fp8_current_scaling_mixed|nemotron_3_super_bf16_with_nvfp4_mixed)$',
        },
      ],
    },
    message:
      'Megatron-Bridge knows no recipe of this name; the run stops at start and lists those that it knows.',
    remedy: 'Take a registered name, such as bf16_with_fp8_current_scaling_mixed.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:448',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'bridge-nanov2-preset-is-blockwise',
    frameworks: ['megatron-bridge'],
    severity: 'information',
    title: 'A preset whose name says another scaling',
    when: {
      all: [
        { key: 'mixed_precision', op: 'eq', value: 'nanov2_bf16_with_fp8_current_scaling_mixed' },
      ],
    },
    message:
      'This preset sets blockwise scaling with FP8 parameters, not the current (per-tensor) scaling of its name.',
    remedy: 'Use bf16_with_fp8_current_scaling_mixed for scales per tensor.',
    fixes: [
      {
        title: 'Scale per tensor',
        set: [['mixed_precision', 'bf16_with_fp8_current_scaling_mixed']],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:329',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:342',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'bridge-fp16-mixed-reduces-in-fp16',
    frameworks: ['megatron-bridge'],
    severity: 'information',
    title: 'FP16 presets reduce gradients in FP16',
    when: { all: [{ key: 'mixed_precision', op: 'matches', value: '^fp16_' }] },
    message:
      'The FP16 presets of Megatron-Bridge switch grad_reduce_in_fp32 off; the BF16 ones leave it on.',
    remedy: 'Use a BF16 preset, or reduce in FP32.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:212',
        date: '2026-08-22',
      },
    ],
  },
];
