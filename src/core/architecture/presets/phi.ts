import { gptPresets, llamaPresets, type Preset } from './preset.ts';

/** Microsoft's Phi models: GPT-like up to Phi-2, Llama-like since Phi-3. */
export function phi(): readonly Preset[] {
  return [
    ...gptPresets(
      'config.json and safetensors of microsoft/phi-1, phi-1_5 and phi-2',
      [
        ['phi-1 phi-1_5 phi-1.5', [24, 2048, 32, 51200], 1418270720],
        ['phi-2', [32, 2560, 32, 51200], 2779683840],
      ],
      {
        tied: false,
        normsPerLayer: 1,
        biases: { queryKeyValue: true, attentionOutput: true, feedForward: true, head: true },
      },
    ),
    ...llamaPresets('Phi-3 (arXiv 2404.14219) and its config.json', [
      [
        'Phi-3-mini-4k Phi-3-mini-128k Phi-3-mini Phi-3.5-mini',
        [32, 3072, 32, 32, 8192, 32064],
        3821079552,
      ],
      [
        'Phi-3-medium-4k Phi-3-medium-128k Phi-3-medium',
        [40, 5120, 40, 10, 17920, 32064],
        13960238080,
      ],
    ]),
    ...llamaPresets('Phi-4 (arXiv 2412.08905) and its config.json', [
      [
        'phi-4 Phi-4-reasoning Phi-4-reasoning-plus',
        [40, 5120, 40, 10, 17920, 100352],
        14659507200,
      ],
      [
        'Phi-4-mini Phi-4-mini-reasoning',
        [32, 3072, 24, 8, 8192, 200064],
        3836021760,
        { tied: true },
      ],
    ]),
  ];
}
