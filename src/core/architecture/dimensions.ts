import type { Experts, ModelShape } from './shape.ts';

type Dimension = readonly [name: string, value: number, least: number];

function dimensions(shape: ModelShape): readonly Dimension[] {
  const { experts, latentAttention: latent } = shape;
  const denseLayers = shape.layers - (experts?.layers ?? 0);
  return [
    ['number of layers', shape.layers, 1],
    ['hidden width', shape.hidden, 1],
    ['number of attention heads', shape.heads, 1],
    ['feed-forward width', shape.feedForward, denseLayers > 0 ? 1 : 0],
    ['vocabulary size', shape.vocabulary ?? 1, 1],
    ['embedding width', shape.embeddingWidth ?? 1, 1],
    ['number of learned positions', shape.learnedPositions, 0],
    ['number of norms per layer', shape.normsPerLayer, 0],
    ['number of further parameters per layer', shape.extraPerLayer, 0],
    ...(experts === null ? [] : expertDimensions(experts, denseLayers)),
    ...(latent === null
      ? ([
          ['number of key-value heads', shape.keyValueHeads, 1],
          ['head dimension', shape.headDimension, 1],
        ] as const)
      : ([
          ['query compression rank', latent.queryRank, 0],
          ['key-value compression rank', latent.keyValueRank, 1],
          ['head dimension without positions', latent.noPositionHead, 1],
          ['rotary head dimension', latent.rotaryHead, 0],
          ['value head dimension', latent.valueHead, 1],
        ] as const)),
  ];
}

function expertDimensions(experts: Experts, denseLayers: number): readonly Dimension[] {
  return [
    ['number of experts', experts.count, 1],
    ['number of active experts', experts.active, 1],
    ['number of inactive experts', experts.count - experts.active, 0],
    ['expert width', experts.width, 1],
    ['shared expert width', experts.sharedWidth, 0],
    ['number of mixture layers', experts.layers, 0],
    ['number of dense layers', denseLayers, 0],
  ];
}

/** The dimensions a shape cannot have been given: not whole, negative, or zero where one is needed. */
export function impossibleDimensions(shape: ModelShape): readonly string[] {
  return dimensions(shape)
    .filter(([, value, least]) => !Number.isSafeInteger(value) || value < least)
    .map(([name]) => name);
}
