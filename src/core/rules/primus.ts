import type { Rule } from './rule.ts';

/** Rules of Primus. */
export const primusRules: readonly Rule[] = [
  {
    id: 'primus-turbo-gemm-needs-other-recipe',
    frameworks: ['primus'],
    severity: 'error',
    title: 'Turbo GEMM with delayed scaling',
    when: {
      all: [
        { key: 'fp8', op: 'in', value: ['hybrid', 'e4m3'] },
        { key: 'use_turbo_gemm', op: 'truthy' },
        {
          key: 'fp8_recipe',
          op: 'notIn',
          value: ['tensorwise', 'blockwise', 'mxfp8'],
          default: 'delayed',
        },
      ],
    },
    message:
      'use_turbo_gemm refuses the delayed recipe, which is the default; the run stops at start.',
    remedy: 'Use tensorwise, blockwise or mxfp8.',
    fixes: [{ title: 'Scale per tensor, without delay', set: [['fp8_recipe', 'tensorwise']] }],
    verified: 'run',
    sources: [
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'primus/backends/megatron/patches/args/rocm_arg_validation.py:145',
        date: '2026-08-22',
      },
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'primus/configs/modules/megatron/trainer_base.yaml:54',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'primus-turbo-fp4-needs-mxfp4',
    frameworks: ['primus'],
    severity: 'error',
    title: 'Turbo GEMM with NVFP4',
    when: {
      all: [
        { key: 'fp4', op: 'present' },
        { key: 'use_turbo_gemm', op: 'truthy' },
        { key: 'fp4_recipe', op: 'ne', value: 'mxfp4', default: 'nvfp4' },
      ],
    },
    message:
      'use_turbo_gemm takes MXFP4 only, and the default FP4 recipe is NVFP4; the run stops at start.',
    remedy: 'Use fp4_recipe: mxfp4.',
    fixes: [{ title: 'Use MXFP4', set: [['fp4_recipe', 'mxfp4']] }],
    verified: 'run',
    sources: [
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'primus/backends/megatron/patches/args/rocm_arg_validation.py:152',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'primus-nvfp4-default-silently-bf16',
    frameworks: ['primus'],
    severity: 'warning',
    title: 'NVFP4 that runs in BF16',
    when: {
      all: [
        { key: 'fp4', op: 'present' },
        { key: 'enable_primus_turbo', op: 'truthy' },
        { key: 'use_turbo_gemm', op: 'falsy' },
        { key: 'fp4_recipe', op: 'eq', value: 'nvfp4', default: 'nvfp4' },
        { key: 'fp4_use_native_te_autocast', op: 'falsy' },
      ],
    },
    message:
      'Under Primus-Turbo without its GEMM the NVFP4 recipe enters no autocast at all: the run is BF16, and the warning is lost.',
    remedy: 'Use fp4_recipe: mxfp4 with use_turbo_gemm: true.',
    fixes: [
      {
        title: 'Use MXFP4 with Turbo’s GEMM',
        set: [
          ['fp4_recipe', 'mxfp4'],
          ['use_turbo_gemm', true],
        ],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'primus/backends/megatron/core/fp4_utils.py:129',
        date: '2026-08-22',
      },
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'primus/backends/megatron/core/fp4_utils.py:225',
        date: '2026-08-22',
      },
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'primus/configs/modules/megatron/trainer_base.yaml:65',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'primus-native-te-fp4-with-turbo-gemm',
    frameworks: ['primus'],
    severity: 'error',
    title: 'Native FP4 with Turbo GEMM',
    when: {
      all: [
        { key: 'fp4', op: 'present' },
        { key: 'use_turbo_gemm', op: 'truthy' },
        { key: 'fp4_use_native_te_autocast', op: 'truthy' },
        { key: 'transformer_impl', op: 'ne', value: 'local' },
      ],
    },
    message:
      'Turbo’s layers would run BF16 under Transformer Engine’s own FP4 autocast; Primus stops at start.',
    remedy: 'Keep one of the two.',
    verified: 'run',
    sources: [
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'primus/backends/megatron/patches/args/rocm_arg_validation.py:167',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'primus-mxfp4-needs-gfx950',
    frameworks: ['primus'],
    severity: 'error',
    title: 'MXFP4 before MI350',
    when: {
      all: [
        { key: 'fp4', op: 'present' },
        { key: 'fp4_recipe', op: 'eq', value: 'mxfp4' },
        { hardware: { arch: 'gfx942' } },
      ],
    },
    message:
      'Primus’ MXFP4 layers need gfx950 (MI350X, MI355X); this accelerator stops the run at start.',
    remedy: 'Use FP8 with tensorwise scaling here.',
    verified: 'source',
    sources: [
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'docs/04-technical-guides/diffusion-models/mxfp4_training.md:30',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'primus-two-fsdp2-optimizers',
    frameworks: ['primus'],
    severity: 'error',
    title: 'Two FSDP2 optimizers at once',
    when: {
      all: [
        { key: 'use_fsdp2_fp32_param_optimizer', op: 'truthy' },
        { key: 'use_fsdp2_bf16_master_weight_optimizer', op: 'truthy' },
      ],
    },
    message: 'Primus takes one of the two FSDP2 optimizers; with both the run stops at start.',
    remedy: 'Keep one.',
    verified: 'run',
    sources: [
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'primus/backends/megatron/patches/args/rocm_arg_validation.py:94',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'primus-grouped-gemm-without-padding',
    frameworks: ['primus'],
    severity: 'error',
    title: 'Grouped GEMM without padding, and padding',
    when: {
      all: [
        { key: 'turbo_grouped_gemm_without_padding', op: 'truthy' },
        {
          any: [
            { key: 'moe_router_padding_for_quantization', op: 'truthy' },
            { key: 'enable_primus_turbo', op: 'falsy' },
            { key: 'use_turbo_grouped_gemm', op: 'falsy' },
          ],
        },
      ],
    },
    message:
      'turbo_grouped_gemm_without_padding needs Turbo’s grouped GEMM, and router padding off; the run stops at start.',
    remedy: 'Set moe_router_padding_for_quantization: false.',
    fixes: [
      { title: 'Do not pad the router', set: [['moe_router_padding_for_quantization', false]] },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'primus/backends/megatron/patches/args/rocm_arg_validation.py:108',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'primus-mxfp8-needs-environment-variable',
    frameworks: ['primus'],
    severity: 'information',
    title: 'MXFP8 needs an environment variable on ROCm',
    when: { all: [{ key: 'fp8_recipe', op: 'eq', value: 'mxfp8' }] },
    message: 'Primus stops at start unless NVTE_ROCM_ENABLE_MXFP8=1 is set, even where fp8 is off.',
    remedy: 'Export NVTE_ROCM_ENABLE_MXFP8=1 in the launch script, on MI350X or MI355X.',
    verified: 'run',
    sources: [
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'primus/backends/megatron/patches/args/rocm_arg_validation.py:178',
        date: '2026-08-22',
      },
    ],
  },
];
