import { llamaPresets, mixture, type Preset } from './preset.ts';

/** Mistral AI's dense models and mixtures. */
export function mistral(): readonly Preset[] {
  const head128 = { headDimension: 128 };
  return [
    ...llamaPresets('Mistral 7B (arXiv 2310.06825), Table 1, and its config.json', [
      [
        'Mistral-7B-v0.1 Mistral-7B Mistral-7B-v0.2 zephyr-7b-alpha zephyr-7b-beta zephyr-7b-full',
        [32, 4096, 32, 8, 14336, 32000],
        7241732096,
      ],
      ['Mistral-7B-v0.3 Mathstral-7B-v0.1', [32, 4096, 32, 8, 14336, 32768], 7248023552],
    ]),
    ...llamaPresets('config.json of the mistralai repositories', [
      [
        'Mistral-Nemo-2407 Mistral-Nemo Mistral-Nemo-12B',
        [40, 5120, 32, 8, 14336, 131072],
        12247782400,
        head128,
      ],
      ['Mistral-Small-2409 Codestral-22B-v0.1', [56, 6144, 48, 8, 16384, 32768], 22247282688],
      ['Mistral-Small-24B-2501', [40, 5120, 32, 8, 32768, 131072], 23572403200, head128],
      ['Mistral-Large-2407 Mistral-Large-2411', [88, 12288, 96, 8, 28672, 32768], 122610069504],
      ['Ministral-8B-2410', [36, 4096, 32, 8, 12288, 131072], 8019808256],
    ]),
    ...llamaPresets('Mixtral of Experts (arXiv 2401.04088), Table 1, and its config.json', [
      [
        'Mixtral-8x7B-v0.1 Mixtral-8x7B',
        [32, 4096, 32, 8, 14336, 32000],
        46702792704,
        mixture(32, 8, 2, 14336),
      ],
    ]),
    ...llamaPresets('config.json of mistralai/Mixtral-8x22B-Instruct-v0.1; “141B” as announced', [
      [
        'Mixtral-8x22B-v0.1 Mixtral-8x22B',
        [56, 6144, 48, 8, 16384, 32768],
        '141B',
        mixture(56, 8, 2, 16384),
      ],
    ]),
  ];
}
