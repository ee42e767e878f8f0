import { llamaPresets, mixture, type Preset } from './preset.ts';

/** Ai2's OLMo models: no norm parameters in the first, norms of whole queries and keys since OLMo 2. */
export function olmo(): readonly Preset[] {
  return [
    ...llamaPresets(
      'OLMo (arXiv 2402.00838), Table 1, and its config.json',
      [
        ['OLMo-1B OLMo-1B-0724', [16, 2048, 16, 16, 8192, 50304], 1176764416, { tied: true }],
        [
          'OLMo-7B OLMo-7B-0424 OLMo-7B-0724 OLMo-1.7-7B',
          [32, 4096, 32, 32, 11008, 50304],
          6888095744,
        ],
      ],
      { norm: 'none' },
    ),
    ...llamaPresets(
      '2 OLMo 2 Furious (arXiv 2501.00656) and its config.json',
      [
        ['OLMo-2-0425-1B OLMo-2-1B', [16, 2048, 16, 16, 8192, 100352], 1484916736],
        ['OLMo-2-1124-7B OLMo-2-7B', [32, 4096, 32, 32, 11008, 100352], 7298617344],
        ['OLMo-2-1124-13B OLMo-2-13B', [40, 5120, 40, 40, 13824, 100352], 13716198400],
        ['OLMo-2-0325-32B OLMo-2-32B', [64, 5120, 40, 8, 27648, 100352], 32234279936],
      ],
      { queryKeyNorm: 'full' },
    ),
    ...llamaPresets(
      'config.json of allenai/Olmo-3-1025-7B and Olmo-3-1125-32B',
      [
        ['Olmo-3-1025-7B Olmo-3-7B', [32, 4096, 32, 32, 11008, 100278], 7298011136],
        ['Olmo-3-1125-32B Olmo-3-32B', [64, 5120, 40, 8, 27648, 100278], '32.2B'],
      ],
      { queryKeyNorm: 'full' },
    ),
    ...llamaPresets('OLMoE (arXiv 2409.02060) and its config.json', [
      [
        'OLMoE-1B-7B-0924 OLMoE-1B-7B-0125 OLMoE-1B-7B',
        [16, 2048, 16, 16, 1024, 50304],
        6919161856,
        { ...mixture(16, 64, 8, 1024), queryKeyNorm: 'full' },
      ],
    ]),
  ];
}
