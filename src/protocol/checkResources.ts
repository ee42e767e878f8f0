import type { Flop } from '../core/resources/flop.ts';
import type { Memory, MemoryParts, Resources } from '../core/resources/resources.ts';
import { isNeed } from './checkRun.ts';
import { fields, isBoolean, isCount, isNumber, isString, listOf, orNull, type Is } from './is.ts';

/** A finite number that is not below zero. */
const isAmount: Is<number> = (value): value is number => isNumber(value) && value >= 0;

const isParts = fields<MemoryParts>({
  weights: isAmount,
  masterWeights: isAmount,
  gradients: isAmount,
  optimizer: isAmount,
  scales: isAmount,
  activations: orNull(isAmount),
  logits: orNull(isAmount),
  gathered: isAmount,
});

/** What a run takes. */
export const isResources = fields<Resources>({
  flop: orNull(
    fields<Flop>({ linear: isAmount, attention: isAmount, head: isAmount, total: isAmount }),
  ),
  trainedParameters: orNull(isAmount),
  isAdapted: isBoolean,
  storedFormat: orNull(isString),
  memory: orNull(
    fields<Memory>({
      whole: isParts,
      device: orNull(isParts),
      devices: orNull(isCount),
      open: orNull(isString),
      beside: orNull(isString),
      isPaged: isBoolean,
    }),
  ),
  speedupBound: orNull(isCount),
  hours: orNull(isAmount),
  money: orNull(isAmount),
  assumed: listOf(isString),
  needs: listOf(isNeed),
});
