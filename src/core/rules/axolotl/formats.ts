import type { Rule } from '../rule.ts';

/** axolotl: FP8, BF16 and attention. */
export const axolotlFormats: readonly Rule[] = [
  {
    id: 'axolotl-fp8-needs-fp8-gpu',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'FP8 on a GPU without FP8 units',
    when: {
      all: [
        { key: 'fp8', op: 'eq', value: true },
        { hardware: { vendor: 'NVIDIA', cc: { below: 8.9 } } },
      ],
    },
    message: 'axolotl refuses fp8 below compute capability 8.9; the run stops at start.',
    remedy: 'Set fp8: false and bf16: true.',
    fixes: [
      {
        title: 'Train in BF16',
        set: [
          ['fp8', false],
          ['bf16', true],
        ],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/config.py:1787',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-float8-all-gather-needs-fsdp2',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'The float8 all-gather needs FSDP2',
    when: {
      all: [
        { key: 'fp8_enable_fsdp_float8_all_gather', op: 'truthy' },
        { key: 'fsdp_version', op: 'ne', value: 2 },
      ],
    },
    message:
      'fp8_enable_fsdp_float8_all_gather is accepted with fsdp_version: 2 only; the run stops at start.',
    remedy: 'Set fsdp_version: 2.',
    fixes: [{ title: 'Use FSDP2', set: [['fsdp_version', 2]] }],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/validation.py:448',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-fp8-without-compile',
    frameworks: ['axolotl'],
    severity: 'warning',
    title: 'FP8 without compilation',
    when: {
      all: [
        { key: 'fp8', op: 'eq', value: true },
        { key: 'torch_compile', op: 'falsy' },
      ],
    },
    message:
      'torchao’s FP8 gains speed through torch.compile only; without it the run is rarely faster than BF16.',
    remedy: 'Set torch_compile: true.',
    fixes: [{ title: 'Compile the model', set: [['torch_compile', true]] }],
    yieldsTo: ['axolotl-fp8-needs-fp8-gpu'],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/validation.py:429',
        date: '2026-07-24',
      },
      { repository: 'pytorch/ao', at: '#2262' },
    ],
  },
  {
    id: 'axolotl-fp8-with-fsdp-activation-checkpointing',
    frameworks: ['axolotl'],
    severity: 'warning',
    title: 'FP8 with FSDP’s activation checkpointing',
    when: {
      all: [
        { key: 'fp8', op: 'eq', value: true },
        {
          key: [
            'fsdp_config.activation_checkpointing',
            'fsdp_config.fsdp_activation_checkpointing',
          ],
          op: 'truthy',
        },
      ],
    },
    message:
      'axolotl warns that this may be slower than BF16: its authors measured a gain of 10 to 15 % only after switching the checkpointing off.',
    remedy: 'Switch activation_checkpointing off in fsdp_config.',
    fixes: [{ title: 'Switch it off', set: [['fsdp_config.activation_checkpointing', false]] }],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/validation.py:439',
        date: '2026-07-24',
      },
      { repository: 'axolotl-ai-cloud/axolotl', at: '#2926' },
    ],
  },
  {
    id: 'axolotl-fp8-attention-needs-sm90',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'FP8 attention before Hopper',
    when: {
      all: [
        { key: 'attn_implementation', op: 'eq', value: 'fp8' },
        { hardware: { vendor: 'NVIDIA', cc: { below: 9 } } },
      ],
    },
    message:
      'attn_implementation: fp8 needs compute capability 9.0 (and PyTorch 2.11); this accelerator stops the run at start.',
    remedy: 'Use flash_attention_2.',
    fixes: [{ title: 'Use FlashAttention 2', set: [['attn_implementation', 'flash_attention_2']] }],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/config.py:1835',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-bf16-full-rejected',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'bf16: full is no value',
    when: {
      all: [{ key: 'bf16', op: 'eq', value: 'full' }],
    },
    message: 'axolotl accepts true, false and auto here; “full” stops the run at start.',
    remedy: 'Write bf16: true.',
    fixes: [{ title: 'Write true', set: [['bf16', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/config.py:559',
        date: '2026-07-24',
      },
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/config.py:562',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-bfloat16-without-amp',
    frameworks: ['axolotl'],
    severity: 'warning',
    title: 'BF16 weights without autocast',
    when: {
      all: [
        { key: 'bfloat16', op: 'eq', value: true },
        { key: 'bf16', op: 'falsy' },
        { key: 'adapter', op: 'absent' },
      ],
    },
    message:
      'bfloat16: true loads the weights in BF16 without mixed precision: the optimizer updates BF16 weights, and small updates round to nothing.',
    remedy: 'Use bf16: true.',
    fixes: [
      {
        title: 'Use mixed precision',
        set: [
          ['bfloat16', null],
          ['bf16', true],
        ],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/config.py:582',
        date: '2026-07-24',
      },
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/trainer.py:686',
        date: '2026-07-24',
      },
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/config/__init__.py:192',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-sdpa-packing-bf16',
    frameworks: ['axolotl'],
    severity: 'warning',
    title: 'Packed samples with SDPA in BF16',
    when: {
      all: [
        { key: 'sample_packing', op: 'truthy' },
        { key: 'attn_implementation', op: 'eq', value: 'sdpa' },
        {
          any: [
            { key: 'bf16', op: 'in', value: [true, 'auto'] },
            { key: 'bfloat16', op: 'truthy' },
          ],
        },
        { hardware: { noneOf: [{ vendor: 'NVIDIA', cc: { from: 9, below: 9.1 } }] } },
      ],
    },
    message:
      'axolotl warns that sample packing with torch’s SDPA in BF16 may give a loss of 0 outside Hopper.',
    remedy: 'Use flash_attention_2.',
    fixes: [{ title: 'Use FlashAttention 2', set: [['attn_implementation', 'flash_attention_2']] }],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/config.py:1805',
        date: '2026-07-24',
      },
    ],
  },
];
