import { megatronFamily, plainMegatron } from '../families.ts';
import { fp4Format, fp8Format, fp8Recipe } from '../keys.ts';
import type { Rule } from '../rule.ts';

/** Megatron-LM: formats, recipes and keys that do nothing without them. */
export const megatronFormats: readonly Rule[] = [
  {
    id: 'megatron-fp8-mha-only-delayed',
    frameworks: ['megatron-bridge', 'nemo-rl', ...megatronFamily],
    severity: 'warning',
    title: 'fp8_multi_head_attention needs delayed scaling',
    when: {
      all: [
        {
          key: ['mixed_precision.fp8_multi_head_attention', 'fp8_multi_head_attention'],
          op: 'truthy',
        },
        { key: fp8Recipe, op: 'ne', value: 'delayed', default: 'tensorwise' },
      ],
    },
    message:
      'Only the delayed recipe hands this key on; with tensorwise, blockwise or mxfp8 it does nothing.',
    remedy: 'Use the delayed recipe, or drop the key.',
    yieldsTo: ['te-fp8-dpa-inert-with-blockwise'],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/extensions/transformer_engine.py:3351',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:779',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp16-and-bf16',
    frameworks: [...plainMegatron, 'primus'],
    severity: 'error',
    title: 'fp16 and bf16 at once',
    when: {
      all: [
        { key: 'fp16', op: 'truthy' },
        { key: 'bf16', op: 'truthy' },
      ],
    },
    message: 'Megatron stops at start when both are set, with a bare assertion that names neither.',
    remedy: 'Keep bf16.',
    fixes: [{ title: 'Keep BF16', set: [['fp16', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1196',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp8-and-fp4',
    frameworks: [...megatronFamily, 'megatron-bridge', 'ms-swift', 'primus'],
    severity: 'error',
    title: 'FP8 and FP4 at once',
    when: {
      all: [
        { key: fp8Format, op: 'in', value: ['hybrid', 'e4m3'] },
        { key: fp4Format, op: 'in', value: ['e2m1'] },
      ],
    },
    message: 'Megatron refuses an FP8 and an FP4 format together: these keys know no mixed recipe.',
    remedy: 'Keep one of the two.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1101',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:108',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp8-keys-without-format',
    frameworks: [...megatronFamily, 'ms-swift', 'primus'],
    syntaxes: ['shell'],
    severity: 'warning',
    title: 'FP8 keys without an FP8 format',
    when: {
      all: [
        {
          any: [
            { key: 'fp8_recipe', op: 'present' },
            { key: 'fp8_margin', op: 'present' },
            { key: 'fp8_amax_history_len', op: 'present' },
            { key: 'fp8_amax_compute_algo', op: 'present' },
            { key: 'first_last_layers_bf16', op: 'truthy' },
          ],
        },
        { key: ['fp8_format', 'fp8'], op: 'absent' },
        { key: ['fp4_format', 'fp4'], op: 'absent' },
      ],
    },
    message:
      'Nothing runs in FP8 until an FP8 (or FP4) format is set: these keys do nothing and the run is plain BF16.',
    remedy: 'Set an FP8 format: e4m3 for mxfp8 and blockwise, hybrid for the others.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:848',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-delayed-keys-with-other-recipe',
    frameworks: [...megatronFamily, 'ms-swift', 'megatron-bridge', 'primus'],
    severity: 'information',
    title: 'Keys of delayed scaling with another recipe',
    when: {
      all: [
        {
          any: [
            { key: 'fp8_margin', op: 'present' },
            { key: 'fp8_amax_history_len', op: 'present' },
            { key: 'fp8_amax_compute_algo', op: 'present' },
          ],
        },
        { key: 'fp8_recipe', op: 'in', value: ['tensorwise', 'blockwise', 'mxfp8'] },
      ],
    },
    message:
      'Margin and amax history belong to delayed scaling; the chosen recipe is built without them.',
    remedy: 'Drop the keys, or use the delayed recipe.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/extensions/transformer_engine.py:3361',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:778',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-delayed-history-of-one',
    frameworks: [...megatronFamily, 'ms-swift'],
    severity: 'information',
    title: 'Delayed scaling with a history of one',
    when: {
      all: [
        { key: 'fp8_format', op: 'in', value: ['hybrid', 'e4m3'] },
        { key: 'fp8_recipe', op: 'eq', value: 'delayed', default: 'delayed' },
        { key: 'fp8_amax_history_len', op: 'absent' },
      ],
    },
    message:
      'Megatron’s default history is one step, so each scale is the last step’s maximum; Transformer Engine’s own default is 1024 steps and their maximum.',
    remedy:
      'Set fp8-amax-history-len 1024 and fp8-amax-compute-algo max, or use tensorwise scaling.',
    fixes: [
      {
        title: 'Scale by the last 1024 steps',
        set: [
          ['fp8_amax_history_len', 1024],
          ['fp8_amax_compute_algo', 'max'],
        ],
      },
    ],
    yieldsTo: [
      'te-fp8-needs-cc-8-9',
      'megatron-fp8-and-fp4',
      'megatron-first-last-bf16-with-delayed',
      'megatron-delayed-recompute-moe-act',
    ],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA-NeMo/Megatron-Bridge',
        commit: '067f987df0',
        at: 'src/megatron/bridge/training/mixed_precision.py:229',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:621',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/TransformerEngine',
        commit: 'd0067d0da6',
        at: 'transformer_engine/common/recipe/__init__.py:255',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp8-interval-ignored',
    frameworks: [...megatronFamily, 'ms-swift', 'accelerate'],
    severity: 'information',
    title: 'fp8-interval is ignored',
    when: {
      all: [{ key: ['fp8_interval', 'fp8_config.interval'], op: 'ne', value: 1, default: 1 }],
    },
    message: 'Transformer Engine has ignored the interval since 1.8.',
    remedy: 'Drop the key.',
    fixes: [{ title: 'Drop the key', set: [[['fp8_interval', 'fp8_config.interval'], null]] }],
    verified: 'source',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/extensions/transformer_engine.py:3355',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-local-impl-has-no-fp8',
    frameworks: [...megatronFamily, 'ms-swift'],
    syntaxes: ['shell'],
    severity: 'warning',
    title: 'The local implementation has no FP8',
    when: {
      all: [
        { key: 'transformer_impl', op: 'eq', value: 'local' },
        {
          any: [
            { key: 'fp8_format', op: 'in', value: ['hybrid', 'e4m3'] },
            { key: 'fp4_format', op: 'eq', value: 'e2m1' },
          ],
        },
      ],
    },
    message:
      'FP8 acts on Transformer Engine’s layers only; with transformer-impl local the products stay in BF16, and nothing says so.',
    remedy: 'Use transformer-impl transformer_engine.',
    fixes: [{ title: 'Use Transformer Engine', set: [['transformer_impl', 'transformer_engine']] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/models/gpt/gpt_layer_specs.py:352',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/fp8_utils.py:864',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-fp8-without-bf16',
    frameworks: plainMegatron,
    syntaxes: ['shell'],
    severity: 'warning',
    title: 'FP8 in an FP32 run',
    when: {
      all: [
        { key: 'fp8_format', op: 'in', value: ['hybrid', 'e4m3'] },
        { key: 'bf16', op: 'falsy' },
        { key: 'fp16', op: 'falsy' },
      ],
    },
    message:
      'Without bf16 everything around the FP8 products, activations and communication too, runs in FP32, which is slow.',
    remedy: 'Add bf16.',
    fixes: [{ title: 'Train around FP8 in BF16', set: [['bf16', true]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1194',
        date: '2026-08-22',
      },
      { repository: 'NVIDIA/Megatron-LM', at: '#883' },
    ],
  },
  {
    id: 'megatron-custom-recipe-needs-factory',
    frameworks: megatronFamily,
    severity: 'error',
    title: 'A custom FP8 recipe without its factory',
    when: {
      all: [
        { key: 'fp8_recipe', op: 'eq', value: 'custom' },
        { key: 'fp8_quantizer_factory', op: 'absent' },
        { key: 'fp8_format', op: 'present' },
      ],
    },
    message: 'fp8-recipe custom needs fp8-quantizer-factory; without it the run stops at start.',
    remedy: 'Name the factory.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/transformer/transformer_config.py:1561',
        date: '2026-08-22',
      },
    ],
  },
];
