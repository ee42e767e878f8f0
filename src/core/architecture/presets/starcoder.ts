import { gptPresets, type Preset } from './preset.ts';

/** BigCode's StarCoder (multi-query, learned positions) and StarCoder2. */
export function starcoder(): readonly Preset[] {
  return [
    ...gptPresets(
      'StarCoder (arXiv 2305.06161) and its config.json',
      [
        ['starcoderbase-1b', [24, 2048, 16, 49152], 1137207296],
        ['starcoder starcoderbase', [40, 6144, 48, 49152], 15517456384],
      ],
      { keyValueHeads: 1, learnedPositions: 8192 },
    ),
    ...gptPresets('StarCoder2 (arXiv 2402.19173) and its config.json', [
      [
        'starcoder2-3b',
        [30, 3072, 24, 49152],
        3030371328,
        { keyValueHeads: 2, feedForward: 12288 },
      ],
      [
        'starcoder2-7b',
        [32, 4608, 36, 49152],
        7173923840,
        { keyValueHeads: 4, feedForward: 18432 },
      ],
      [
        'starcoder2-15b',
        [40, 6144, 48, 49152],
        15957889024,
        { keyValueHeads: 4, feedForward: 24576, tied: false },
      ],
    ]),
  ];
}
