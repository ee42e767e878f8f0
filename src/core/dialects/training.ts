import { derived, type Known } from '../run/known.ts';
import { need } from '../run/need.ts';
import type { KeptBytes, Layout } from '../run/setup.ts';

/** A run on one GPU, or of which each GPU has a whole copy. */
export const undivided: Layout = {
  tensor: 1,
  pipeline: 1,
  context: 1,
  expert: 1,
  sequenceParallel: false,
  sharding: 'nothing',
  shardRanks: null,
  offloaded: [],
  open: null,
};

/** All of a run's state, as FSDP keeps it in the host's memory. */
export const wholeState: Layout['offloaded'] = ['weights', 'optimizer', 'gradients'];

/** Said of a run with adapters that its reader does not count. */
export const adaptersUncounted = need('memory', 'what adapters keep is not counted');

interface Count {
  readonly name: string;
  readonly known: Known<number>;
}

/** How many sequences a micro-batch holds that is counted in tokens. */
export function sequencesOf(tokens: Count, length: Count): Known<number> {
  const [all, each] = [tokens.known.value, length.known.value];
  return derived(all / each, `${all} ÷ ${each} tokens`, [tokens, length]);
}

/** Weights of one type that the optimizer updates themselves; its state has their type (torch.optim). */
export function pure(bytes: 2 | 4): KeptBytes {
  return { weights: bytes, master: 0, gradients: bytes, state: bytes };
}

/**
 * PyTorch's autocast over FP32 weights: casts of them in 16 bits that the backward pass needs,
 * FP32 gradients and state.
 */
export const autocast: KeptBytes = { weights: 2, master: 4, gradients: 4, state: 4 };

/** FSDP with mixed precision: FP32 weights, gradients and state, cast where they are gathered. */
export const fsdpMixed: KeptBytes = { weights: 0, master: 4, gradients: 4, state: 4 };

/**
 * DeepSpeed below stage 3 as its own estimator counts it (DeepSpeed
 * docs/code-docs/source/memory.rst, 2026-08): 16-bit weights and gradients, and in the step FP32
 * weights, gradients and both moments, which are divided.
 */
export const deepspeedKept: KeptBytes = {
  weights: 2,
  master: 4,
  gradients: 2,
  stepGradients: 4,
  state: 4,
};

/** DeepSpeed's stage 3 by the same estimator: 18 bytes divided; 16-bit gradients are the gathered layer's. */
export const deepspeedKept3: KeptBytes = { ...deepspeedKept, gradients: 0 };

/** Megatron-LM in 16 bits: 18 bytes a parameter (theoretical_memory_usage.py, 2026-08). */
export const megatronKept: KeptBytes = { weights: 2, master: 4, gradients: 4, state: 4 };

/**
 * What DistributedDataParallel adds: it sums gradients in buckets that are as large again unless
 * gradients are views of them (PyTorch torch/nn/parallel/distributed.py, gradient_as_bucket_view).
 */
export function replicated(kept: KeptBytes): KeptBytes {
  return { ...kept, gradients: kept.gradients * 2 };
}
