import { llamaPresets, type Preset } from './preset.ts';

/** Google's Gemma models; of the multimodal Gemma 3 only the language model. */
export function gemma(): readonly Preset[] {
  const head256 = { headDimension: 256, tied: true };
  const sandwich = { ...head256, normsPerLayer: 4 };
  const head128 = { headDimension: 128 };
  return [
    ...llamaPresets(
      'Gemma (arXiv 2403.08295), Tables 1 and 2, and its config.json',
      [
        ['gemma-2b gemma-1.1-2b codegemma-2b', [18, 2048, 8, 1, 16384, 256000], 2506172416],
        ['gemma-7b gemma-1.1-7b codegemma-7b', [28, 3072, 16, 16, 24576, 256000], 8537680896],
      ],
      head256,
    ),
    ...llamaPresets(
      'Gemma 2 (arXiv 2408.00118), Tables 1 and 2, and its config.json',
      [
        ['gemma-2-2b', [26, 2304, 8, 4, 9216, 256000], 2614341888],
        ['gemma-2-9b', [42, 3584, 16, 8, 14336, 256000], 9241705984],
        ['gemma-2-27b', [46, 4608, 32, 16, 36864, 256000], 27227128320, head128],
      ],
      sandwich,
    ),
    ...llamaPresets(
      'Gemma 3 (arXiv 2503.19786), Table 1, and its config.json, without the vision encoder',
      [
        ['gemma-3-270m', [18, 640, 4, 1, 2048, 262144], 268098176],
        ['gemma-3-1b', [26, 1152, 4, 1, 6912, 262144], 999885952],
        ['gemma-3-4b', [34, 2560, 8, 4, 10240, 262208], { nonEmbedding: '3209M' }],
        ['gemma-3-12b', [48, 3840, 16, 8, 15360, 262208], { nonEmbedding: '10759M' }],
        ['gemma-3-27b', [62, 5376, 32, 16, 21504, 262208], { nonEmbedding: '25600M' }, head128],
      ],
      { ...sandwich, queryKeyNorm: 'head' },
    ),
  ];
}
