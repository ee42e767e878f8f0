import { derived, type Known, type Origin, type Part } from '../run/known.ts';
import { digits } from '../run/digits.ts';
import type { ParameterCounts, ParameterPart } from '../run/run.ts';
import { impossibleDimensions } from './dimensions.ts';
import { embeddingParameters, type ModelShape, type ShapeReading } from './shape.ts';
import { llamaShape, withoutAbsent, type StatedShape } from './shapes.ts';

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
  /** What `extraPerLayer` adds up to, and the matrices between a narrower embedding and the layers. */
  readonly other: number;
  readonly tokenEmbedding: number | null;
  readonly positionEmbedding: number;
  /** An untied head with its bias; only the bias when tied; null without a vocabulary. */
  readonly head: number | null;
  /** The lines of the parameter table; they add up to `total`, or to `nonEmbedding` when that is null. */
  readonly parts: readonly ParameterPart[];
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

/** Features that the norms inside one layer scale; latent attention norms its compressions. */
function normFeatures(shape: ModelShape): number {
  const { heads, keyValueHeads, headDimension, latentAttention: latent } = shape;
  const queryKey = {
    none: 0,
    head: 2 * headDimension,
    full: (heads + keyValueHeads) * headDimension,
  }[shape.queryKeyNorm];
  const inner = latent === null ? queryKey : latent.queryRank + latent.keyValueRank;
  return shape.normsPerLayer * shape.hidden + inner;
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
        ? matrices * hidden * experts.sharedWidth +
          (experts.sharedGate === true ? hidden : 0) +
          (experts.residual === true ? 2 * hidden : 0)
        : 0,
  };
  const routed = experts?.routed ?? mixtureLayers * (experts?.count ?? 0);
  const routedMatrices = routed * perLayer.expert;
  const routers = mixtureLayers > 0 ? hidden * routed : 0;
  const linear =
    layers * perLayer.attention +
    denseLayers * perLayer.feedForward +
    mixtureLayers * perLayer.sharedExperts +
    routers +
    routedMatrices;

  const expertBias = (width: number): number =>
    experts?.biases === true && width > 0 ? inputMatrices * width + hidden : 0;
  const biases =
    layers * attentionBiases(shape) +
    (shape.biases.feedForward ? denseLayers * (inputMatrices * shape.feedForward + hidden) : 0) +
    routed * (expertBias(experts?.width ?? 0) + (experts?.routerBias === true ? 1 : 0)) +
    mixtureLayers * (expertBias(experts?.sharedWidth ?? 0) + (experts?.residual === true ? 2 : 0));
  const outerNorms = (shape.finalNorm ? 1 : 0) + (shape.embeddingNorm ? 1 : 0);
  const norms =
    { none: 0, weight: 1, 'weight-and-bias': 2 }[shape.norm] *
    (layers * normFeatures(shape) + outerNorms * hidden);
  const other = layers * shape.extraPerLayer + 2 * hidden * (shape.embeddingWidth ?? 0);

  const tokenEmbedding = vocabulary === null ? null : embeddingParameters(shape);
  const positionEmbedding = shape.learnedPositions * hidden;
  const head =
    vocabulary === null
      ? null
      : (shape.tied ? 0 : embeddingParameters(shape)) + (shape.biases.head ? vocabulary : 0);

  const nonEmbedding = linear + norms + biases + other;
  const total =
    tokenEmbedding === null || head === null
      ? null
      : nonEmbedding + tokenEmbedding + positionEmbedding + head;
  // Every term is non-negative, so a sum that is exact has only exact terms.
  if (!Number.isSafeInteger(total ?? nonEmbedding)) return null;

  const inactive = routed - mixtureLayers * (experts?.active ?? 0);
  const inactiveLinear = inactive * perLayer.expert;
  const inactiveBiases = inactive * expertBias(experts?.width ?? 0);
  const parts = [
    { name: 'attention', count: layers * perLayer.attention },
    { name: 'feed-forward', count: denseLayers * perLayer.feedForward },
    { name: 'router', count: routers },
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

/** The fields without which nothing can be counted, in the words a sentence names them by. */
const required = {
  layers: 'the number of layers',
  hidden: 'the hidden width',
  heads: 'the number of attention heads',
  feedForward: 'the feed-forward width',
  gated: 'whether the feed-forward block is gated',
} as const satisfies Partial<Record<keyof ModelShape, string>>;

/**
 * Counts the parameters a reader's findings describe, or names what is missing in plain words.
 *
 * What is absent beyond the required fields is taken from `llamaShape`: key-value heads = heads,
 * head dimension = hidden ÷ heads, two weight-only norms a layer and a last one, no biases, no
 * learned positions, no experts. The total is null without the vocabulary or without knowing
 * whether the head is tied.
 */
export function countReading(
  stated: StatedShape,
):
  | { readonly counts: ParameterCounts; readonly shape: ModelShape }
  | { readonly missing: readonly string[] } {
  const reading = withoutAbsent(stated);
  const values = Object.fromEntries(
    Object.entries(reading).map(([field, known]) => [field, known.value]),
  ) as Partial<ModelShape>;
  const { layers, hidden, heads, gated, experts } = values;
  const onlyMixtures = layers !== undefined && experts?.layers === layers;
  const feedForward = values.feedForward ?? (onlyMixtures ? 0 : undefined);
  if (
    layers === undefined ||
    hidden === undefined ||
    heads === undefined ||
    gated === undefined ||
    feedForward === undefined
  ) {
    const said = { ...values, feedForward };
    const fields = Object.keys(required) as (keyof typeof required)[];
    return {
      missing: fields.flatMap((field) => (said[field] === undefined ? [required[field]] : [])),
    };
  }
  const vocabulary = values.tied === undefined ? null : (values.vocabulary ?? null);
  const shape = llamaShape({ ...values, layers, hidden, heads, gated, feedForward, vocabulary });
  const impossible = impossibleDimensions(shape);
  if (impossible.length > 0) return { missing: impossible.map((name) => `a possible ${name}`) };
  const tally = countParameters(shape);
  if (tally === null) return { missing: ['dimensions small enough for an exact count'] };
  const { total, nonEmbedding, linear, active, activeLinear, parts } = tally;
  const origin = originOf(reading, shape, tally);
  return { counts: { total, nonEmbedding, linear, active, activeLinear, parts, origin }, shape };
}

/** One published model's own numbers stay published; anything else is derived from its parts. */
function originOf(reading: ShapeReading, shape: ModelShape, tally: ParameterTally): Origin {
  const [first, ...others] = Object.values(reading).map((known) => known.origin);
  const model = first?.kind === 'published' ? first.model : undefined;
  const same = others.every((o) => o.kind === 'published' && o.model === model);
  if (first && model !== undefined && same) return first;
  return derived(tally.nonEmbedding, formulaOf(shape, tally), statedParts(reading)).origin;
}

/** The terms of the total (of the non-embedding count when the total is unknown), numbers in place. */
function formulaOf(shape: ModelShape, tally: ParameterTally): string {
  const { attention, feedForward, router, expert, sharedExperts } = tally.perLayer;
  const mixtures = shape.experts?.layers ?? 0;
  const routed = shape.experts?.routed;
  const dense = shape.layers - mixtures;
  const named = (name: string, value: number): string[] =>
    value > 0 ? [`${name} ${digits(value)}`] : [];
  const times = (count: number, what: string, terms: readonly string[]): string[] =>
    count > 0 ? [`${digits(count)} ${what}${count > 1 ? 's' : ''} × (${terms.join(' + ')})`] : [];
  const mixture = [
    `attention ${digits(attention)}`,
    ...(routed === undefined
      ? [
          ...named('router', router),
          `${digits(shape.experts?.count ?? 0)} experts × ${digits(expert)}`,
        ]
      : []),
    ...named('shared experts', sharedExperts),
  ];
  const differing =
    routed === undefined
      ? []
      : [
          `routers ${digits(shape.hidden * routed)}`,
          `${digits(routed)} experts × ${digits(expert)}`,
        ];
  return [
    ...times(dense, mixtures > 0 ? 'dense layer' : 'layer', [
      `attention ${digits(attention)}`,
      `feed-forward ${digits(feedForward)}`,
    ]),
    ...times(mixtures, dense > 0 ? 'mixture layer' : 'layer', mixture),
    ...differing,
    ...tally.parts
      .filter((part) => ['norms', 'biases', 'other', 'embeddings', 'head'].includes(part.name))
      .map((part) => `${part.name} ${digits(part.count)}`),
  ].join(' + ');
}

/** The numbers of a reading by the names a person calls them, each with its own origin. */
function statedParts(reading: ShapeReading): readonly Part[] {
  const part = <T>(
    name: string,
    known: Known<T> | undefined,
    pick: (value: T) => number | boolean | null,
  ): Part[] => {
    const value = known ? pick(known.value) : null;
    return known && value !== null ? [{ name, known: { value, origin: known.origin } }] : [];
  };
  const itself = <T extends number | boolean | null>(value: T): T => value;
  const { experts, latentAttention: latent } = reading;
  return [
    ...part('layers', reading.layers, itself),
    ...part('hidden width', reading.hidden, itself),
    ...part('heads', reading.heads, itself),
    ...part('key-value heads', reading.keyValueHeads, itself),
    ...part('head dimension', reading.headDimension, itself),
    ...part('feed-forward width', reading.feedForward, itself),
    ...part('gated', reading.gated, itself),
    ...part('experts', experts, (e) => e?.count ?? null),
    ...part('active experts', experts, (e) => e?.active ?? null),
    ...part('expert width', experts, (e) => e?.width ?? null),
    ...part('shared expert width', experts, (e) => e?.sharedWidth ?? null),
    ...part('mixture layers', experts, (e) => e?.layers ?? null),
    ...part('query compression rank', latent, (l) => l?.queryRank ?? null),
    ...part('key-value compression rank', latent, (l) => l?.keyValueRank ?? null),
    ...part('embedding width', reading.embeddingWidth, itself),
    ...part('learned positions', reading.learnedPositions, (n) => n || null),
    ...part('vocabulary', reading.vocabulary, itself),
    ...part('tied head', reading.tied, itself),
  ];
}
