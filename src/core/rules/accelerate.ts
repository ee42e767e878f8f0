import type { Rule } from './rule.ts';

/** Rules of Accelerate’s config and launcher. */
export const accelerateRules: readonly Rule[] = [
  {
    id: 'accelerate-deepspeed-precision-conflict',
    frameworks: ['accelerate', 'trl', 'llama-factory', 'ms-swift'],
    severity: 'error',
    title: 'DeepSpeed’s file asks for the other 16-bit format',
    when: {
      any: [
        {
          all: [
            {
              any: [
                { key: 'mixed_precision', op: 'eq', value: 'bf16' },
                { key: 'bf16', op: 'eq', value: true },
              ],
            },
            { key: '$deepspeed.fp16.enabled', op: 'eq', value: true },
          ],
        },
        {
          all: [
            {
              any: [
                { key: 'mixed_precision', op: 'eq', value: 'fp16' },
                { key: 'fp16', op: 'eq', value: true },
              ],
            },
            { key: '$deepspeed.bf16.enabled', op: 'eq', value: true },
          ],
        },
      ],
    },
    message:
      'The arguments ask for one 16-bit format and the DeepSpeed config that they name switches the other one on; the run stops at start.',
    remedy: 'Let both sections of the DeepSpeed config say "auto".',
    fixes: [
      {
        title: 'Let DeepSpeed follow the arguments',
        set: [
          ['$deepspeed.fp16.enabled', 'auto'],
          ['$deepspeed.bf16.enabled', 'auto'],
        ],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/utils/dataclasses.py:1440',
        date: '2026-07-24',
      },
      { repository: 'huggingface/transformers', at: '#39849' },
    ],
  },
  {
    id: 'accelerate-fp8-falls-back-to-fp16',
    frameworks: ['accelerate', 'trl', 'axolotl', 'llama-factory'],
    severity: 'warning',
    title: 'FP8 falls back to FP16',
    when: {
      all: [
        { key: 'mixed_precision', op: 'eq', value: 'fp8' },
        { hardware: { vendor: 'NVIDIA', cc: { below: 8.9 } } },
      ],
    },
    message:
      'On a GPU without FP8 Accelerate trains in FP16, not BF16, after one warning: the run needs loss scaling and can overflow.',
    remedy: 'Set mixed_precision: bf16 on this accelerator.',
    fixes: [{ title: 'Train in BF16', set: [['mixed_precision', 'bf16']] }],
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/state.py:939',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'accelerate-fp8-config-unread-keys',
    frameworks: ['accelerate'],
    severity: 'warning',
    title: 'Spellings that Accelerate’s FP8 does not read',
    when: {
      any: [
        { key: 'fp8_config.amax_history_length', op: 'present' },
        { key: 'fp8_config.amax_compute_algorithm', op: 'present' },
        { key: 'fp8_config.optimization_level', op: 'present' },
      ],
    },
    message:
      'Accelerate’s own wizard writes these keys, but its FP8 reads amax_history_len, amax_compute_algo and opt_level: the defaults run instead.',
    remedy: 'Use amax_history_len, amax_compute_algo and opt_level.',
    verified: 'run',
    sources: [
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/commands/config/cluster.py:837',
        date: '2026-07-24',
      },
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/utils/dataclasses.py:424',
        date: '2026-07-24',
      },
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/utils/launch.py:96',
        date: '2026-07-24',
      },
      { repository: 'huggingface/accelerate', at: '#3054' },
    ],
  },
  {
    id: 'accelerate-override-linear-precision-string',
    frameworks: ['accelerate'],
    severity: 'error',
    title: 'override_linear_precision that is no list',
    when: { all: [{ key: 'fp8_config.override_linear_precision', op: 'notList' }] },
    message: 'The launcher indexes this value: a text or a single boolean fails at start.',
    remedy: 'Write a list, [false, false, false], or leave the key out.',
    fixes: [
      {
        title: 'Write a list',
        set: [['fp8_config.override_linear_precision', '[false, false, false]']],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/utils/launch.py:92',
        date: '2026-07-24',
      },
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'tests/test_configs/0_34_0_fp8.yaml:13',
        date: '2026-07-24',
      },
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'examples/config_yaml_templates/fp8.yaml:14',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'accelerate-fp8-backend-name',
    frameworks: ['accelerate'],
    severity: 'error',
    title: 'An unknown FP8 backend',
    when: {
      all: [
        { key: 'fp8_config.backend', op: 'present' },
        { key: 'fp8_config.backend', op: 'notIn', value: ['TE', 'AO', 'MSAMP', 'NO'] },
      ],
    },
    message: 'Accelerate knows TE, AO and MSAMP; this name stops the run at start.',
    remedy: 'Write AO for torchao, TE for Transformer Engine.',
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/utils/dataclasses.py:658',
        date: '2026-07-24',
      },
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'examples/config_yaml_templates/fp8.yaml:7',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'accelerate-fp8-pure-e5m2',
    frameworks: ['accelerate'],
    severity: 'error',
    title: 'Pure E5M2',
    when: { all: [{ key: 'fp8_config.fp8_format', op: 'eq', value: 'E5M2' }] },
    message: 'Transformer Engine does not train in E5M2 alone; the run stops at start.',
    remedy: 'Use HYBRID.',
    fixes: [{ title: 'Use HYBRID', set: [['fp8_config.fp8_format', 'HYBRID']] }],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/common/recipe/__init__.py:264',
        date: '2026-08-22',
      },
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/utils/dataclasses.py:307',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'accelerate-te-e4m3-gradients-delayed',
    frameworks: ['accelerate'],
    severity: 'information',
    title: 'E4M3 gradients under delayed scaling',
    when: {
      all: [
        { key: 'fp8_config.backend', op: 'eq', value: 'TE' },
        { key: 'fp8_config.fp8_format', op: 'eq', value: 'E4M3' },
        { key: 'fp8_config.use_mxfp8_block_scaling', op: 'falsy' },
      ],
    },
    message:
      'The TE backend scales a whole tensor, late; E4M3 then serves gradients too, with less range than HYBRID’s E5M2.',
    remedy: 'Use HYBRID for training.',
    fixes: [{ title: 'Use HYBRID', set: [['fp8_config.fp8_format', 'HYBRID']] }],
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/utils/dataclasses.py:389',
        date: '2026-07-24',
      },
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'examples/config_yaml_templates/fp8.yaml:11',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'accelerate-mxfp8-hardware',
    frameworks: ['accelerate'],
    severity: 'error',
    title: 'MXFP8 on hardware without it',
    when: {
      all: [
        { key: 'fp8_config.use_mxfp8_block_scaling', op: 'truthy' },
        {
          hardware: {
            anyOf: [
              { vendor: 'NVIDIA', cc: { below: 10 } },
              { vendor: 'NVIDIA', cc: { from: 12 } },
            ],
          },
        },
      ],
    },
    message:
      'use_mxfp8_block_scaling needs compute capability 10.x; this accelerator stops the run at start.',
    remedy: 'Drop the key.',
    fixes: [{ title: 'Drop the key', set: [['fp8_config.use_mxfp8_block_scaling', null]] }],
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/utils/transformer_engine.py:168',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'accelerate-torchao-fsdp-ram-efficient-loading',
    frameworks: ['accelerate', 'axolotl'],
    severity: 'error',
    title: 'torchao with RAM-efficient loading',
    when: {
      all: [
        { key: 'fp8_config.backend', op: 'eq', value: 'AO' },
        { key: 'distributed_type', op: 'eq', value: 'FSDP' },
        {
          key: [
            'fsdp_config.fsdp_cpu_ram_efficient_loading',
            'fsdp_config.cpu_ram_efficient_loading',
          ],
          op: 'truthy',
        },
      ],
    },
    message: 'torchao under FSDP2 cannot load RAM-efficiently; the run stops at start.',
    remedy: 'Set fsdp_cpu_ram_efficient_loading: false.',
    fixes: [
      { title: 'Load without it', set: [['fsdp_config.fsdp_cpu_ram_efficient_loading', false]] },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/accelerator.py:524',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'accelerate-msamp-with-fsdp',
    frameworks: ['accelerate'],
    severity: 'error',
    title: 'MS-AMP with FSDP',
    when: {
      all: [
        { key: 'fp8_config.backend', op: 'eq', value: 'MSAMP' },
        { key: 'distributed_type', op: 'eq', value: 'FSDP' },
      ],
    },
    message:
      'Accelerate does not support MS-AMP under FSDP; the run stops at start. MS-AMP is unmaintained as well.',
    remedy: 'Use the AO or TE backend.',
    fixes: [{ title: 'Use torchao', set: [['fp8_config.backend', 'AO']] }],
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'src/accelerate/accelerator.py:607',
        date: '2026-07-24',
      },
      {
        repository: 'huggingface/accelerate',
        commit: '16cb6eb80d',
        at: 'docs/source/usage_guides/low_precision_training.md:71',
        date: '2026-07-24',
      },
    ],
  },
];
