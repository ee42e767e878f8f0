import type { Rule } from './rule.ts';

/** Rules of NeMo-RL. */
export const nemoRlRules: readonly Rule[] = [
  {
    id: 'nemorl-fp8-cfg-not-enabled',
    frameworks: ['nemo-rl'],
    severity: 'warning',
    title: 'An FP8 section that is not enabled',
    when: {
      all: [
        {
          any: [
            { key: 'policy.megatron_cfg.fp8_cfg.fp8', op: 'present' },
            { key: 'policy.megatron_cfg.fp8_cfg.fp8_recipe', op: 'present' },
          ],
        },
        { key: 'policy.megatron_cfg.fp8_cfg.enabled', op: 'absent' },
      ],
    },
    message: 'NeMo-RL reads fp8_cfg only with enabled: true; the policy trains in BF16.',
    remedy: 'Enable it, or drop the section.',
    fixes: [{ title: 'Enable FP8', set: [['policy.megatron_cfg.fp8_cfg.enabled', true]] }],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/RL',
        commit: '7ea279abfb',
        at: 'nemo_rl/models/megatron/setup.py:1172',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA-NeMo/RL',
        commit: '7ea279abfb',
        at: 'docs/fp8.md:65',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'nemorl-vllm-fp8-needs-importance-sampling',
    frameworks: ['nemo-rl'],
    severity: 'error',
    title: 'FP8 generation without importance sampling',
    when: {
      all: [
        { key: 'policy.generation.vllm_cfg.precision', op: 'eq', value: 'fp8' },
        {
          any: [
            { key: 'loss_fn.use_importance_sampling_correction', op: 'eq', value: false },
            {
              all: [
                { key: 'loss_fn.use_importance_sampling_correction', op: 'absent' },
                { key: 'defaults', op: 'absent' },
              ],
            },
          ],
        },
      ],
    },
    message:
      'NeMo-RL generates in FP8 only with use_importance_sampling_correction, which corrects for the mismatch; the run stops at start.',
    remedy: 'Switch the correction on.',
    fixes: [
      {
        title: 'Correct by importance sampling',
        set: [['loss_fn.use_importance_sampling_correction', true]],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/RL',
        commit: '7ea279abfb',
        at: 'nemo_rl/algorithms/grpo.py:1323',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'nemorl-fp8-kv-cache-needs-fp8-weights',
    frameworks: ['nemo-rl'],
    severity: 'error',
    title: 'FP8 KV cache without FP8 weights',
    when: {
      all: [
        { key: 'policy.generation.vllm_cfg.kv_cache_dtype', op: 'matches', value: '^fp8' },
        { key: 'policy.generation.vllm_cfg.precision', op: 'ne', value: 'fp8' },
      ],
    },
    message:
      'NeMo-RL accepts an FP8 KV cache only where generation itself is in FP8; the run stops at start.',
    remedy: 'Set precision: fp8, or kv_cache_dtype: auto.',
    fixes: [
      {
        title: 'Leave the cache to vLLM',
        set: [['policy.generation.vllm_cfg.kv_cache_dtype', 'auto']],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/RL',
        commit: '7ea279abfb',
        at: 'nemo_rl/models/generation/vllm/quantization/fp8.py:208',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'nemorl-is-mx-needs-fp8-pow2',
    frameworks: ['nemo-rl'],
    severity: 'error',
    title: 'MXFP8 generation without FP8 or power-of-two scales',
    when: {
      all: [
        { key: 'policy.generation.vllm_cfg.is_mx', op: 'truthy' },
        {
          any: [
            { key: 'policy.generation.vllm_cfg.precision', op: 'ne', value: 'fp8' },
            {
              key: 'policy.generation.vllm_cfg.pow2_weight_scaling_factors',
              op: 'eq',
              value: false,
            },
            {
              key: 'policy.generation.vllm_cfg.pow2_activation_scaling_factors',
              op: 'eq',
              value: false,
            },
          ],
        },
      ],
    },
    message: 'is_mx needs precision: fp8 and power-of-two scales; the run stops at start.',
    remedy: 'Set precision: fp8 and power-of-two scales.',
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/RL',
        commit: '7ea279abfb',
        at: 'nemo_rl/models/generation/vllm/quantization/fp8.py:194',
        date: '2026-08-22',
      },
    ],
  },
];
