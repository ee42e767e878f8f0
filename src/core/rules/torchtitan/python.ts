import type { Rule } from '../rule.ts';

/** torchtitan: configs in Python, and rules of both generations. */
export const torchtitanPython: readonly Rule[] = [
  {
    id: 'torchtitan-auto-filter-with-gw-hp',
    frameworks: ['torchtitan'],
    severity: 'error',
    title: 'The automatic filter with rowwise_with_gw_hp',
    when: {
      any: [
        {
          all: [
            {
              key: 'quantize.linear.float8.filter_fqns',
              op: 'contains',
              value: 'auto_filter_small_kn',
            },
            { key: 'quantize.linear.float8.recipe_name', op: 'eq', value: 'rowwise_with_gw_hp' },
          ],
        },
        {
          all: [
            {
              key: 'Float8LinearConverter.Config.filter_fqns',
              op: 'contains',
              value: 'auto_filter_small_kn',
            },
            {
              key: 'Float8LinearConverter.Config.recipe_name',
              op: 'eq',
              value: 'rowwise_with_gw_hp',
            },
          ],
        },
      ],
    },
    message:
      'torchao’s auto_filter_small_kn has no table for rowwise_with_gw_hp; the run stops at start.',
    remedy: 'Name the modules in place of auto_filter_small_kn.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/ao',
        commit: '36027d82d1',
        at: 'torchao/float8/float8_linear_utils.py:159',
        date: '2026-08-21',
      },
    ],
  },
  {
    id: 'torchtitan-training-dtype-bf16',
    frameworks: ['torchtitan'],
    severity: 'warning',
    title: 'Weights and optimizer in BF16',
    when: {
      any: [
        { key: 'training.dtype', op: 'eq', value: 'bfloat16' },
        { key: 'TrainingConfig.dtype', op: 'eq', value: 'bfloat16' },
      ],
    },
    message:
      'training.dtype = bfloat16 keeps parameters, gradients and optimizer states in BF16 without an FP32 copy: small updates round to nothing. BF16 compute is the default anyway.',
    remedy: 'Leave training.dtype at float32; mixed_precision_param is BF16 by default.',
    fixes: [{ title: 'Keep FP32 weights', set: [['training.dtype', 'float32']] }],
    verified: 'source',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/config/job_config.py:277',
        date: '2026-02-20',
      },
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/config/configs.py:89',
        date: '2026-08-21',
      },
      { repository: 'pytorch/ao', at: '#1124' },
    ],
  },
  {
    id: 'torchtitan-py-emulate-drops-recipe',
    frameworks: ['torchtitan'],
    syntaxes: ['python'],
    severity: 'warning',
    title: 'Emulation runs another recipe',
    when: { all: [{ key: 'Float8LinearConverter.Config.emulate', op: 'truthy' }] },
    message:
      'With emulate=True the named recipe is replaced by tensorwise scaling with E5M2 gradients, while the log still names it: an accuracy check measures another format.',
    remedy: 'Use emulate for smoke tests only.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/float8.py:117',
        date: '2026-08-21',
      },
    ],
  },
  {
    id: 'torchtitan-py-auto-filter-converts-nothing',
    frameworks: ['torchtitan'],
    syntaxes: ['python'],
    severity: 'warning',
    title: 'A filter that converts no layer',
    when: {
      all: [
        {
          key: 'Float8LinearConverter.Config.filter_fqns',
          op: 'contains',
          value: 'auto_filter_small_kn',
        },
      ],
    },
    message:
      'In this torchtitan auto_filter_small_kn rejects every layer config: nothing runs in FP8, and the log still reports success.',
    remedy: 'Name the small layers in filter_fqns.',
    yieldsTo: ['torchtitan-auto-filter-with-gw-hp'],
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/float8.py:157',
        date: '2026-08-21',
      },
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/float8.py:137',
        date: '2026-08-21',
      },
      {
        repository: 'pytorch/ao',
        commit: '36027d82d1',
        at: 'torchao/float8/float8_linear_utils.py:164',
        date: '2026-08-21',
      },
    ],
  },
  {
    id: 'torchtitan-py-mxfp8-recipe-name',
    frameworks: ['torchtitan'],
    syntaxes: ['python'],
    severity: 'error',
    title: 'A key that MXFP8LinearConverter does not have',
    when: { all: [{ key: 'MXFP8LinearConverter.Config.recipe_name', op: 'present' }] },
    message:
      'MXFP8LinearConverter.Config takes no recipe_name (the grouped-experts one does); the config fails to load.',
    remedy: 'Drop recipe_name.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/mx.py:50',
        date: '2026-08-21',
      },
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/mxfp8.md:55',
        date: '2026-08-21',
      },
    ],
  },
  {
    id: 'torchtitan-py-nvfp4-converts-lm-head',
    frameworks: ['torchtitan'],
    syntaxes: ['python'],
    severity: 'error',
    title: 'NVFP4 on the output head too',
    when: {
      all: [
        { key: 'NVFP4LinearConverter.Config()', op: 'present' },
        { key: 'NVFP4LinearConverter.Config.fqns', op: 'absent' },
      ],
    },
    message:
      'Without fqns NVFP4LinearConverter converts every linear layer, the head included: widths that are no multiple of 128 fail, others lose the stability the recipe keeps.',
    remedy: 'Pass fqns=["layers"].',
    verified: 'source',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/nvfp4.py:277',
        date: '2026-08-21',
      },
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/nvfp4.py:107',
        date: '2026-08-21',
      },
    ],
  },
  {
    id: 'torchtitan-py-mx-nvfp4-needs-sm100',
    frameworks: ['torchtitan'],
    syntaxes: ['python'],
    severity: 'error',
    title: 'MXFP8 or NVFP4 before Blackwell',
    when: {
      all: [
        {
          any: [
            { key: 'MXFP8LinearConverter.Config()', op: 'present' },
            { key: 'MXFP8GroupedExpertsConverter.Config()', op: 'present' },
            { key: 'NVFP4LinearConverter.Config()', op: 'present' },
          ],
        },
        { hardware: { anyOf: [{ vendor: 'NVIDIA', cc: { below: 10 } }, { vendor: 'AMD' }] } },
      ],
    },
    message:
      'torchtitan’s MXFP8 and NVFP4 converters need compute capability 10.0, and have no AMD path; this accelerator stops the run at start.',
    remedy: 'Use Float8LinearConverter with the rowwise recipe.',
    verified: 'source',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/mx.py:71',
        date: '2026-08-21',
      },
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/nvfp4.py:292',
        date: '2026-08-21',
      },
    ],
  },
];
