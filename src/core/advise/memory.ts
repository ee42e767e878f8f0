import type { Accelerator } from '../hardware/accelerator.ts';
import type { RunPoint } from '../laws/law.ts';
import { needsNoScaling } from '../laws/point.ts';

/** How many parameters a model stores: every expert, embeddings in the total. */
export interface StoredParameters {
  readonly total: number;
  /** Weight matrices of the linear layers, which are what a recipe quantises. */
  readonly linear: number;
}

/** Bytes that a run's state takes over all accelerators together, activations not counted. */
export interface TrainingMemory {
  /** The copy that is multiplied: linear layers in the run's format, the rest in 16 bits. */
  readonly weights: number;
  /** The scales of the quantised weights' blocks. */
  readonly scales: number;
  /** The FP32 copy that the optimizer updates; 0 when the weights are that themselves. */
  readonly masterWeights: number;
  readonly gradients: number;
  /** The two FP32 moments of AdamW. */
  readonly optimizer: number;
  readonly total: number;
}

/**
 * The state of mixed-precision training with AdamW: in BF16 2 + 2 + 12 bytes a parameter, as
 * counted in ZeRO (arXiv 1910.02054, section 3.1); a narrower format shrinks the weights alone.
 * That only the quantised copy is kept beside the master weights, and gradients in BF16, is
 * assumed. `storedBits` a value of the format, scales included.
 */
export function trainingMemory(
  stored: StoredParameters,
  point: RunPoint,
  storedBits: number,
): TrainingMemory {
  const wide = point.bits > 16;
  const quantised = !needsNoScaling(point) && point.operands.includes('weights');
  const narrow = quantised ? stored.linear : 0;
  const weights = (narrow * point.bits) / 8 + (stored.total - narrow) * (wide ? 4 : 2);
  const scales = (narrow * (storedBits - point.bits)) / 8;
  const masterWeights = wide ? 0 : 4 * stored.total;
  const gradients = (wide ? 4 : 2) * stored.total;
  const optimizer = 8 * stored.total;
  const total = weights + scales + masterWeights + gradients + optimizer;
  return { weights, scales, masterWeights, gradients, optimizer, total };
}

/** How many accelerators hold that state at least, when all of it is divided among them. */
export function acceleratorsFilled(memory: TrainingMemory, accelerator: Accelerator): number {
  return Math.ceil(memory.total / accelerator.memoryBytes);
}
