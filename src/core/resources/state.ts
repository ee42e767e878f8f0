import { embeddingParameters, type ModelShape } from '../architecture/shape.ts';
import type { ParameterCounts, ParameterPart } from '../run/run.ts';
import type { FrozenBase, Layout, Setup } from '../run/setup.ts';
import { optimizerBytes } from './optimizers.ts';

/** Bytes of a run's state by what they hold. */
export interface StateBytes {
  readonly weights: number;
  readonly masterWeights: number;
  readonly gradients: number;
  readonly optimizer: number;
  /** Scales of weights that are stored in few bits. */
  readonly scales: number;
}

/** What the state is counted from. */
export interface StateRequest {
  readonly counts: ParameterCounts & { readonly total: number };
  readonly shape: ModelShape;
  readonly setup: Setup;
  /** Parameters of the adapters, null where all weights are trained. */
  readonly adapters: number | null;
}

/** Bytes a weight of a format that weights are stored in, and of its scales. */
const stored: Readonly<Record<FrozenBase['format'], { value: number; scale: number }>> = {
  fp32: { value: 4, scale: 0 },
  bf16: { value: 2, scale: 0 },
  // A 32-bit constant a row (LLM.int8(), arXiv 2208.07339), too few to count.
  int8: { value: 1, scale: 0 },
  // An FP32 constant a block of 64; quantised again: 8 bits, and FP32 a 256 of them (arXiv
  // 2305.14314, section 3: .127 bits a weight).
  nf4: { value: 0.5, scale: 4 / 64 },
  'nf4-double': { value: 0.5, scale: 1 / 64 + 4 / (64 * 256) },
};

/** The state of one whole copy of the model; null for an optimizer that is not known. */
export function stateOf(request: StateRequest): StateBytes | null {
  const { counts, shape, setup, adapters } = request;
  const { kept, optimizer, frozen } = setup;
  const trained = adapters ?? counts.total;
  const moments =
    optimizer &&
    optimizerBytes({
      name: optimizer.value,
      trained,
      matrices: adapters === null ? counts.linear : trained,
      shape,
      valueBytes: kept.state,
    });
  if (moments === null) return null;
  const base = adapters !== null && frozen ? frozen : null;
  const { value, scale } = stored[base?.format ?? 'bf16'];
  const head = base?.withHead === true ? (counts.parts.find(isHead)?.count ?? 0) : 0;
  const narrow = counts.linear + head;
  const frozenWeights = base ? narrow * value + (counts.total - narrow) * base.others : 0;
  return {
    weights: frozenWeights + trained * kept.weights,
    masterWeights: trained * kept.master,
    gradients: trained * (kept.gradients + (kept.stepGradients ?? 0)),
    optimizer: moments,
    scales: base ? narrow * scale : 0,
  };
}

const isHead = ({ name }: ParameterPart): boolean => name === 'head';

/** The share of a model's parameters that the most loaded device of one copy holds. */
interface Shares {
  readonly dense: number;
  readonly experts: number;
}

/**
 * Parameters on the most loaded device: the first stage of the pipeline, which has the embedding
 * too (Megatron-LM theoretical_memory_usage.py counts it so), experts divided by expert
 * parallelism as well.
 */
function sharesOf(shape: ModelShape, counts: StateRequest['counts'], layout: Layout): Shares {
  const tensor = layout.tensor ?? 1;
  const pipeline = layout.pipeline ?? 1;
  const experts = counts.parts.find(({ name }) => name === 'experts')?.count ?? 0;
  const embedding = embeddingParameters(shape);
  const outside = counts.total - counts.nonEmbedding;
  const atFirst = pipeline === 1 ? outside : Math.min(embedding, outside);
  return {
    dense: ((counts.nonEmbedding - experts) / pipeline + atFirst) / tensor / counts.total,
    experts: experts / (pipeline * tensor * (layout.expert ?? 1)) / counts.total,
  };
}

/** Data-parallel ranks that divide one copy of the state among them; null where nobody says. */
function sharingRanks(layout: Layout, dataRanks: number | null): number | null {
  if (layout.unshared !== undefined) return null;
  if (layout.shardRanks !== null) return layout.shardRanks;
  return dataRanks === null ? null : Math.max(1, dataRanks / (layout.copies ?? 1));
}

/**
 * The state on the most loaded device, given the data-parallel ranks; null where they are needed
 * and not known. Parts that ZeRO's stage divides are divided among the ranks that share them;
 * experts have as many fewer copies as ranks share them. What is kept in the host's memory is 0.
 */
export function stateOnDevice(
  { counts, shape, setup }: StateRequest,
  whole: StateBytes,
  dataRanks: number | null,
): StateBytes | null {
  const { layout } = setup;
  const { sharding, offloaded } = layout;
  const ranks = sharding === 'nothing' ? 1 : sharingRanks(layout, dataRanks);
  if (ranks === null) return null;
  const all = ranks * (layout.context ?? 1);
  const { dense, experts } = sharesOf(shape, counts, layout);
  const on = (bytes: number, isDivided: boolean): number => {
    const among = isDivided && sharding !== 'nothing' ? all : 1;
    const amongExperts = Math.max(1, among / (layout.expert ?? 1));
    return bytes * (dense / among + experts / amongExperts);
  };
  const isAway = (part: Layout['offloaded'][number]) => offloaded.includes(part);
  const dividesGradients =
    (sharding === 'gradients' || sharding === 'all') && layout.wholeGradients !== true;
  const { gradients, stepGradients = 0 } = setup.kept;
  const stepShare = stepGradients / Math.max(1, gradients + stepGradients);
  return {
    // Frozen weights are divided only where all weights are.
    weights: isAway('weights') ? 0 : on(whole.weights, sharding === 'all'),
    masterWeights: isAway('optimizer') ? 0 : on(whole.masterWeights, true),
    gradients: isAway('gradients')
      ? 0
      : on(whole.gradients * (1 - stepShare), dividesGradients) +
        (isAway('optimizer') ? 0 : on(whole.gradients * stepShare, true)),
    optimizer: isAway('optimizer') ? 0 : on(whole.optimizer, true),
    scales: isAway('weights') ? 0 : on(whole.scales, sharding === 'all'),
  };
}

/**
 * Bytes of the weights that are put together for one product where all are divided, and of their
 * gradients: 16-bit ones of the largest layer (DeepSpeed's estimate_zero3_model_states_mem_needs
 * counts 4 bytes a parameter of it); FSDP sums gradients in FP32 where weights are kept so. A model
 * that is wrapped as one is put together whole.
 */
export function gatheredBytes({ counts, shape, setup, adapters }: StateRequest): number {
  const { layout, batch, kept } = setup;
  const tensor = layout.tensor ?? 1;
  if (layout.sharding === 'gradients' && layout.asOne === true) {
    return (batch.bytes * counts.total) / tensor;
  }
  if (layout.sharding !== 'all') return 0;
  const layer = layout.asOne === true ? counts.total : counts.nonEmbedding / shape.layers;
  const largest = Math.max(layer, embeddingParameters(shape));
  const summed = adapters === null && kept.stepGradients === undefined ? kept.gradients : 0;
  const bytes = 2 * batch.bytes + (summed > batch.bytes ? summed : 0);
  return (bytes * Math.min(largest, counts.total)) / tensor;
}
