import { llamaPresets, type Preset } from './preset.ts';

/** NVIDIA's Nemotron-4 and Minitron: squared ReLU (two matrices), layer norms with a bias. */
export function nemotron(): readonly Preset[] {
  const head128 = { headDimension: 128 };
  return [
    ...llamaPresets(
      'Nemotron-4 15B (arXiv 2402.16819), Table 1, and Nemotron-4 340B (arXiv 2406.11704), Table 1',
      [
        ['Nemotron-4-15B', [32, 6144, 48, 8, 24576, 256000], { nonEmbedding: '12.5B' }],
        ['Nemotron-4-340B', [96, 18432, 96, 8, 73728, 256000], { nonEmbedding: '331.6B' }],
      ],
      { gated: false, norm: 'weight-and-bias' },
    ),
    ...llamaPresets(
      'Minitron (arXiv 2407.14679) and its config.json',
      [
        ['Minitron-8B', [32, 4096, 48, 8, 16384, 256000], { nonEmbedding: '6.2B' }],
        ['Minitron-4B', [32, 3072, 24, 8, 9216, 256000], { nonEmbedding: '2.6B' }],
      ],
      { gated: false, norm: 'weight-and-bias', ...head128 },
    ),
    ...llamaPresets('config.json of nvidia/Llama-3.1-Minitron-4B-Width-Base', [
      ['Llama-3.1-Minitron-4B-Width', [32, 3072, 32, 8, 9216, 128256], '4.51B', head128],
    ]),
  ];
}
