import { embeddingParameters, type ModelShape } from '../architecture/shape.ts';

/** Floating-point operations of a run's matrix products, by what is multiplied. */
export interface Flop {
  /** The blocks' weight matrices, those that a token meets. */
  readonly linear: number;
  /** Scores and values of causal attention. */
  readonly attention: number;
  /** The products with the vocabulary. */
  readonly head: number;
  readonly total: number;
}

/** What the operations of a run are counted from. */
export interface FlopRequest {
  readonly shape: ModelShape;
  /** Linear parameters that a token passes through. */
  readonly linear: number;
  readonly tokens: number;
  readonly sequenceLength: number;
  /** Parameters of adapters, null where all weights are trained. */
  readonly adapters: number | null;
}

/**
 * Model FLOP, recomputed ones not counted: 2 operations a weight and token forward, 4 backward, as
 * in Kaplan (arXiv 2001.08361, section 2.1); frozen weights have no gradient, so 2 backward.
 * Attention: 2·2·s·width a token and layer for scores and values, three times with the backward
 * pass, half of it where a token sees only those before it (arXiv 2205.05198, appendix A).
 * Null without the vocabulary.
 */
export function flopOf(request: FlopRequest): Flop | null {
  const { shape, tokens, sequenceLength, adapters } = request;
  const { vocabulary, latentAttention: latent, heads, layers } = shape;
  if (vocabulary === null) return null;
  const frozen = adapters === null ? 6 : 4;
  const linear = (frozen * request.linear + 6 * (adapters ?? 0)) * tokens;
  const scores = latent ? latent.noPositionHead + latent.rotaryHead : shape.headDimension;
  const values = latent ? latent.valueHead : shape.headDimension;
  const attention = 3 * layers * heads * (scores + values) * sequenceLength * tokens;
  const head = frozen * embeddingParameters(shape) * tokens;
  return { linear, attention, head, total: linear + attention + head };
}
