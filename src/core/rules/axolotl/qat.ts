import type { Rule } from '../rule.ts';

/** axolotl: quantisation-aware training. */
export const axolotlQat: readonly Rule[] = [
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
