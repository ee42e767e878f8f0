import type { Rule } from './rule.ts';

/** Quantised products of the trained model, alone or below a trainer's section. */
const quantized = ['model.quantization.type', 'trainer.model.quantization.type'];

/** Rules of prime-rl. */
export const primeRlRules: readonly Rule[] = [
  {
    id: 'primerl-mxfp8-needs-sm100',
    frameworks: ['prime-rl'],
    severity: 'error',
    title: 'MXFP8 before Blackwell',
    when: {
      all: [
        { key: quantized, op: 'eq', value: 'mxfp8' },
        { hardware: { vendor: 'NVIDIA', cc: { below: 10 } } },
      ],
    },
    message: 'prime-rl refuses MXFP8 on GPUs before Blackwell (SM100); the run stops at start.',
    remedy: 'Use type = "fp8" there.',
    fixes: [{ title: 'Use FP8', set: [[quantized, 'fp8']] }],
    verified: 'source',
    sources: [
      {
        repository: 'PrimeIntellect-ai/prime-rl',
        commit: '559b44772e',
        at: 'src/prime_rl/trainer/model.py:1216',
        date: '2026-08-21',
      },
    ],
  },
  {
    id: 'primerl-mxfp8-ep-backend',
    frameworks: ['prime-rl'],
    severity: 'error',
    title: 'Quantisation that this implementation lacks',
    when: {
      any: [
        {
          all: [
            { key: quantized, op: 'eq', value: 'mxfp8' },
            {
              key: ['model.ep_comm_backend', 'trainer.model.ep_comm_backend'],
              op: 'ne',
              value: 'torch',
              default: 'torch',
            },
          ],
        },
        {
          all: [
            { key: quantized, op: 'present' },
            { key: ['model.impl', 'trainer.model.impl'], op: 'eq', value: 'hf' },
          ],
        },
      ],
    },
    message:
      'prime-rl’s MXFP8 needs ep_comm_backend "torch", and any quantisation an impl other than "hf"; the run stops at start.',
    remedy: 'Set ep_comm_backend to "torch", or impl to "auto".',
    verified: 'source',
    sources: [
      {
        repository: 'PrimeIntellect-ai/prime-rl',
        commit: '559b44772e',
        at: 'packages/prime-rl-configs/src/prime_rl/configs/trainer.py:346',
        date: '2026-08-21',
      },
      {
        repository: 'PrimeIntellect-ai/prime-rl',
        commit: '559b44772e',
        at: 'packages/prime-rl-configs/src/prime_rl/configs/trainer.py:330',
        date: '2026-08-21',
      },
    ],
  },
  {
    id: 'primerl-bf16-optimization-dtype',
    frameworks: ['prime-rl'],
    severity: 'warning',
    title: 'BF16 weights under the optimizer',
    when: {
      key: ['model.optimization_dtype', 'trainer.model.optimization_dtype'],
      op: 'eq',
      value: 'bfloat16',
    },
    message:
      'The optimizer updates BF16 weights, where the small steps of these learning rates round to nothing; the default is float32.',
    remedy:
      'Set optimization_dtype to "float32", unless the model sees images: those need bfloat16.',
    fixes: [
      {
        title: 'Update FP32 weights',
        set: [[['model.optimization_dtype', 'trainer.model.optimization_dtype'], 'float32']],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'PrimeIntellect-ai/prime-rl',
        commit: '559b44772e',
        at: 'packages/prime-rl-configs/src/prime_rl/configs/trainer.py:233',
        date: '2026-08-21',
      },
      { repository: 'pytorch/ao', at: '#1124' },
    ],
  },
];
