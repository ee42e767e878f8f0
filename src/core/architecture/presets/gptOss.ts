import type { ModelShape } from '../shape.ts';
import { llamaShape } from '../shapes.ts';
import { mixture, preset, type Preset } from './preset.ts';

/** OpenAI's gpt-oss: biases everywhere but the head, and one learned sink per attention head. */
export function gptOss(): readonly Preset[] {
  const shape = (layers: number, count: number): ModelShape =>
    llamaShape({
      ...{ layers, hidden: 2880, heads: 64, keyValueHeads: 8, headDimension: 64 },
      ...{ feedForward: 2880, vocabulary: 201088, extraPerLayer: 64 },
      ...mixture(layers, count, 4, 2880, { routerBias: true, biases: true }),
      biases: { queryKeyValue: true, attentionOutput: true, feedForward: false, head: false },
    });
  const source = 'gpt-oss model card (arXiv 2508.10925), Table 1, and its config.json';
  return [
    preset('gpt-oss-20b', shape(24, 32), 20914757184, source),
    preset('gpt-oss-120b', shape(36, 128), 116829156672, source),
  ];
}
