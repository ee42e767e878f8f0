import { embeddingParameters, type ModelShape } from '../architecture/shape.ts';
import type { Adapters, LinearName } from '../run/setup.ts';

/** Inputs and outputs of a linear layer, and in how many layers of the model it stands. */
interface Widths {
  readonly from: number;
  readonly to: number;
  readonly times: number;
}

/**
 * The widths of the layers that an adapter can stand beside; null where they cannot be told: latent
 * attention and experts have several matrices under one name, which libraries treat differently.
 */
function widthsOf(shape: ModelShape, name: LinearName): Widths | null {
  const { hidden, layers, vocabulary } = shape;
  const query = shape.heads * shape.headDimension;
  const keyValue = shape.keyValueHeads * shape.headDimension;
  const inLayers = (from: number, to: number): Widths => ({ from, to, times: layers });
  switch (name) {
    case 'head':
    case 'embeddings':
      return vocabulary === null
        ? null
        : { from: shape.embeddingWidth ?? hidden, to: vocabulary, times: 1 };
    case 'gate':
    case 'up':
    case 'gate-up':
    case 'down': {
      if (shape.experts) return null;
      const width = shape.feedForward;
      if (name === 'down') return inLayers(width, hidden);
      if (name === 'gate-up') return inLayers(hidden, 2 * width);
      return name === 'gate' && !shape.gated
        ? { from: 0, to: 0, times: 0 }
        : inLayers(hidden, width);
    }
    case 'query':
    case 'key':
    case 'value':
    case 'query-key-value':
    case 'output': {
      if (shape.latentAttention) return null;
      if (name === 'query') return inLayers(hidden, query);
      if (name === 'output') return inLayers(query, hidden);
      return inLayers(hidden, name === 'query-key-value' ? query + 2 * keyValue : keyValue);
    }
  }
}

/**
 * Trained parameters of low-rank adapters: r·(in + out) for each layer that has one (arXiv
 * 2106.09685, section 4.1), DoRA's magnitude an output, and the layers trained whole. Null where
 * the widths of a target are not known.
 */
export function adapterParameters(shape: ModelShape, adapters: Adapters): number | null {
  let count = 0;
  for (const name of new Set(adapters.targets)) {
    const widths = widthsOf(shape, name);
    if (!widths) return null;
    const { from, to, times } = widths;
    count += times * (adapters.rank.value * (from + to) + (adapters.magnitudes === true ? to : 0));
  }
  const whole = adapters.whole?.length ?? 0;
  if (whole > 0 && shape.vocabulary === null) return null;
  return count + whole * embeddingParameters(shape);
}
