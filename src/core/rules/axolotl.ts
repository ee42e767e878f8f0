import type { Rule } from './rule.ts';

/** Rules of axolotl. */
export const axolotlRules: readonly Rule[] = [
  {
    id: 'axolotl-fp8-needs-fp8-gpu',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'FP8 on a GPU without FP8 units',
    when: {
      all: [
        { key: 'fp8', op: 'eq', value: true },
        { key: 'base_model', op: 'present' },
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
        { key: 'base_model', op: 'present' },
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
        { key: 'base_model', op: 'present' },
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
      all: [
        { key: 'bf16', op: 'eq', value: 'full' },
        { key: 'base_model', op: 'present' },
      ],
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
        { key: 'base_model', op: 'present' },
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
    id: 'axolotl-qat-int8-weight-only',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'INT8 weights alone cannot be trained for',
    when: {
      any: [
        {
          all: [
            { key: 'qat.*', op: 'present' },
            { key: 'qat.activation_dtype', op: 'absent' },
            { key: 'qat.weight_dtype', op: 'eq', value: 'int8', default: 'int8' },
          ],
        },
      ],
    },
    message:
      'torchao has no quantisation-aware training for INT8 weights alone, which is this section’s default; the run stops at start.',
    remedy: 'Use activation_dtype: int8 with weight_dtype: int4, or fp8 for both.',
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/quantization.py:78',
        date: '2026-07-24',
      },
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/quantization.py:41',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-qat-nvfp4-group-size',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'NVFP4 with another group than 16',
    when: {
      any: [
        {
          all: [
            { key: 'qat.weight_dtype', op: 'eq', value: 'nvfp4' },
            { key: 'qat.group_size', op: 'ne', value: 16, default: 32 },
          ],
        },
        {
          all: [
            { key: 'quantization.weight_dtype', op: 'eq', value: 'nvfp4' },
            { key: 'quantization.group_size', op: 'ne', value: 16, default: 32 },
          ],
        },
      ],
    },
    message: 'NVFP4 takes groups of 16; the default here is 32, and the run stops at start.',
    remedy: 'Set group_size: 16.',
    fixes: [
      { title: 'Use groups of 16', set: [[['qat.group_size', 'quantization.group_size'], 16]] },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/quantization.py:122',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-qat-mxfp4-group-size',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'MXFP4 with another group than 32',
    when: {
      any: [
        {
          all: [
            { key: 'qat.weight_dtype', op: 'eq', value: 'mxfp4' },
            { key: 'qat.group_size', op: 'ne', value: 32, default: 32 },
          ],
        },
        {
          all: [
            { key: 'quantization.weight_dtype', op: 'eq', value: 'mxfp4' },
            { key: 'quantization.group_size', op: 'ne', value: 32, default: 32 },
          ],
        },
      ],
    },
    message: 'MXFP4 takes groups of 32; the run stops at start.',
    remedy: 'Set group_size: 32.',
    fixes: [
      { title: 'Use groups of 32', set: [[['qat.group_size', 'quantization.group_size'], 32]] },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/quantization.py:132',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-qat-equal-int-dtypes',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'Equal integer types for weights and activations',
    when: {
      any: [
        {
          all: [
            { key: 'qat.activation_dtype', op: 'eq', value: 'int8' },
            { key: 'qat.weight_dtype', op: 'eq', value: 'int8', default: 'int8' },
          ],
        },
        {
          all: [
            { key: 'qat.activation_dtype', op: 'eq', value: 'int4' },
            { key: 'qat.weight_dtype', op: 'eq', value: 'int4' },
          ],
        },
      ],
    },
    message: 'torchao trains for no pair of equal integer types; the run stops at start.',
    remedy: 'Use activation_dtype: int8 with weight_dtype: int4.',
    fixes: [
      {
        title: 'Use INT8 activations, INT4 weights',
        set: [
          [['qat.activation_dtype', 'quantization.activation_dtype'], 'int8'],
          [['qat.weight_dtype', 'quantization.weight_dtype'], 'int4'],
        ],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/quantization.py:98',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-fake-quant-never-starts',
    frameworks: ['axolotl'],
    severity: 'warning',
    title: 'Fake quantisation that never starts',
    when: { all: [{ key: 'qat.fake_quant_after_n_steps', key2: 'max_steps', op: 'ge' }] },
    message:
      'Fake quantisation starts at step fake_quant_after_n_steps, and the run ends before that: the model never sees it.',
    remedy: 'Choose a step between 1 and the last one, or leave the key out.',
    verified: 'source',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/callbacks/qat.py:48',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-fake-quant-after-zero',
    frameworks: ['axolotl'],
    severity: 'warning',
    title: 'Fake quantisation after step 0 never starts',
    when: { all: [{ key: 'qat.fake_quant_after_n_steps', op: 'eq', value: 0 }] },
    message: 'A value of 0 switches fake quantisation off at step 0 and never on again.',
    remedy: 'Leave the key out to quantise from the first step.',
    fixes: [{ title: 'Quantise from the start', set: [['qat.fake_quant_after_n_steps', null]] }],
    verified: 'source',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/callbacks/qat.py:45',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-qat-with-bnb-loading',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'QAT on weights loaded in 8 or 4 bits',
    when: {
      all: [
        { key: 'qat.*', op: 'present' },
        {
          any: [
            { key: 'load_in_8bit', op: 'truthy' },
            { key: 'load_in_4bit', op: 'truthy' },
          ],
        },
      ],
    },
    message: 'Quantisation-aware training needs weights in full precision; the run stops at start.',
    remedy: 'Load in BF16.',
    fixes: [
      {
        title: 'Load in BF16',
        set: [
          ['load_in_8bit', null],
          ['load_in_4bit', null],
        ],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/schemas/config.py:2098',
        date: '2026-07-24',
      },
    ],
  },
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
  {
    id: 'axolotl-qat-nvfp4-base-config',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'NVFP4 QAT cannot start',
    when: { all: [{ key: 'qat.weight_dtype', op: 'eq', value: 'nvfp4' }] },
    message:
      'axolotl builds a torchao config that has no fake quantiser: with NVFP4 weights QAT stops at start, in its own examples too.',
    remedy:
      'Use mxfp4 with groups of 32, or int4 with INT8 activations; quantise to NVFP4 after training.',
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/quantization.py:123',
        date: '2026-07-24',
      },
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/quantization.py:357',
        date: '2026-07-24',
      },
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'pyproject.toml:85',
        date: '2026-07-24',
      },
      {
        repository: 'pytorch/ao',
        commit: '02105d46c6',
        at: 'torchao/quantization/qat/fake_quantize_config.py:431',
        date: '2026-03-25',
      },
      {
        repository: 'pytorch/ao',
        commit: '02105d46c6',
        at: 'torchao/quantization/qat/fake_quantize_config.py:504',
        date: '2026-03-25',
      },
    ],
  },
  {
    id: 'axolotl-qat-dtype-combination',
    frameworks: ['axolotl'],
    severity: 'error',
    title: 'A pair of types that axolotl’s QAT does not take',
    when: {
      any: [
        {
          all: [
            { key: 'qat.weight_dtype', op: 'in', value: ['fp8', 'float8_e4m3fn'] },
            { key: 'qat.activation_dtype', op: 'notIn', value: ['fp8', 'float8_e4m3fn'] },
          ],
        },
        {
          all: [
            { key: 'qat.weight_dtype', op: 'eq', value: 'int4' },
            { key: 'qat.activation_dtype', op: 'in', value: ['nvfp4', 'mxfp4'] },
          ],
        },
        {
          all: [
            { key: 'qat.*', op: 'present' },
            { key: 'qat.weight_dtype', op: 'eq', value: 'int8', default: 'int8' },
            {
              key: 'qat.activation_dtype',
              op: 'in',
              value: ['int4', 'fp8', 'float8_e4m3fn', 'nvfp4', 'mxfp4'],
            },
          ],
        },
      ],
    },
    message:
      'Of the pairs of weight and activation types only some work: int4 with none, int8 or fp8; fp8 with fp8; mxfp4. This one stops at start.',
    remedy: 'Use weight_dtype: int4 with activation_dtype: int8, or fp8 for both.',
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/quantization.py:142',
        date: '2026-07-24',
      },
    ],
  },
  {
    id: 'axolotl-qat-mxfp4-quantises-activations',
    frameworks: ['axolotl'],
    severity: 'warning',
    title: 'MXFP4 weights bring MXFP4 activations',
    when: {
      all: [
        { key: 'qat.weight_dtype', op: 'eq', value: 'mxfp4' },
        { key: 'qat.activation_dtype', op: 'ne', value: 'mxfp4' },
      ],
    },
    message:
      'For mxfp4 the activation type is not read: weights and activations are both trained for MXFP4.',
    remedy:
      'Write activation_dtype: mxfp4 if you want that; else int4 weights without an activation type.',
    fixes: [{ title: 'Say so', set: [['qat.activation_dtype', 'mxfp4']] }],
    verified: 'run',
    sources: [
      {
        repository: 'axolotl-ai-cloud/axolotl',
        commit: '067b021c8b',
        at: 'src/axolotl/utils/quantization.py:314',
        date: '2026-07-24',
      },
    ],
  },
];
