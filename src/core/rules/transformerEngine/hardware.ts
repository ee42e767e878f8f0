import { megatronFamily } from '../families.ts';
import { fp4Format, fp8Format, fp8Recipe } from '../keys.ts';
import type { Rule } from '../rule.ts';

/** Transformer Engine: what an accelerator must have. */
export const transformerEngineHardware: readonly Rule[] = [
  {
    id: 'te-fp8-needs-cc-8-9',
    frameworks: [
      ...megatronFamily,
      'megatron-bridge',
      'nemo-rl',
      'ms-swift',
      'verl',
      'nemo-automodel',
    ],
    severity: 'error',
    title: 'FP8 on a GPU without FP8 units',
    when: {
      all: [
        { key: fp8Format, op: 'in', value: ['hybrid', 'e4m3'] },
        { hardware: { vendor: 'NVIDIA', cc: { below: 8.9 } } },
      ],
    },
    message:
      'Transformer Engine refuses FP8 below compute capability 8.9: the run stops at start, it does not fall back to BF16.',
    remedy: 'Train in BF16, or on Ada, Hopper or later.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/quantization.py:154',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'te-mxfp8-needs-sm100',
    frameworks: [...megatronFamily, 'megatron-bridge', 'nemo-rl', 'ms-swift', 'verl'],
    severity: 'error',
    title: 'MXFP8 before Blackwell',
    when: {
      all: [
        { key: fp8Format, op: 'in', value: ['hybrid', 'e4m3'] },
        { key: fp8Recipe, op: 'eq', value: 'mxfp8' },
        { hardware: { vendor: 'NVIDIA', cc: { below: 10 } } },
      ],
    },
    message:
      'Transformer Engine runs MXFP8 from compute capability 10.0 on; this accelerator stops the run at start.',
    remedy: 'Use blockwise (CUDA 12.9) or tensorwise scaling on Hopper, tensorwise on Ada.',
    fixes: [{ title: 'Scale per tensor', set: [[fp8Recipe, 'tensorwise']] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/quantization.py:168',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:51',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'te-mxfp8-not-on-sm120',
    frameworks: [...megatronFamily, 'megatron-bridge', 'nemo-rl', 'ms-swift', 'verl'],
    severity: 'error',
    title: 'MXFP8 on an RTX Blackwell',
    when: {
      all: [
        { key: fp8Format, op: 'in', value: ['hybrid', 'e4m3'] },
        { key: fp8Recipe, op: 'eq', value: 'mxfp8' },
        { hardware: { vendor: 'NVIDIA', cc: { from: 12 } } },
      ],
    },
    message:
      'Transformer Engine has no MXFP8 products for compute capability 12.0 yet, though the card has MX units: the run stops at start.',
    remedy: 'Use tensorwise scaling; blockwise is reported to work, emulated.',
    fixes: [{ title: 'Scale per tensor', set: [[fp8Recipe, 'tensorwise']] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/quantization.py:165',
        date: '2026-08-22',
      },
      { repository: 'NVIDIA/Megatron-LM', at: '#4175' },
      { repository: 'NVIDIA/TransformerEngine', at: '#2304' },
      { repository: 'NVIDIA/TransformerEngine', at: '#2668' },
    ],
  },
  {
    id: 'te-nvfp4-needs-sm100',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift'],
    severity: 'error',
    title: 'NVFP4 before Blackwell',
    when: {
      all: [
        { key: fp4Format, op: 'eq', value: 'e2m1' },
        { hardware: { vendor: 'NVIDIA', cc: { below: 10 } } },
      ],
    },
    message:
      'Transformer Engine trains in NVFP4 from compute capability 10.0 on; this accelerator stops the run at start.',
    remedy: 'Train in FP8 on this GPU, or in NVFP4 on B200, GB200, B300 or GB300.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/quantization.py:175',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'te-nvfp4-default-recipe-on-sm120',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift'],
    severity: 'error',
    title: 'NVFP4’s default recipe on an RTX Blackwell',
    when: {
      all: [
        { key: fp4Format, op: 'eq', value: 'e2m1' },
        {
          not: {
            all: [
              { key: 'NVTE_NVFP4_DISABLE_RHT', op: 'eq', value: 1 },
              { key: 'NVTE_NVFP4_DISABLE_STOCHASTIC_ROUNDING', op: 'eq', value: 1 },
            ],
          },
        },
        { hardware: { vendor: 'NVIDIA', cc: { from: 12 } } },
      ],
    },
    message:
      'The start-up check passes, then the first step fails: the Hadamard transform and stochastic rounding of NVFP4 have no kernels for compute capability 12.0.',
    remedy:
      'Train NVFP4 on B200 or GB200; here use FP8 tensorwise, or switch off the transform and stochastic rounding (NVTE_NVFP4_DISABLE_RHT=1, NVTE_NVFP4_DISABLE_STOCHASTIC_ROUNDING=1).',
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/common/recipe/__init__.py:560',
        date: '2026-08-22',
      },
      { repository: 'NVIDIA/TransformerEngine', at: '#2255' },
      { repository: 'NVIDIA/TransformerEngine', at: '#3195' },
    ],
  },
  {
    id: 'te-blockwise-needs-sm90',
    frameworks: [...megatronFamily, 'megatron-bridge', 'nemo-rl', 'ms-swift', 'verl'],
    severity: 'error',
    title: 'Blockwise FP8 before Hopper',
    when: {
      all: [
        { key: fp8Format, op: 'in', value: ['hybrid', 'e4m3'] },
        { key: fp8Recipe, op: 'eq', value: 'blockwise' },
        { hardware: { vendor: 'NVIDIA', cc: { below: 9 } } },
      ],
    },
    message:
      'FP8 with block scales needs compute capability 9.0 and CUDA 12.9: Ada has FP8 units, but not for this scaling, and the run stops at start.',
    remedy: 'Use tensorwise scaling on Ada.',
    fixes: [{ title: 'Scale per tensor', set: [[fp8Recipe, 'tensorwise']] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/quantization.py:184',
        date: '2026-08-22',
      },
      {
        repository: 'modelscope/ms-swift',
        commit: '3602360a56',
        at: 'docs/source_en/Megatron-SWIFT/Command-line-parameters.md:198',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'te-blockwise-emulated-on-blackwell',
    frameworks: [...megatronFamily, 'megatron-bridge', 'nemo-rl', 'ms-swift', 'verl'],
    severity: 'information',
    title: 'Blockwise FP8 is emulated on Blackwell',
    when: {
      all: [
        { key: fp8Format, op: 'in', value: ['hybrid', 'e4m3'] },
        { key: fp8Recipe, op: 'eq', value: 'blockwise' },
        { hardware: { vendor: 'NVIDIA', cc: { from: 10, below: 12 } } },
      ],
    },
    message:
      'Blackwell has no products with 1×128 and 128×128 scales: Transformer Engine emulates them with MXFP8 and power-of-two scales, so losses differ from Hopper’s.',
    remedy: 'Use MXFP8 with E4M3, which Transformer Engine recommends there.',
    fixes: [
      {
        title: 'Train in MXFP8 with E4M3',
        set: [
          [fp8Recipe, 'mxfp8'],
          [fp8Format, 'e4m3'],
        ],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'docs/features/low_precision_training/fp8_blockwise_scaling/fp8_blockwise_scaling.rst:177',
        date: '2026-08-22',
      },
      { repository: 'NVIDIA/TransformerEngine', at: '#2157' },
      {
        repository: 'NVIDIA-NeMo/RL',
        commit: '7ea279abfb',
        at: 'docs/fp8.md:16',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'te-fp8-dpa-tensorwise-below-sm100',
    frameworks: ['megatron-bridge', 'nemo-rl'],
    severity: 'error',
    title: 'FP8 attention with tensorwise scaling before Blackwell',
    when: {
      all: [
        {
          key: ['mixed_precision.fp8_dot_product_attention', 'fp8_dot_product_attention'],
          op: 'truthy',
        },
        { key: fp8Recipe, op: 'eq', value: 'tensorwise', default: 'tensorwise' },
        { key: 'NVTE_UnfusedDPA_Emulate_FP8', op: 'ne', value: 1 },
        { hardware: { vendor: 'NVIDIA', cc: { below: 10 } } },
      ],
    },
    message:
      'No attention kernel takes FP8 with current scaling below compute capability 10.0: the first step fails for want of a backend.',
    remedy: 'Keep attention in BF16, or use the delayed recipe for FP8 attention on Hopper.',
    fixes: [
      {
        title: 'Keep attention in BF16',
        set: [
          [
            [
              'mixed_precision.fp8_dot_product_attention',
              'fp8_dot_product_attention',
              'policy.megatron_cfg.fp8_cfg.fp8_dot_product_attention',
            ],
            false,
          ],
        ],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/attention/dot_product_attention/utils.py:688',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/attention/dot_product_attention/dot_product_attention.py:2162',
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
    id: 'te-fp8-attention-none-on-sm120',
    frameworks: ['megatron-bridge', 'nemo-rl'],
    severity: 'error',
    title: 'FP8 attention on an RTX Blackwell',
    when: {
      all: [
        {
          key: ['mixed_precision.fp8_dot_product_attention', 'fp8_dot_product_attention'],
          op: 'truthy',
        },
        { key: fp8Recipe, op: 'ne', value: 'blockwise', default: 'tensorwise' },
        { key: 'NVTE_UnfusedDPA_Emulate_FP8', op: 'ne', value: 1 },
        { hardware: { vendor: 'NVIDIA', cc: { from: 12 } } },
      ],
    },
    message:
      'No FP8 attention kernel supports compute capability 12.0: the first step fails for want of a backend.',
    remedy: 'Keep attention in BF16; the linear layers stay in FP8.',
    fixes: [
      {
        title: 'Keep attention in BF16',
        set: [[['mixed_precision.fp8_dot_product_attention', 'fp8_dot_product_attention'], false]],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/attention/dot_product_attention/utils.py:729',
        date: '2026-08-22',
      },
    ],
  },
];
