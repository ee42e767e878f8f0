import type { Rule } from '../rule.ts';

/** axolotl: 8-bit optimizers, and weights that bitsandbytes loads. */
export const axolotlOptimizer: readonly Rule[] = [
  {
    id: 'axolotl-8bit-optimizer-with-fsdp2',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'bitsandbytes’ 8-bit AdamW with FSDP2',
    when: {
      all: [
        { key: 'optimizer', op: 'in', value: ['adamw_8bit', 'adamw_bnb_8bit'] },
        { key: 'fsdp_version', op: 'eq', value: 2 },
        { key: 'fsdp_config.*', op: 'present' },
      ],
    },
    message:
      'FSDP2 cannot shard this optimizer’s states; axolotl stops at start and names adamw_torch_8bit.',
    remedy: 'Use adamw_torch_8bit.',
    fixes: [{ title: 'Use torchao’s 8-bit AdamW', set: [['optimizer', 'adamw_torch_8bit']] }],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/validation.py:1151',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-8bit-optimizer-with-fsdp-offload',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'An 8-bit optimizer with FSDP offload',
    when: {
      all: [
        { key: 'optimizer', op: 'matches', value: '8bit' },
        { key: ['fsdp_config.offload_params', 'fsdp_config.fsdp_offload_params'], op: 'truthy' },
        { key: 'fsdp_version', op: 'ne', value: 2 },
      ],
    },
    message: 'FSDP cannot offload bitsandbytes’ optimizer; the run stops at start.',
    remedy: 'Use adamw_torch_fused, or do not offload.',
    fixes: [{ title: 'Use the fused AdamW', set: [['optimizer', 'adamw_torch_fused']] }],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/validation.py:1136',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-8bit-optimizer-with-tp',
    frameworks: ['axolotl'],
    severity: 'warning',
    title: 'An 8-bit optimizer with tensor parallelism',
    when: {
      all: [
        { key: 'tensor_parallel_size', op: 'gt', value: 1 },
        { key: 'optimizer', op: 'in', value: ['paged_adamw_8bit', 'adamw_8bit', 'adamw_bnb_8bit'] },
      ],
    },
    message:
      'axolotl calls this unsupported, but the check is in a class that nothing uses: the optimizer meets sharded parameters unguarded.',
    remedy: 'Use adamw_torch_fused.',
    fixes: [{ title: 'Use the fused AdamW', set: [['optimizer', 'adamw_torch_fused']] }],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/validation.py:1780',
        date: '2026-07-24',
      },
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/validation.py:1772',
        date: '2026-07-24',
      },
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/validation.py:1916',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-quantization-config-with-bnb',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'Two ways to quantise the base model',
    when: {
      all: [
        { key: 'model_quantization_config', op: 'present' },
        {
          any: [
            { key: 'load_in_8bit', op: 'truthy' },
            { key: 'load_in_4bit', op: 'truthy' },
          ],
        },
      ],
    },
    message:
      'model_quantization_config and load_in_8bit or load_in_4bit exclude each other; the run stops at start.',
    remedy: 'Keep one.',
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/validation.py:1237',
        date: '2026-07-24',
      },
    ],
  },
];
