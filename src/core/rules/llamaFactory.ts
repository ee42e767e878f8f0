import type { Rule } from './rule.ts';

/** Rules of LLaMA-Factory. */
export const llamaFactoryRules: readonly Rule[] = [
  {
    id: 'llamafactory-fp8-with-quantization',
    frameworks: ['llama-factory'],
    severity: 'error',
    title: 'FP8 training on quantised weights',
    when: {
      all: [
        { key: 'fp8', op: 'eq', value: true },
        { key: 'quantization_bit', op: 'present' },
      ],
    },
    message: 'LLaMA-Factory does not combine fp8 with quantization_bit; the run stops at start.',
    remedy: 'Keep one of the two.',
    verified: 'run',
    sources: [
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/hparams/parser.py:527',
        date: '2026-08-18',
      },
    ],
  },
  {
    id: 'llamafactory-fp8-inert-with-transformers-5',
    frameworks: ['llama-factory'],
    severity: 'warning',
    title: 'FP8 does nothing with transformers 5',
    when: {
      all: [{ key: 'fp8', op: 'eq', value: true }],
    },
    message:
      'With transformers 5 the Trainer hands its own format to Accelerate, and LLaMA-Factory’s fp8 switch is never read: the run is BF16. With 4, all backends but te scale a whole tensor.',
    remedy:
      'Use transformers 4.55 to 4.57, and check the log for FP8; the version is not in this file. What the log calls rowwise is Accelerate’s default, torchao tensorwise; fp8_backend: te is Transformer Engine’s delayed scaling.',
    yieldsTo: ['llamafactory-fp8-with-quantization', 'llamafactory-fp8-only-in-pt-and-sft'],
    verified: 'run',
    sources: [
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/train/fp8_utils.py:134',
        date: '2026-08-18',
      },
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/train/fp8_utils.py:215',
        date: '2026-08-18',
      },
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'pyproject.toml:43',
        date: '2026-08-18',
      },
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/train/fp8_utils.py:143',
        date: '2026-08-18',
      },
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/utils/dataclasses.py:354',
        date: '2026-07-24',
      },
      { repository: 'hiyouga/LlamaFactory', at: '#9500' },
    ],
  },
  {
    id: 'llamafactory-fp8-only-in-pt-and-sft',
    frameworks: ['llama-factory'],
    severity: 'warning',
    title: 'FP8 in a stage that ignores it',
    when: {
      all: [
        { key: 'fp8', op: 'eq', value: true },
        { key: 'stage', op: 'in', value: ['dpo', 'kto', 'rm', 'ppo'] },
      ],
    },
    message:
      'Only the pt and sft trainers set FP8 up; this stage trains in BF16, and nothing says so.',
    remedy: 'Drop fp8 in this stage.',
    fixes: [{ title: 'Drop fp8', set: [['fp8', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/train/sft/trainer.py:63',
        date: '2026-08-18',
      },
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/train/pt/trainer.py:47',
        date: '2026-08-18',
      },
    ],
  },
  {
    id: 'llamafactory-float8-all-gather-without-fp8',
    frameworks: ['llama-factory'],
    severity: 'warning',
    title: 'The float8 all-gather without fp8',
    when: {
      all: [
        { key: 'fp8_enable_fsdp_float8_all_gather', op: 'truthy' },
        { key: 'fp8', op: 'falsy' },
      ],
    },
    message: 'The key claims to switch fp8 on, but sets it where no trainer looks: FP8 stays off.',
    remedy: 'Set fp8: true.',
    fixes: [{ title: 'Set fp8', set: [['fp8', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/hparams/parser.py:549',
        date: '2026-08-18',
      },
    ],
  },
  {
    id: 'llamafactory-pure-bf16-no-master',
    frameworks: ['llama-factory'],
    severity: 'warning',
    title: 'Pure BF16 without a plan for small updates',
    when: {
      all: [
        { key: 'pure_bf16', op: 'truthy' },
        { key: 'finetuning_type', op: 'in', value: ['full', 'freeze'] },
        { key: 'use_galore', op: 'falsy' },
        { key: 'use_apollo', op: 'falsy' },
        { key: 'use_badam', op: 'falsy' },
      ],
    },
    message:
      'pure_bf16 updates BF16 weights: changes below about 0.4 % of a weight round to nothing. ZeRO-3 refuses it.',
    remedy: 'Use bf16: true, or an optimizer made for it (GaLore, APOLLO, BAdam).',
    fixes: [
      {
        title: 'Use mixed precision',
        set: [
          ['pure_bf16', null],
          ['bf16', true],
        ],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/hparams/parser.py:503',
        date: '2026-08-18',
      },
      { repository: 'pytorch/ao', at: '#1124' },
      { repository: 'meta-pytorch/torchtune', at: '#2254' },
    ],
  },
  {
    id: 'llamafactory-quantization-needs-lora',
    frameworks: ['llama-factory'],
    severity: 'error',
    title: 'Quantised weights without an adapter',
    when: {
      all: [
        { key: 'quantization_bit', op: 'present' },
        { key: 'finetuning_type', op: 'notIn', value: ['lora', 'oft'], default: 'lora' },
      ],
    },
    message: 'quantization_bit works with LoRA or OFT only; the run stops at start.',
    remedy: 'Set finetuning_type: lora.',
    fixes: [{ title: 'Train a LoRA', set: [['finetuning_type', 'lora']] }],
    verified: 'run',
    sources: [
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/hparams/parser.py:237',
        date: '2026-08-18',
      },
    ],
  },
  {
    id: 'llamafactory-8bit-with-fsdp-or-zero3',
    frameworks: ['llama-factory'],
    severity: 'error',
    title: '8-bit weights that FSDP or ZeRO-3 cannot shard',
    when: {
      all: [
        {
          any: [
            { key: 'quantization_bit', op: 'eq', value: 8 },
            { key: 'quantization_method', op: 'in', value: ['hqq', 'eetq'] },
          ],
        },
        {
          any: [
            { key: 'deepspeed', op: 'matches', value: 'z3|zero3|stage3' },
            { key: 'fsdp', op: 'present' },
          ],
        },
      ],
    },
    message:
      'Only 4-bit bitsandbytes weights can be sharded; 8-bit, HQQ and EETQ ones stop the run at start.',
    remedy: 'Use quantization_bit: 4 with quantization_method: bnb.',
    fixes: [
      {
        title: 'Use 4-bit weights',
        set: [
          ['quantization_bit', 4],
          ['quantization_method', 'bnb'],
        ],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/model/model_utils/quantization.py:199',
        date: '2026-08-18',
      },
    ],
  },
];
