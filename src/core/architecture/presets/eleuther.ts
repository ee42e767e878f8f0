import { gptPresets, type GptRow, type Preset } from './preset.ts';

const pythia: GptRow[] = [
  ['14m', [6, 128, 4, 50304], { total: 14067712, nonEmbedding: 1189888 }],
  ['31m', [6, 256, 8, 50304], { total: 30494720, nonEmbedding: 4739072 }],
  ['70m', [6, 512, 8, 50304], { total: 70426624, nonEmbedding: 18915328 }],
  ['160m', [12, 768, 12, 50304], { total: 162322944, nonEmbedding: 85056000 }],
  ['410m', [24, 1024, 16, 50304], { total: 405334016, nonEmbedding: 302311424 }],
  ['1b', [16, 2048, 8, 50304], { total: 1011781632, nonEmbedding: 805736448 }],
  ['1.4b', [24, 2048, 16, 50304], { total: 1414647808, nonEmbedding: 1208602624 }],
  ['2.8b', [32, 2560, 32, 50304], { total: 2775208960, nonEmbedding: 2517652480 }],
  ['6.9b', [32, 4096, 32, 50432], { total: 6857302016, nonEmbedding: 6444163072 }],
  ['12b', [36, 5120, 40, 50688], { total: 11846072320, nonEmbedding: 11327027200 }],
];

/** EleutherAI's Pythia, GPT-NeoX, GPT-J and GPT-Neo. */
export function eleuther(): readonly Preset[] {
  const untied = { tied: false };
  return [
    ...gptPresets(
      'Pythia (arXiv 2304.01373) and the model table of EleutherAI/pythia',
      pythia.map(([size, ...row]) => [`pythia-${size} pythia-${size}-deduped`, ...row]),
      untied,
    ),
    ...gptPresets(
      'GPT-NeoX-20B (arXiv 2204.06745)',
      [['gpt-neox-20b', [44, 6144, 64, 50432], 20554567680]],
      untied,
    ),
    ...gptPresets(
      'Model card and config.json of EleutherAI/gpt-j-6B',
      [['gpt-j-6b', [28, 4096, 16, 50400], '6.05B']],
      {
        tied: false,
        normsPerLayer: 1,
        biases: { queryKeyValue: false, attentionOutput: false, feedForward: true, head: true },
      },
    ),
    ...gptPresets(
      'config.json of the EleutherAI/gpt-neo repositories',
      [
        ['gpt-neo-125m', [12, 768, 12, 50257], 125198592],
        ['gpt-neo-1.3B', [24, 2048, 16, 50257], 1315575808],
        ['gpt-neo-2.7B', [32, 2560, 20, 50257], 2651307520],
      ],
      {
        learnedPositions: 2048,
        biases: { queryKeyValue: false, attentionOutput: true, feedForward: true, head: false },
      },
    ),
  ];
}
