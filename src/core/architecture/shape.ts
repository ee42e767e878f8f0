import type { Known } from '../run/known.ts';

/** Parameters a normalisation has per feature: none, weight, or weight and bias. */
export type NormKind = 'none' | 'weight' | 'weight-and-bias';

/** A mixture of experts in the feed-forward blocks. */
export interface Experts {
  /** Routed experts in a layer, and how many of them a token passes through. */
  readonly count: number;
  readonly active: number;
  /** Width of one routed expert (one matrix). */
  readonly width: number;
  /** Total width of the shared experts, 0 for none. */
  readonly sharedWidth: number;
  /** Whether a shared expert has its own d → 1 gate (Qwen1.5/2-MoE). */
  readonly sharedGate?: boolean;
  /** How many layers are mixtures; the others are dense with the shape's `feedForward`. */
  readonly layers: number;
  /** Whether the router has one bias an expert (score correction counts as such). */
  readonly routerBias?: boolean;
  /** Whether each expert's matrices have biases (gpt-oss). */
  readonly biases?: boolean;
  /** Routed experts of all mixture layers together where the layers differ; else layers × count. */
  readonly routed?: number;
  /** Whether a d → 2 layer with biases weighs the shared expert against the routed ones (PR-MoE). */
  readonly residual?: boolean;
}

/** Multi-head latent attention (DeepSeek-V2/V3). `queryRank` 0 = queries are not compressed. */
export interface LatentAttention {
  readonly queryRank: number;
  readonly keyValueRank: number;
  readonly noPositionHead: number;
  readonly rotaryHead: number;
  readonly valueHead: number;
}

/**
 * The shape of a decoder transformer: what its parameters are counted from. Widths in features.
 * Conventions: `feedForward` is the width of ONE matrix; a gated block has three of them.
 */
export interface ModelShape {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDimension: number;
  readonly feedForward: number;
  readonly gated: boolean;
  /** Rows of the token embedding as stored (padded where the framework pads); null = unknown. */
  readonly vocabulary: number | null;
  /**
   * Width of the token embedding and the head where it is not `hidden`: a matrix without a bias
   * leads from it to the layers, another one back (OPT-350M). Absent where there is none.
   */
  readonly embeddingWidth?: number;
  /** Whether the output head shares the token embedding. */
  readonly tied: boolean;
  /** Rows of a learned position embedding, 0 for none. */
  readonly learnedPositions: number;
  readonly biases: {
    readonly queryKeyValue: boolean;
    readonly attentionOutput: boolean;
    readonly feedForward: boolean;
    readonly head: boolean;
  };
  readonly norm: NormKind;
  /** Block norms over the hidden width per layer: 2, 1 (parallel with one norm), 4 (sandwich). */
  readonly normsPerLayer: number;
  readonly finalNorm: boolean;
  /** A norm right after the token embedding (BLOOM). */
  readonly embeddingNorm: boolean;
  /** Norm of queries and keys: none, over one head's width, or over the full projection. */
  readonly queryKeyNorm: 'none' | 'head' | 'full';
  readonly experts: Experts | null;
  readonly latentAttention: LatentAttention | null;
  /** Further parameters per attention layer that fit no field above (e.g. gpt-oss sinks), 0 for none. */
  readonly extraPerLayer: number;
}

/** Parameters of the token embedding, or of a head without its bias; 0 without a vocabulary. */
export function embeddingParameters(shape: ModelShape): number {
  return (shape.embeddingWidth ?? shape.hidden) * (shape.vocabulary ?? 0);
}

/** A shape as a reader found it: every field with its origin, what was not said absent. */
export type ShapeReading = {
  readonly [K in keyof ModelShape]?: Known<Required<ModelShape>[K]>;
};
