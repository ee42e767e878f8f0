import type { ParameterPart } from '../run/run.ts';
import type { Experts, ModelShape } from './shape.ts';

/** Everything a shape's parameters add up to, in parameters; every number is an exact integer. */
export interface ParameterTally {
  /** Everything stored; null when the vocabulary is unknown. */
  readonly total: number | null;
  /** Without token and learned-position embeddings and an untied head; norms and biases stay. */
  readonly nonEmbedding: number;
  /** Weight matrices of the linear layers inside the blocks: the laws' N. */
  readonly linear: number;
  /** Mixtures: the non-embedding parameters a token passes through; null for a dense model. */
  readonly active: number | null;
  /** Mixtures: the linear parameters a token passes through; null for a dense model. */
  readonly activeLinear: number | null;
  /** Weight matrices of one layer; `router`, `expert` (one of them) and `sharedExperts` are 0 when dense. */
  readonly perLayer: {
    readonly attention: number;
    readonly feedForward: number;
    readonly router: number;
    readonly expert: number;
    readonly sharedExperts: number;
  };
  readonly norms: number;
  /** Biases of the blocks; a bias of the head counts with the head. */
  readonly biases: number;
  /** What `extraPerLayer` adds up to. */
  readonly other: number;
  readonly tokenEmbedding: number | null;
  readonly positionEmbedding: number;
  /** An untied head with its bias; only the bias when tied; null without a vocabulary. */
  readonly head: number | null;
  /** The lines of the parameter table; they add up to `total`, or to `nonEmbedding` when that is null. */
  readonly parts: readonly ParameterPart[];
}

type Dimension = readonly [name: string, value: number, least: number];

function dimensions(shape: ModelShape): readonly Dimension[] {
  const { experts, latentAttention: latent } = shape;
  const denseLayers = shape.layers - (experts?.layers ?? 0);
  return [
    ['number of layers', shape.layers, 1],
    ['hidden width', shape.hidden, 1],
    ['number of attention heads', shape.heads, 1],
    ['number of key-value heads', shape.keyValueHeads, latent === null ? 1 : 0],
    ['head dimension', shape.headDimension, latent === null ? 1 : 0],
    ['feed-forward width', shape.feedForward, denseLayers > 0 ? 1 : 0],
    ['vocabulary size', shape.vocabulary ?? 1, 1],
    ['number of learned positions', shape.learnedPositions, 0],
    ['number of norms per layer', shape.normsPerLayer, 0],
    ['number of further parameters per layer', shape.extraPerLayer, 0],
    ...(experts === null ? [] : expertDimensions(experts, denseLayers)),
    ...(latent === null
      ? []
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

/** Weight matrices of the attention of one layer. */
function attentionMatrices(shape: ModelShape): number {
  const { hidden, heads, latentAttention: latent } = shape;
  if (latent !== null) {
    const query = heads * (latent.noPositionHead + latent.rotaryHead);
    const queries =
      latent.queryRank > 0 ? hidden * latent.queryRank + latent.queryRank * query : hidden * query;
    const compression = hidden * (latent.keyValueRank + latent.rotaryHead);
    const keysAndValues = latent.keyValueRank * heads * (latent.noPositionHead + latent.valueHead);
    return queries + compression + keysAndValues + heads * latent.valueHead * hidden;
  }
  const query = heads * shape.headDimension;
  const keyValue = shape.keyValueHeads * shape.headDimension;
  return hidden * (query + 2 * keyValue) + query * hidden;
}

/** Biases of the attention of one layer. Latent attention has them on its compressions (Hugging Face). */
function attentionBiases(shape: ModelShape): number {
  const { latentAttention: latent } = shape;
  const queryKeyValue =
    latent === null
      ? (shape.heads + 2 * shape.keyValueHeads) * shape.headDimension
      : latent.queryRank + latent.keyValueRank + latent.rotaryHead;
  return (
    (shape.biases.queryKeyValue ? queryKeyValue : 0) +
    (shape.biases.attentionOutput ? shape.hidden : 0)
  );
}

/** Features that the norms inside one layer scale. */
function normFeatures(shape: ModelShape): number {
  const { heads, keyValueHeads, headDimension, latentAttention: latent } = shape;
  const queryKey = {
    none: 0,
    head: 2 * headDimension,
    full: (heads + keyValueHeads) * headDimension,
  }[shape.queryKeyNorm];
  const compressions = latent === null ? 0 : latent.queryRank + latent.keyValueRank;
  return shape.normsPerLayer * shape.hidden + queryKey + compressions;
}

/**
 * Counts the parameters of a shape.
 *
 * Returns null when a dimension is impossible (`impossibleDimensions` names it) or the count is
 * beyond 2^53, where it would no longer be exact.
 */
export function countParameters(shape: ModelShape): ParameterTally | null {
  if (impossibleDimensions(shape).length > 0) return null;
  const { layers, hidden, vocabulary, experts } = shape;
  const mixtureLayers = experts?.layers ?? 0;
  const denseLayers = layers - mixtureLayers;
  const matrices = shape.gated ? 3 : 2;
  const inputMatrices = matrices - 1;

  const perLayer = {
    attention: attentionMatrices(shape),
    feedForward: denseLayers > 0 ? matrices * hidden * shape.feedForward : 0,
    router: mixtureLayers > 0 && experts ? hidden * experts.count : 0,
    expert: mixtureLayers > 0 && experts ? matrices * hidden * experts.width : 0,
    sharedExperts:
      mixtureLayers > 0 && experts
        ? matrices * hidden * experts.sharedWidth + (experts.sharedGate === true ? hidden : 0)
        : 0,
  };
  const routedMatrices = mixtureLayers * (experts?.count ?? 0) * perLayer.expert;
  const linear =
    layers * perLayer.attention +
    denseLayers * perLayer.feedForward +
    mixtureLayers * (perLayer.router + perLayer.sharedExperts) +
    routedMatrices;

  const expertBias = (width: number): number =>
    experts?.biases === true && width > 0 ? inputMatrices * width + hidden : 0;
  const biases =
    layers * attentionBiases(shape) +
    (shape.biases.feedForward ? denseLayers * (inputMatrices * shape.feedForward + hidden) : 0) +
    mixtureLayers *
      ((experts?.count ?? 0) * expertBias(experts?.width ?? 0) +
        expertBias(experts?.sharedWidth ?? 0) +
        (experts?.routerBias === true ? experts.count : 0));
  const outerNorms = (shape.finalNorm ? 1 : 0) + (shape.embeddingNorm ? 1 : 0);
  const norms =
    { none: 0, weight: 1, 'weight-and-bias': 2 }[shape.norm] *
    (layers * normFeatures(shape) + outerNorms * hidden);
  const other = layers * shape.extraPerLayer;

  const tokenEmbedding = vocabulary === null ? null : vocabulary * hidden;
  const positionEmbedding = shape.learnedPositions * hidden;
  const head =
    vocabulary === null
      ? null
      : (shape.tied ? 0 : vocabulary * hidden) + (shape.biases.head ? vocabulary : 0);

  const nonEmbedding = linear + norms + biases + other;
  const total =
    tokenEmbedding === null || head === null
      ? null
      : nonEmbedding + tokenEmbedding + positionEmbedding + head;
  // Every term is non-negative, so a sum that is exact has only exact terms.
  if (!Number.isSafeInteger(total ?? nonEmbedding)) return null;

  const inactive = mixtureLayers * ((experts?.count ?? 0) - (experts?.active ?? 0));
  const inactiveLinear = inactive * perLayer.expert;
  const inactiveBiases = inactive * expertBias(experts?.width ?? 0);
  const parts = [
    { name: 'attention', count: layers * perLayer.attention },
    { name: 'feed-forward', count: denseLayers * perLayer.feedForward },
    { name: 'router', count: mixtureLayers * perLayer.router },
    { name: 'experts', count: routedMatrices },
    { name: 'shared experts', count: mixtureLayers * perLayer.sharedExperts },
    { name: 'norms', count: norms },
    { name: 'biases', count: biases },
    { name: 'other', count: other },
    { name: 'embeddings', count: total === null ? 0 : (tokenEmbedding ?? 0) + positionEmbedding },
    { name: 'head', count: head ?? 0 },
  ].filter((part) => part.count > 0);
  return {
    total,
    nonEmbedding,
    linear,
    active: mixtureLayers > 0 ? nonEmbedding - inactiveLinear - inactiveBiases : null,
    activeLinear: mixtureLayers > 0 ? linear - inactiveLinear : null,
    perLayer,
    norms,
    biases,
    other,
    tokenEmbedding,
    positionEmbedding,
    head,
    parts,
  };
}
