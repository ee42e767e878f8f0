import type { Rule } from './rule.ts';

/** Rules of NeMo Automodel. */
export const nemoAutomodelRules: readonly Rule[] = [
  {
    id: 'automodel-fp8-without-compile',
    frameworks: ['nemo-automodel'],
    severity: 'warning',
    title: 'FP8 without compilation',
    when: {
      all: [
        { key: 'fp8.enabled', op: 'truthy' },
        { key: 'compile.enabled', op: 'falsy' },
      ],
    },
    message:
      'torchao’s FP8 gains speed through torch.compile only: without it the casts and maxima cost what the products save.',
    remedy: 'Enable compile.',
    fixes: [{ title: 'Compile the model', set: [['compile.enabled', true]] }],
    yieldsTo: ['automodel-fp8-needs-sm89'],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'docs/guides/fp8-training.mdx:22',
        date: '2026-08-22',
      },
      { repository: 'pytorch/ao', at: '#2262' },
    ],
  },
  {
    id: 'automodel-rowwise-inert-keys',
    frameworks: ['nemo-automodel'],
    severity: 'warning',
    title: 'Keys that rowwise scaling drops',
    when: {
      all: [
        { key: 'fp8.recipe_name', op: 'in', value: ['rowwise', 'rowwise_with_gw_hp'] },
        {
          any: [
            { key: 'fp8.enable_fsdp_float8_all_gather', op: 'truthy' },
            { key: 'fp8.precompute_float8_dynamic_scale_for_fsdp', op: 'truthy' },
            { key: 'fp8.emulate', op: 'truthy' },
          ],
        },
      ],
    },
    message:
      'Rowwise recipes ignore the float8 all-gather, precomputed scales and emulation: traffic stays in BF16 and nothing is emulated.',
    remedy: 'Use the tensorwise recipe for the float8 all-gather, or drop the keys.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'nemo_automodel/components/quantization/fp8.py:202',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'nemo_automodel/components/quantization/fp8.py:212',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'automodel-precompute-needs-named-tensorwise',
    frameworks: ['nemo-automodel'],
    severity: 'information',
    title: 'Precomputed scales need two more keys',
    when: {
      all: [
        { key: 'fp8.precompute_float8_dynamic_scale_for_fsdp', op: 'truthy' },
        {
          not: {
            all: [
              { key: 'fp8.recipe_name', op: 'eq', value: 'tensorwise' },
              { key: 'fp8.enable_fsdp_float8_all_gather', op: 'truthy' },
            ],
          },
        },
      ],
    },
    message:
      'Scales are precomputed only where recipe_name: tensorwise is written out and the float8 all-gather is on.',
    remedy: 'Write recipe_name: tensorwise and enable_fsdp_float8_all_gather: true.',
    fixes: [
      {
        title: 'Name the recipe and gather in float8',
        set: [
          ['fp8.recipe_name', 'tensorwise'],
          ['fp8.enable_fsdp_float8_all_gather', true],
        ],
      },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'nemo_automodel/components/quantization/fp8.py:196',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'automodel-fp8-needs-sm89',
    frameworks: ['nemo-automodel'],
    severity: 'error',
    title: 'FP8 on a GPU without FP8 units',
    when: {
      all: [
        { key: 'fp8.enabled', op: 'truthy' },
        { key: 'fp8.emulate', op: 'falsy' },
        { hardware: { vendor: 'NVIDIA', cc: { below: 8.9 } } },
      ],
    },
    message:
      'Automodel’s FP8 needs compute capability 8.9; this accelerator stops the run at start.',
    remedy: 'Disable fp8 on this accelerator.',
    fixes: [{ title: 'Train in BF16', set: [['fp8.enabled', false]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'nemo_automodel/components/quantization/fp8.py:222',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'automodel-te-fp8-needs-te-backend',
    frameworks: ['nemo-automodel'],
    severity: 'error',
    title: 'te_fp8 without Transformer Engine layers',
    when: {
      all: [
        {
          any: [
            { key: 'model.backend.te_fp8', op: 'present' },
            { key: 'model.backend.te_fp8.*', op: 'present' },
          ],
        },
        { key: 'model.backend.linear', op: 'in', value: ['torch', 'quack'] },
        { key: 'model.backend.experts', op: 'ne', value: 'te' },
      ],
    },
    message: 'te_fp8 needs linear or experts on the te backend; the run stops at start.',
    remedy: 'Set model.backend.linear: te.',
    fixes: [
      { title: 'Use Transformer Engine’s linear layers', set: [['model.backend.linear', 'te']] },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'nemo_automodel/components/models/common/utils.py:451',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'automodel-te-experts-need-dispatcher',
    frameworks: ['nemo-automodel'],
    severity: 'warning',
    title: 'Experts that fall back to torch',
    when: {
      all: [
        { key: 'model.backend.experts', op: 'in', value: ['te', 'gmm'] },
        { key: 'model.backend.dispatcher', op: 'eq', value: 'torch' },
      ],
    },
    message:
      'With dispatcher: torch the experts are switched to torch_mm, logged at info level only: with te_fp8 they run in BF16.',
    remedy: 'Use deepep, hybridep or another dispatcher.',
    fixes: [{ title: 'Dispatch by deepep', set: [['model.backend.dispatcher', 'deepep']] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'nemo_automodel/components/models/common/utils.py:422',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'automodel-mxfp8-experts-fall-back',
    frameworks: ['nemo-automodel'],
    severity: 'warning',
    title: 'MXFP8 experts fall back to BF16',
    when: {
      all: [
        { key: 'model.backend.experts', op: 'eq', value: 'torch_mm_mxfp8' },
        { hardware: { vendor: 'NVIDIA', cc: { below: 10 } } },
      ],
    },
    message: 'Below compute capability 10.0 every expert product runs in BF16, after one warning.',
    remedy: 'Use torch_mm, or Blackwell.',
    fixes: [{ title: 'Say torch_mm', set: [['model.backend.experts', 'torch_mm']] }],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'nemo_automodel/components/moe/mxfp8.py:141',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'automodel-adamw-bf16-state',
    frameworks: ['nemo-automodel'],
    severity: 'information',
    title: 'AdamW on BF16 weights',
    when: {
      all: [
        { key: 'optimizer._target_', op: 'in', value: ['torch.optim.AdamW', 'torch.optim.Adam'] },
        {
          key: 'model.torch_dtype',
          op: 'in',
          value: ['bfloat16', 'bf16', 'torch.bfloat16', 'auto'],
          default: 'auto',
        },
        { key: 'peft.*', op: 'absent' },
      ],
    },
    message:
      'With weights loaded in BF16 torch’s AdamW keeps both moments in BF16 too, which NVIDIA’s guide accepts for short fine-tunes and LoRA only.',
    remedy: 'Load in float32 (FSDP2 computes in BF16), or use FusedAdam with master_weights: true.',
    fixes: [{ title: 'Load the weights in FP32', set: [['model.torch_dtype', 'float32']] }],
    // Its guide accepts this in short tuning, and half the files it ships do it.
    byDefault: { all: [{ role: 'pretrain' }, { key: 'model.torch_dtype', op: 'present' }] },
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'docs/guides/mixed-precision-training.mdx:8',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'docs/guides/mixed-precision-training.mdx:104',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'automodel-te-fp8-recipe-hardware',
    frameworks: ['nemo-automodel'],
    severity: 'error',
    title: 'A Transformer Engine recipe that this GPU lacks',
    when: {
      any: [
        {
          all: [
            { key: 'model.backend.te_fp8.recipe', op: 'eq', value: 'mxfp8' },
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
        {
          all: [
            { key: 'model.backend.te_fp8.recipe', op: 'eq', value: 'block' },
            { hardware: { vendor: 'NVIDIA', cc: { below: 9 } } },
          ],
        },
        {
          all: [
            { key: 'model.backend.te_fp8.*', op: 'present' },
            { hardware: { vendor: 'NVIDIA', cc: { below: 8.9 } } },
          ],
        },
      ],
    },
    message:
      'Transformer Engine refuses this recipe on this accelerator in the first step: mxfp8 needs 10.x, block 9.0, any FP8 8.9.',
    remedy: 'Use recipe: current on Ada and Hopper.',
    fixes: [{ title: 'Scale per tensor', set: [['model.backend.te_fp8.recipe', 'current']] }],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Automodel',
        commit: '36044ad3d1',
        at: 'nemo_automodel/components/models/common/utils.py:118',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/pytorch/quantization.py:168',
        date: '2026-08-22',
      },
    ],
  },
];
