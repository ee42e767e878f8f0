import type { ModelShape } from '../shape.ts';
import { llamaPresets, type Preset } from './preset.ts';

const queryKeyValueBias: Partial<ModelShape> = {
  biases: { queryKeyValue: true, attentionOutput: false, feedForward: false, head: false },
};

/** Stability AI's StableLM: Llama blocks with layer norms that have a bias. */
export function stablelm(): readonly Preset[] {
  return llamaPresets(
    'config.json and safetensors of the stabilityai repositories',
    [
      [
        'stablelm-3b-4e1t stablelm-zephyr-3b stable-code-3b',
        [32, 2560, 32, 32, 6912, 50304],
        2795443200,
      ],
      [
        'stablelm-2-1_6b stablelm-2-zephyr-1_6b',
        [24, 2048, 32, 32, 5632, 100352],
        1644515328,
        queryKeyValueBias,
      ],
    ],
    { norm: 'weight-and-bias' },
  );
}
