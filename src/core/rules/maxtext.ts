import type { Rule } from './rule.ts';

/** Rules of MaxText. */
export const maxtextRules: readonly Rule[] = [
  {
    id: 'maxtext-fp8-with-gradient-accumulation',
    frameworks: ['maxtext'],
    severity: 'error',
    title: 'FP8 with gradient accumulation',
    when: {
      all: [
        {
          key: 'quantization',
          op: 'in',
          value: ['fp8', 'nanoo_fp8', 'fp8_gpu', 'te_fp8_delayedscaling'],
        },
        { key: 'gradient_accumulation_steps', op: 'gt', value: 1 },
      ],
    },
    message: 'This quantisation of MaxText does not accumulate gradients; the run stops at start.',
    remedy: 'Use a larger per_device_batch_size, or fp8_full or te_fp8_currentscaling.',
    fixes: [{ title: 'Accumulate nothing', set: [['gradient_accumulation_steps', 1]] }],
    verified: 'run',
    sources: [
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/configs/types.py:3882',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'maxtext-quantization-needs-qwix',
    frameworks: ['maxtext'],
    severity: 'error',
    title: 'A quantisation that only Qwix knows',
    when: {
      all: [
        {
          key: 'quantization',
          op: 'in',
          value: ['fp4', 'int4', 'fp8_full', 'fp8_e4m3', 'fp8_e5m2', 'fp8_gpu', 'fp8_nanoo'],
        },
        { key: 'use_qwix_quantization', op: 'falsy' },
      ],
    },
    message:
      'This value works with use_qwix_quantization only; the default path does not know it, and the run stops at start.',
    remedy: 'Set use_qwix_quantization: true.',
    fixes: [{ title: 'Use Qwix', set: [['use_qwix_quantization', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/layers/quantizations.py:643',
        date: '2026-08-22',
      },
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/configs/base.yml:149',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'maxtext-qwix-silently-unquantised',
    frameworks: ['maxtext'],
    severity: 'warning',
    title: 'Qwix leaves the model unquantised',
    when: {
      all: [
        { key: 'use_qwix_quantization', op: 'truthy' },
        { key: 'quantization', op: 'matches', value: '^(nanoo_fp8|intmp|te_.*)$' },
      ],
    },
    message:
      'Qwix has no case for this value and quantises nothing: the run is BF16, and nothing says so. Names differ by path: nanoo_fp8 is AQT’s, fp8_nanoo Qwix’s.',
    remedy: 'Use fp8_nanoo on AMD; switch Qwix off for te_… values.',
    verified: 'run',
    sources: [
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/layers/quantizations.py:862',
        date: '2026-08-22',
      },
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/layers/quantizations.py:877',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'maxtext-unknown-quantization',
    frameworks: ['maxtext'],
    severity: 'error',
    title: 'A quantisation that MaxText does not know',
    when: {
      all: [
        { key: 'quantization', op: 'present' },
        {
          key: 'quantization',
          op: 'notIn',
          value: [
            '',
            'fp4',
            'int4',
            'int8',
            'intmp',
            'fp8_e5m2',
            'fp8_e4m3',
            'fp8',
            'nanoo_fp8',
            'fp8_nanoo',
            'fp8_gpu',
            'fp8_full',
            'te_fp8_delayedscaling',
            'te_fp8_currentscaling',
            'te_mxfp8',
            'te_nvfp4',
            'te_nvfp4_no_rht',
          ],
        },
      ],
    },
    message:
      'MaxText accepts a fixed list of values, and this is none of them, though the code or its docs may name it; the run stops at start.',
    remedy: 'Use fp8_full or fp8 (with Qwix) or int8.',
    verified: 'run',
    sources: [
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/configs/types.py:83',
        date: '2026-08-22',
      },
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/layers/quantizations.py:636',
        date: '2026-08-22',
      },
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'docs/reference/core_concepts/quantization.md:140',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'maxtext-qwix-needs-nnx-decoder',
    frameworks: ['maxtext'],
    severity: 'error',
    title: 'Qwix without the NNX decoder',
    when: {
      all: [
        { key: 'quantization', op: 'present' },
        { key: 'quantization', op: 'ne', value: '' },
        { key: 'use_qwix_quantization', op: 'truthy' },
        { key: 'pure_nnx', op: 'truthy', default: true },
        { key: 'pure_nnx_decoder', op: 'eq', value: false },
        { key: 'use_batch_split_schedule', op: 'falsy' },
      ],
    },
    message:
      'Qwix does not see the Linen decoder: newer versions stop at start, older ones quantise nothing.',
    remedy: 'Set pure_nnx_decoder: true.',
    fixes: [{ title: 'Use the NNX decoder', set: [['pure_nnx_decoder', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/configs/types.py:3344',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'maxtext-batch-split-only-fp8-full',
    frameworks: ['maxtext'],
    severity: 'error',
    title: 'The batch-split schedule with this quantisation',
    when: {
      all: [
        { key: 'use_batch_split_schedule', op: 'truthy' },
        { key: 'quantization', op: 'present' },
        { key: 'quantization', op: 'notIn', value: ['', 'fp8_full'] },
      ],
    },
    message: 'use_batch_split_schedule takes fp8_full only; the run stops at start.',
    remedy: 'Use quantization: fp8_full.',
    fixes: [{ title: 'Use fp8_full', set: [['quantization', 'fp8_full']] }],
    verified: 'run',
    sources: [
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/configs/types.py:4248',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'maxtext-pipeline-prefetch-no-quantization',
    frameworks: ['maxtext'],
    severity: 'error',
    title: 'Prefetching pipelines with quantisation',
    when: {
      all: [
        { key: 'pipeline_fsdp_ag_per_repeat', op: 'truthy' },
        { key: 'quantization', op: 'present' },
        { key: 'quantization', op: 'ne', value: '' },
        {
          any: [
            { key: 'ici_pipeline_parallelism', op: 'gt', value: 1 },
            { key: 'dcn_pipeline_parallelism', op: 'gt', value: 1 },
          ],
        },
      ],
    },
    message:
      'pipeline_fsdp_ag_per_repeat does not work with a quantisation; the run stops at start.',
    remedy: 'Set pipeline_fsdp_ag_per_repeat: false.',
    fixes: [{ title: 'Do not prefetch', set: [['pipeline_fsdp_ag_per_repeat', false]] }],
    verified: 'run',
    sources: [
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/configs/types.py:3595',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'maxtext-fp8-no-faster-on-old-tpu',
    frameworks: ['maxtext'],
    severity: 'information',
    title: 'FP8 is no faster on this TPU',
    when: {
      all: [
        { key: 'quantization', op: 'matches', value: '^fp8' },
        { hardware: { ids: ['tpu-v5e', 'tpu-v5p', 'tpu-v6e'] } },
      ],
    },
    message:
      'Google gives FP8 the rate of BF16 on v5p and v6e, and none on v5e; only TPU7x doubles it.',
    remedy: 'Use int8 on v5e or v6e, BF16 elsewhere, or TPU7x for FP8.',
    verified: 'documentation',
    sources: [
      {
        repository: 'Google Cloud documentation',
        at: 'TPU7x (Ironwood), table of v5p, v6e and TPU7x',
      },
    ],
  },
  {
    id: 'maxtext-fp8-kind-per-gpu-vendor',
    frameworks: ['maxtext'],
    severity: 'warning',
    title: 'FP8 of the other vendor',
    when: {
      any: [
        {
          all: [
            { key: 'quantization', op: 'eq', value: 'fp8_gpu' },
            { hardware: { arch: 'gfx942' } },
          ],
        },
        {
          all: [
            { key: 'quantization', op: 'in', value: ['fp8_nanoo', 'nanoo_fp8'] },
            { hardware: { anyOf: [{ vendor: 'NVIDIA' }, { arch: 'gfx950' }] } },
          ],
        },
      ],
    },
    message:
      'fp8_gpu is NVIDIA’s FP8, fp8_nanoo the FNUZ kind of MI300X and MI325X, whose E4M3 reaches 240; this accelerator has the other.',
    remedy: 'Use fp8_nanoo on MI300X and MI325X, fp8_gpu on NVIDIA, fp8 on MI350X and MI355X.',
    verified: 'source',
    sources: [
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'docs/reference/core_concepts/quantization.md:83',
        date: '2026-08-22',
      },
      {
        repository: 'AMD-AGI/Primus',
        commit: 'fd1eeabbad',
        at: 'docs/02-user-guide/end-to-end-training-recipes.md:273',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'maxtext-bf16-weights',
    frameworks: ['maxtext'],
    severity: 'warning',
    title: 'Weights and moments in BF16',
    when: {
      all: [
        { key: 'weight_dtype', op: 'eq', value: 'bfloat16' },
        {
          any: [
            { key: 'steps', op: 'present' },
            { key: 'learning_rate', op: 'present' },
            { key: 'dataset_type', op: 'present' },
            { key: 'dataset_path', op: 'present' },
          ],
        },
      ],
    },
    message:
      'weight_dtype: bfloat16 keeps no FP32 copy, and Adam’s first moment follows it: small updates round to nothing.',
    remedy: 'Use weight_dtype: float32; compute is BF16 by dtype.',
    fixes: [{ title: 'Keep FP32 weights', set: [['weight_dtype', 'float32']] }],
    verified: 'source',
    sources: [
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/configs/types.py:3298',
        date: '2026-08-22',
      },
      {
        repository: 'AI-Hypercomputer/maxtext',
        commit: 'e591f30cbb',
        at: 'src/maxtext/configs/base.yml:993',
        date: '2026-08-22',
      },
    ],
  },
];
