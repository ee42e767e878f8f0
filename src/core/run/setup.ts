import type { Known } from './known.ts';
import type { Need } from './need.ts';

/** A linear layer of a decoder that an adapter can stand beside, by what it does. */
export type LinearName =
  | 'query'
  | 'key'
  | 'value'
  | 'query-key-value'
  | 'output'
  | 'gate'
  | 'up'
  | 'gate-up'
  | 'down'
  | 'head'
  | 'embeddings';

/** Low-rank adapters beside frozen weights (LoRA, arXiv 2106.09685). */
export interface Adapters {
  readonly rank: Known<number>;
  readonly targets: readonly LinearName[];
  /** Whether each target has a magnitude an output too (DoRA, arXiv 2402.09353). */
  readonly magnitudes?: boolean;
  /** Whole layers that are trained beside the adapters. */
  readonly whole?: readonly ('embeddings' | 'head')[];
}

/** How the weights that adapters leave frozen are stored. */
export interface FrozenBase {
  /** Format of the blocks' linear layers. */
  readonly format: 'nf4' | 'nf4-double' | 'int8' | 'bf16' | 'fp32';
  /** Bytes a value of all other weights. */
  readonly others: number;
  /** Whether the head is stored in that format too. */
  readonly withHead?: boolean;
}

/** Bytes that a framework keeps for each trained parameter. */
export interface KeptBytes {
  /** The copy that is multiplied and stays on the device; 0 where it is made layer by layer. */
  readonly weights: number;
  /** The copy that the optimizer updates; 0 where it updates the weights themselves. */
  readonly master: number;
  readonly gradients: number;
  /** Further copies of the gradients while the optimizer steps, divided as its state is. */
  readonly stepGradients?: number;
  /** One value of the optimizer's state. */
  readonly state: number;
}

/** What of the state is divided among the data-parallel ranks, by the stages of ZeRO (arXiv 1910.02054). */
type Sharding = 'nothing' | 'optimizer' | 'gradients' | 'all';

/** How many GPUs share each part of a run. Null = not told. */
export interface Layout {
  readonly tensor: number | null;
  readonly pipeline: number | null;
  readonly context: number | null;
  readonly expert: number | null;
  /** Whether the parts of a layer that tensor parallelism leaves whole are divided by sequence. */
  readonly sequenceParallel: boolean;
  /** How many times as many micro-batches an interleaved pipeline keeps as a plain one. */
  readonly inFlight?: number;
  readonly sharding: Sharding;
  /** Ranks among which the state is divided, where they are not all data-parallel ones. */
  readonly shardRanks: number | null;
  /** How many groups of data-parallel ranks divide the state, each a whole copy; 1 where absent. */
  readonly copies?: number;
  /** Why the file does not tell how many ranks share the state; a device's share is not known then. */
  readonly unshared?: string;
  /** Whether the whole model is gathered as one, not layer by layer. */
  readonly asOne?: boolean;
  /** Whether gradients stay whole although all is divided: while they accumulate unsynchronised. */
  readonly wholeGradients?: boolean;
  /** What is kept in the host's memory. */
  readonly offloaded: readonly ('optimizer' | 'gradients' | 'weights')[];
  /** Why the launcher may divide the state otherwise; null where the file settles it. */
  readonly open: string | null;
}

/** What a layer can keep for its backward pass, by what it is. */
export type LayerTensor =
  | 'input'
  /** The input of the second norm. */
  | 'middle'
  /** Outputs of both norms: inputs of the first products. */
  | 'norms'
  | 'queries-keys-values'
  /** The result of attention: input of its output product. */
  | 'context'
  | 'attention-output'
  /** Outputs of the feed-forward's first products. */
  | 'up'
  /** Outputs of the activation function. */
  | 'activated'
  | 'down'
  /** Inputs of the experts that a token goes to. */
  | 'expert-inputs';

/** What a layer keeps where nothing is computed again: no sum needs the outputs it adds. */
export const keptTensors: readonly LayerTensor[] = [
  ...(['input', 'middle', 'norms', 'queries-keys-values', 'context'] as const),
  ...(['up', 'activated', 'expert-inputs'] as const),
];

/**
 * What is computed again in the backward pass instead of being kept: nothing, some operations
 * (every second product, as torchtitan has it), whole layers, or all but the tensors that are listed.
 */
export type Recompute = 'nothing' | 'some' | 'layers' | readonly LayerTensor[];

/** Which layers are computed again where not all are: a share of them, or so many a stage. */
type RecomputedLayers = { readonly share: number } | { readonly perStage: number };

/** What a batch leaves in memory until the backward pass. */
export interface BatchMemory {
  /** Sequences that one GPU has at once. */
  readonly microBatch: Known<number> | null;
  /** The longest a sequence can be. */
  readonly sequenceLength: Known<number> | null;
  readonly recompute: Recompute;
  /** Absent where all layers do. */
  readonly recomputed?: RecomputedLayers;
  /** How many layers are computed again as one; 1 where absent. */
  readonly together?: number;
  /** Sequences of all data-parallel ranks at once, where no file says those of one GPU. */
  readonly sharedBatch?: Known<number>;
  /** Bytes of a kept value: 2 in 16 bits. */
  readonly bytes: number;
  /** Bytes of a logit, those of its copies and gradient included; 0 where the loss is fused. */
  readonly logitBytes: number;
  /** Whether attention writes its scores to memory. */
  readonly scores: boolean;
  /** Whether the layers drop values, for which they keep masks. */
  readonly dropout: boolean;
}

/** How a run is trained on its devices: what its memory and time are counted from. */
export interface Setup {
  /** Null = all weights are trained. */
  readonly adapters: Adapters | null;
  readonly frozen: FrozenBase | null;
  /** The optimizer by the name the framework has for it; null = not told. */
  readonly optimizer: Known<string> | null;
  readonly kept: KeptBytes;
  readonly layout: Layout;
  readonly batch: BatchMemory;
  /** What else the same GPUs hold that is not counted: a clause; absent where there is nothing. */
  readonly beside?: string;
  /** What is missing; with any the memory is not counted. */
  readonly needs: readonly Need[];
}
