import type { ModelShape } from '../shape.ts';
import { gptPresets, llamaPresets, type Preset } from './preset.ts';

const noBiases: Partial<ModelShape> = {
  biases: { queryKeyValue: false, attentionOutput: false, feedForward: false, head: false },
};

/** TII's Falcon: parallel blocks without linear biases; Falcon 3 is Llama-like. */
export function falcon(): readonly Preset[] {
  return [
    ...gptPresets(
      'The Falcon Series (arXiv 2311.16867) and its config.json; safetensors store the tied head again',
      [
        ['falcon-7b', [32, 4544, 71, 65024], 6921720704, { keyValueHeads: 1, normsPerLayer: 1 }],
        ['falcon-40b', [60, 8192, 128, 65024], '41.3B', { keyValueHeads: 8 }],
      ],
      noBiases,
    ),
    ...llamaPresets('config.json of the tiiuae/Falcon3 repositories', [
      ['Falcon3-1B', [18, 2048, 8, 4, 8192, 131072], 1669408768],
      ['Falcon3-3B', [22, 3072, 12, 4, 9216, 131072], 3227655168],
      ['Falcon3-7B', [28, 3072, 12, 4, 23040, 131072], 7455550464],
      ['Falcon3-10B', [40, 3072, 12, 4, 23040, 131072], 10305653760],
    ]),
  ];
}
