import type { ModelShape } from '../architecture/shape.ts';
import { keptTensors, type BatchMemory, type LayerTensor, type Layout } from '../run/setup.ts';

/** Bytes that a batch keeps on one device until the backward pass. */
export interface Activations {
  /** Of the layers, the one that is computed again among them. */
  readonly layers: number;
  readonly logits: number;
}

/** How many values a token each tensor of a layer has, and whether tensor parallelism divides it. */
type LayerValues = Readonly<Record<LayerTensor, { count: number; isDivided: boolean }>>;

/**
 * Values a token of a layer's tensors, by arXiv 2205.05198, section 4.1, with the widths of the
 * shape. Those that are kept unless told otherwise: inputs of both norms and of the first products
 * (4h), queries, keys and values, the input of the output product, and of the feed-forward its
 * outputs before and after the activation function: 2f, with a gate 4f. For GPT-3's widths and both
 * masks that is the paper's 34·s·b·h without the scores, which FlashAttention does not write.
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
  const inner = latent ? latent.queryRank + latent.keyValueRank + latent.rotaryHead : 0;
  const products = gated ? 2 : 1;
  const whole = (count: number) => ({ count, isDivided: false });
  const divided = (count: number) => ({ count, isDivided: true });
  return {
    input: whole(hidden),
    middle: whole(hidden),
    norms: whole(2 * hidden),
    'queries-keys-values': divided(query + key + value + inner),
    context: divided(latent ? value : query),
    'attention-output': whole(hidden),
    up: divided(products * width),
    activated: divided(products * width),
    down: whole(hidden),
    // Each expert of a token gets a copy of its input.
    'expert-inputs': divided(experts ? mixtures * experts.active * hidden : 0),
  };
}

/** What of a layer is summed: its tensors, and the masks of the values that were dropped. */
function layerBytes(
  values: LayerValues,
  batch: BatchMemory,
  { tensor, sequenceParallel }: Layout,
  kept: readonly LayerTensor[],
): number {
  const ranks = tensor ?? 1;
  const sum = (isDivided: boolean) =>
    kept.reduce(
      (total, name) => total + (values[name].isDivided === isDivided ? values[name].count : 0),
      0,
    );
  const masks = batch.dropout && kept.length === keptTensors.length ? 2 * values.input.count : 0;
  const whole = (sum(false) * batch.bytes + masks) / (sequenceParallel ? ranks : 1);
  return whole + (sum(true) * batch.bytes) / ranks;
}

/** Bytes a token that a layer keeps which is computed again. */
function recomputedBytes(
  values: LayerValues,
  { batch, layout }: { readonly batch: BatchMemory; readonly layout: Layout },
): number {
  const { recompute } = batch;
  if (recompute === 'nothing') return layerBytes(values, batch, layout, keptTensors);
  if (recompute !== 'some') {
    const kept = recompute === 'layers' ? (['input'] as const) : recompute;
    return (
      layerBytes(values, batch, layout, kept) / (kept.length === 1 ? (batch.together ?? 1) : 1)
    );
  }
  // Every second product's output is kept, with the layer's input and the result of attention.
  const products =
    values['queries-keys-values'].count + values['attention-output'].count + values.up.count;
  const half = (products + values.down.count) / 2 + values.context.count;
  return layerBytes(values, batch, layout, ['input']) + (half * batch.bytes) / (layout.tensor ?? 1);
}

/** How many of the layers are computed again. */
function layersAgain({ recompute, recomputed }: BatchMemory, layers: number, stages: number) {
  if (recompute === 'nothing') return 0;
  if (!recomputed) return layers;
  return 'share' in recomputed
    ? recomputed.share * layers
    : Math.min(layers, recomputed.perStage * stages);
}

/**
 * Bytes of activations on the most loaded device: what all layers keep, and while one of those is
 * computed again all of it. With a pipeline of p stages the first keeps 1/p of the layers for p
 * micro-batches (arXiv 2205.05198, section 4.2.3): as many as one stage would.
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
  const stages = layout.pipeline ?? 1;
  const values = valuesOf(shape);
  const scores = batch.scores ? (2 * batch.bytes * shape.heads * sequenceLength.value) / tensor : 0;
  const whole = layerBytes(values, batch, layout, keptTensors) + scores;
  const again = layersAgain(batch, shape.layers, stages);
  const kept = again * recomputedBytes(values, { batch, layout }) + (shape.layers - again) * whole;
  const atOnce = again > 0 ? (batch.together ?? 1) * whole : 0;
  const logits = stages === 1 ? (batch.logitBytes * (shape.vocabulary ?? 0) * tokens) / tensor : 0;
  return { layers: tokens * (kept * (layout.inFlight ?? 1) + atOnce), logits };
}
