import type { ModelShape } from '../architecture/shape.ts';
import type { BatchMemory, Layout } from '../run/setup.ts';

/** Bytes that a batch keeps on one device until the backward pass. */
export interface Activations {
  /** Of the layers, the one that is computed again among them. */
  readonly layers: number;
  readonly logits: number;
}

/** Parts of a layer's activations, in values a token. */
interface LayerValues {
  /** Inputs of norms and of the first products: what tensor parallelism alone does not divide. */
  readonly whole: number;
  /** Inputs of the other products and of the activation function. */
  readonly divided: number;
  /** Outputs of the matrix products. */
  readonly products: number;
}

/**
 * Values a token that a layer keeps, by arXiv 2205.05198, section 4.1, with the widths of the
 * shape: inputs of both norms and of the first products (4h), queries, keys and values, the input
 * of the output product, and of the feed-forward its outputs before and after the activation
 * function: 2f, with a gate 4f. For GPT-3's widths and both masks that is the paper's 34·s·b·h
 * without the scores, which FlashAttention does not write.
 */
function valuesOf(shape: ModelShape): LayerValues {
  const { hidden, experts, latentAttention: latent, gated, layers } = shape;
  const query = latent
    ? shape.heads * (latent.noPositionHead + latent.rotaryHead)
    : shape.heads * shape.headDimension;
  const key = latent ? query : shape.keyValueHeads * shape.headDimension;
  const value = latent ? shape.heads * latent.valueHead : key;
  const mixtures = experts ? experts.layers / layers : 0;
  const width = experts
    ? mixtures * (experts.active * experts.width + experts.sharedWidth) +
      (1 - mixtures) * shape.feedForward
    : shape.feedForward;
  // Each expert of a token gets a copy of its input.
  const copies = experts ? mixtures * experts.active * hidden : 0;
  const inner = latent ? latent.queryRank + latent.keyValueRank + latent.rotaryHead : 0;
  const attention = query + key + value + inner;
  return {
    whole: 4 * hidden,
    divided: attention + (latent ? value : query) + (gated ? 4 : 2) * width + copies,
    products: attention + 2 * hidden + (gated ? 2 : 1) * width,
  };
}

/** Bytes of one layer's activations for `tokens`, on one of `tensor` devices. */
function layerBytes(
  shape: ModelShape,
  batch: BatchMemory,
  { tensor, sequenceParallel }: Layout,
  tokens: number,
): number {
  const ranks = tensor ?? 1;
  const { whole, divided } = valuesOf(shape);
  const masks = batch.dropout ? 2 * shape.hidden : 0;
  const wholeBytes = (whole * batch.bytes + masks) / (sequenceParallel ? ranks : 1);
  return tokens * (wholeBytes + (divided * batch.bytes) / ranks);
}

/**
 * Bytes of activations on the most loaded device: all layers where nothing is computed again, the
 * layers' inputs (2h) and one whole layer where they are. Where some operations are computed again
 * (torchtitan's selective checkpoints) every second product's output is kept with the layer's
 * input and the result of attention. With a pipeline of p stages the first keeps 1/p of the layers
 * for p micro-batches (arXiv 2205.05198, section 4.2.3): as many as one stage would.
 */
export function activationsOf(
  shape: ModelShape,
  batch: BatchMemory,
  layout: Layout,
): Activations | null {
  const { microBatch, sequenceLength } = batch;
  if (!microBatch || !sequenceLength) return null;
  const tokens = (microBatch.value * sequenceLength.value) / (layout.context ?? 1);
  const tensor = layout.tensor ?? 1;
  const whole = layerBytes(shape, batch, layout, tokens);
  const scores = batch.scores
    ? 2 * batch.bytes * shape.heads * sequenceLength.value * (tokens / tensor)
    : 0;
  const inputs = (tokens * shape.hidden * batch.bytes) / (layout.sequenceParallel ? tensor : 1);
  const { products } = valuesOf(shape);
  const query = shape.heads * shape.headDimension;
  const some = inputs + (tokens * batch.bytes * (products / 2 + query)) / tensor;
  const kept = { nothing: whole + scores, some, layers: inputs }[batch.recompute];
  const again = batch.recompute === 'nothing' ? 0 : whole + scores;
  const isLast = (layout.pipeline ?? 1) === 1;
  const logits = isLast ? (batch.logitBytes * (shape.vocabulary ?? 0) * tokens) / tensor : 0;
  return { layers: shape.layers * kept * (layout.inFlight ?? 1) + again, logits };
}
