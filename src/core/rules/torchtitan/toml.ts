import type { Rule } from '../rule.ts';

/** torchtitan: configs in TOML, v0.2. */
export const torchtitanToml: readonly Rule[] = [
  {
    id: 'torchtitan-float8-section-without-converter',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'warning',
    title: 'A float8 section without its converter',
    when: {
      all: [
        {
          any: [
            { key: 'quantize.linear.float8.recipe_name', op: 'present' },
            { key: 'quantize.linear.float8.enable_fsdp_float8_all_gather', op: 'truthy' },
            {
              key: 'quantize.linear.float8.precompute_float8_dynamic_scale_for_fsdp',
              op: 'truthy',
            },
            { key: 'float8.recipe_name', op: 'present' },
            { key: 'float8.enable_fsdp_float8_all_gather', op: 'truthy' },
          ],
        },
        {
          not: {
            any: [
              { key: 'model.converters', op: 'contains', value: 'quantize.linear.float8' },
              { key: 'model.converters', op: 'contains', value: 'float8' },
            ],
          },
        },
      ],
    },
    message:
      'Layers are converted for the names in model.converters only: this section configures nothing, and the run is BF16.',
    remedy: 'Add quantize.linear.float8 to model.converters.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/protocols/model_converter.py:62',
        date: '2026-02-20',
      },
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/models/llama3/train_configs/llama3_8b.toml:21',
        date: '2026-02-20',
      },
    ],
  },
  {
    id: 'torchtitan-converter-name-unregistered',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'error',
    title: 'A converter name that torchtitan does not know',
    when: {
      all: [
        {
          any: [
            { key: 'model.converters', op: 'contains', value: 'float8' },
            { key: 'model.converters', op: 'contains', value: 'mx' },
          ],
        },
        { key: 'quantize.*', op: 'present' },
      ],
    },
    message:
      'With quantize sections (v0.2 on) the converters are called quantize.linear.float8 and the like; the short name stops the run at start.',
    remedy:
      'Use quantize.linear.float8, quantize.grouped_mm.float8, quantize.linear.mx or quantize.grouped_mm.mx.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/components/quantization/float8.py:238',
        date: '2026-02-20',
      },
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/protocols/model_converter.py:62',
        date: '2026-02-20',
      },
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/models/llama3/train_configs/llama3_8b.toml:21',
        date: '2026-02-20',
      },
    ],
  },
  {
    id: 'torchtitan-recipe-name-with-float8-all-gather',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'error',
    title: 'A float8 recipe name and the float8 all-gather',
    when: {
      any: [
        {
          all: [
            { key: 'quantize.linear.float8.recipe_name', op: 'present' },
            { key: 'quantize.linear.float8.enable_fsdp_float8_all_gather', op: 'truthy' },
          ],
        },
        {
          all: [
            { key: 'float8.recipe_name', op: 'present' },
            { key: 'float8.enable_fsdp_float8_all_gather', op: 'truthy' },
          ],
        },
      ],
    },
    message:
      'enable_fsdp_float8_all_gather cannot be combined with any recipe_name; the run stops at start.',
    remedy: 'Drop recipe_name to gather in float8 (tensorwise), or switch the all-gather off.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/components/quantization/float8.py:67',
        date: '2026-02-20',
      },
      {
        repository: 'pytorch/ao',
        commit: '36027d82d1',
        at: 'torchao/float8/config.py:273',
        date: '2026-08-21',
      },
      { repository: 'pytorch/torchtitan', at: '#901' },
    ],
  },
  {
    id: 'torchtitan-precompute-scale-inert',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'warning',
    title: 'Precomputed scales that are not computed',
    when: {
      all: [
        { key: 'quantize.linear.float8.precompute_float8_dynamic_scale_for_fsdp', op: 'truthy' },
        {
          any: [
            { key: 'quantize.linear.float8.enable_fsdp_float8_all_gather', op: 'falsy' },
            { key: 'quantize.linear.float8.recipe_name', op: 'present' },
          ],
        },
      ],
    },
    message:
      'Scales are computed beforehand only with the float8 all-gather and without a recipe name; here the key does nothing.',
    remedy: 'Enable the float8 all-gather and drop recipe_name, or drop the key.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/components/quantization/float8.py:74',
        date: '2026-02-20',
      },
    ],
  },
  {
    id: 'torchtitan-emulate-ignored-with-recipe',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'warning',
    title: 'Emulation that a recipe name switches off',
    when: {
      all: [
        { key: 'quantize.linear.float8.emulate', op: 'truthy' },
        { key: 'quantize.linear.float8.recipe_name', op: 'present' },
      ],
    },
    message:
      'With recipe_name the emulate key is lost: the check for FP8 units is skipped, and the first product fails on a GPU without them.',
    remedy: 'Drop recipe_name when you emulate.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/components/quantization/float8.py:71',
        date: '2026-02-20',
      },
    ],
  },
  {
    id: 'torchtitan-float8-needs-sm89',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'error',
    title: 'Float8 on a GPU without FP8 units',
    when: {
      all: [
        {
          any: [
            { key: 'model.converters', op: 'contains', value: 'quantize.linear.float8' },
            { key: 'model.converters', op: 'contains', value: 'quantize.grouped_mm.float8' },
          ],
        },
        { key: 'quantize.linear.float8.emulate', op: 'falsy' },
        { hardware: { vendor: 'NVIDIA', cc: { below: 8.9 } } },
      ],
    },
    message:
      'torchtitan converts to float8 on compute capability 8.9 or later only; this accelerator stops the run at start.',
    remedy: 'Drop the converter on this accelerator.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/components/quantization/float8.py:43',
        date: '2026-02-20',
      },
      {
        repository: 'pytorch/torchtitan',
        commit: 'b5bcd76c66',
        at: 'torchtitan/components/quantization/float8.py:94',
        date: '2026-08-21',
      },
    ],
  },
  {
    id: 'torchtitan-mx-needs-sm100-or-gfx950',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'error',
    title: 'MXFP8 on hardware without it',
    when: {
      all: [
        {
          any: [
            { key: 'model.converters', op: 'contains', value: 'quantize.linear.mx' },
            { key: 'model.converters', op: 'contains', value: 'quantize.grouped_mm.mx' },
          ],
        },
        { hardware: { anyOf: [{ vendor: 'NVIDIA', cc: { below: 10 } }, { arch: 'gfx942' }] } },
      ],
    },
    message:
      'torchtitan’s MX converter needs Blackwell (compute capability 10.0) or AMD gfx950; this accelerator stops the run at start.',
    remedy: 'On Hopper use quantize.linear.float8 with the rowwise recipe.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/components/quantization/mx.py:44',
        date: '2026-02-20',
      },
    ],
  },
  {
    id: 'torchtitan-mx-compile-with-tp',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'error',
    title: 'Compiled MXFP8 with tensor parallelism',
    when: {
      all: [
        { key: 'model.converters', op: 'contains', value: 'quantize.linear.mx' },
        { key: 'compile.enable', op: 'truthy' },
        { key: 'parallelism.tensor_parallel_degree', op: 'gt', value: 1 },
      ],
    },
    message:
      'torchtitan does not compile MXFP8 under tensor parallelism yet; the run stops at start.',
    remedy:
      'Use FSDP alone (tensor_parallel_degree = 1), or switch compilation off, which is slow.',
    fixes: [{ title: 'Use FSDP alone', set: [['parallelism.tensor_parallel_degree', 1]] }],
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/components/quantization/mx.py:52',
        date: '2026-02-20',
      },
    ],
  },
  {
    id: 'torchtitan-float8-moe-parallelism',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'error',
    title: 'Float8 experts with pipeline or context parallelism',
    when: {
      all: [
        { key: 'model.converters', op: 'contains', value: 'quantize.grouped_mm.float8' },
        {
          any: [
            { key: 'parallelism.pipeline_parallel_degree', op: 'gt', value: 1 },
            { key: 'parallelism.context_parallel_degree', op: 'gt', value: 1 },
          ],
        },
      ],
    },
    message:
      'torchtitan’s float8 experts take neither pipeline nor context parallelism yet; the run stops at start.',
    remedy: 'Set both degrees to 1, or leave the experts in BF16.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/components/quantization/float8.py:195',
        date: '2026-02-20',
      },
    ],
  },
  {
    id: 'torchtitan-mixed-quantisation-types',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'error',
    title: 'Float8 and MX converters mixed',
    when: {
      all: [
        { key: 'model.converters', op: 'containsMatch', value: '^quantize\\..*\\.float8$' },
        { key: 'model.converters', op: 'containsMatch', value: '^quantize\\..*\\.mx$' },
      ],
    },
    message:
      'torchtitan takes one kind of quantisation for dense and expert layers; mixed, the run stops at start.',
    remedy: 'Use the same kind for both.',
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/components/quantization/__init__.py:54',
        date: '2026-02-20',
      },
    ],
  },
  {
    id: 'torchtitan-float8-tp-not-in-float8',
    frameworks: ['torchtitan'],
    syntaxes: ['toml', 'shell'],
    severity: 'information',
    title: 'Tensor-parallel traffic stays in BF16',
    when: {
      all: [
        { key: 'model.converters', op: 'contains', value: 'quantize.linear.float8' },
        { key: 'quantize.linear.float8.recipe_name', op: 'absent' },
        { key: 'parallelism.tensor_parallel_degree', op: 'gt', value: 1 },
      ],
    },
    message:
      'In torchtitan v0.2 the float8 tensor-parallel plan is looked up by an old converter name and never taken: its all-gather runs in BF16.',
    remedy: 'Nothing in the config changes it; expect BF16 traffic.',
    verified: 'source',
    sources: [
      {
        repository: 'pytorch/torchtitan',
        commit: '73a0e6979d',
        at: 'torchtitan/models/llama3/infra/parallelize.py:77',
        date: '2026-02-20',
      },
    ],
  },
  {
    id: 'torchao-force-recompute-no-op',
    frameworks: ['nemo-automodel'],
    severity: 'information',
    title: 'A deprecated torchao key',
    when: {
      all: [
        {
          key: ['fp8.force_recompute_fp8_weight_in_bwd', 'force_recompute_fp8_weight_in_bwd'],
          op: 'truthy',
        },
      ],
    },
    message: 'torchao no longer does anything with force_recompute_fp8_weight_in_bwd.',
    remedy: 'Drop it.',
    fixes: [{ title: 'Drop the key', set: [['fp8.force_recompute_fp8_weight_in_bwd', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'pytorch/ao',
        commit: '36027d82d1',
        at: 'torchao/float8/config.py:313',
        date: '2026-08-21',
      },
    ],
  },
];
