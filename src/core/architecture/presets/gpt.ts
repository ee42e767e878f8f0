import { gptPresets, type Preset } from './preset.ts';

/** GPT-2, GPT-3, and the open models in their shape: OPT, Cerebras-GPT, BLOOM. */
export function gpt(): readonly Preset[] {
  return [
    ...gptPresets(
      'config.json and safetensors of openai-community/gpt2',
      [
        ['gpt2 gpt2-small gpt2-124m', [12, 768, 12, 50257], 124439808],
        ['gpt2-medium gpt2-355m', [24, 1024, 16, 50257], 354823168],
        ['gpt2-large gpt2-774m', [36, 1280, 20, 50257], 774030080],
        ['gpt2-xl gpt2-1.5b', [48, 1600, 25, 50257], 1557611200],
        ['distilgpt2', [6, 768, 12, 50257], 81912576],
      ],
      { learnedPositions: 1024 },
    ),
    ...gptPresets(
      'GPT-3 (arXiv 2005.14165), Table 2.1',
      [
        ['gpt3-125m gpt3-small', [12, 768, 12, 50257], '125M'],
        ['gpt3-760m gpt3-large', [24, 1536, 16, 50257], '760M'],
        ['gpt3-1.3b', [24, 2048, 16, 50257], '1.3B'],
        ['gpt3-2.7b', [32, 2560, 32, 50257], '2.7B'],
        ['gpt3-6.7b', [32, 4096, 32, 50257], '6.7B'],
        ['gpt3-175b', [96, 12288, 96, 50257], '175B'],
      ],
      { learnedPositions: 2048 },
    ),
    ...gptPresets(
      'OPT (arXiv 2205.01068), Table 1, and its config.json',
      [
        ['opt-125m', [12, 768, 12, 50272], 125239296],
        [
          'opt-350m',
          [24, 1024, 16, 50272],
          331196416,
          // The one with norms behind the layers and none after the last (do_layer_norm_before).
          { embeddingWidth: 512, finalNorm: false },
        ],
        ['opt-1.3b', [24, 2048, 32, 50272], 1315758080],
        ['opt-2.7b', [32, 2560, 32, 50272], 2651596800],
        ['opt-6.7b', [32, 4096, 32, 50272], 6658473984],
        ['opt-13b', [40, 5120, 40, 50272], 12853473280],
        ['opt-30b', [48, 7168, 56, 50272], 29974540288],
        ['opt-66b', [64, 9216, 72, 50272], '66B'],
        ['opt-175b', [96, 12288, 96, 50272], '175B'],
      ],
      // OPT keeps two rows before the first position.
      { learnedPositions: 2050 },
    ),
    ...gptPresets(
      'Cerebras-GPT (arXiv 2304.03208), Table 1',
      [
        ['Cerebras-GPT-111M', [10, 768, 12, 50257], '111M'],
        ['Cerebras-GPT-256M', [14, 1088, 17, 50257], '256M'],
        ['Cerebras-GPT-590M', [18, 1536, 12, 50257], '590M'],
        ['Cerebras-GPT-1.3B', [24, 2048, 16, 50257], '1.3B'],
        ['Cerebras-GPT-2.7B', [32, 2560, 32, 50257], '2.7B'],
        ['Cerebras-GPT-6.7B', [32, 4096, 32, 50257], '6.7B'],
        ['Cerebras-GPT-13B', [40, 5120, 40, 50257], '13B'],
      ],
      { learnedPositions: 2048 },
    ),
    ...gptPresets(
      'BLOOM (arXiv 2211.05100) and its model cards',
      [
        ['bloom-560m bloomz-560m', [24, 1024, 16, 250880], 559214592],
        ['bloom-1b1 bloomz-1b1', [24, 1536, 16, 250880], 1065314304],
        ['bloom-1b7 bloomz-1b7', [24, 2048, 16, 250880], 1722408960],
        ['bloom-3b bloomz-3b', [30, 2560, 32, 250880], 3002557440],
        ['bloom-7b1 bloomz-7b1', [30, 4096, 32, 250880], 7069016064],
        ['bloom bloomz bloom-176b', [70, 14336, 112, 250880], 176247271424],
      ],
      { embeddingNorm: true },
    ),
  ];
}
