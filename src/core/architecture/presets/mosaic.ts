import type { ModelShape } from '../shape.ts';
import { gptPresets, llamaPresets, mixture, type Preset } from './preset.ts';

const noBiases: Partial<ModelShape> = {
  biases: { queryKeyValue: false, attentionOutput: false, feedForward: false, head: false },
};

/** MosaicML's published MPT (ALiBi, no biases at all) and Databricks' DBRX. */
export function mosaic(): readonly Preset[] {
  return [
    ...gptPresets(
      'config.json of mosaicml/mpt-7b and mpt-30b',
      [
        ['mpt-7b', [32, 4096, 32, 50432], 6649286656],
        ['mpt-30b', [48, 7168, 64, 50432], '30B'],
      ],
      { ...noBiases, norm: 'weight' },
    ),
    ...llamaPresets('config.json and safetensors of databricks/dbrx-base', [
      ['dbrx dbrx-132b', [40, 6144, 48, 8, 10752, 100352], 131596523520, mixture(40, 16, 4, 10752)],
    ]),
  ];
}
