import { derived, type Known } from '../run/known.ts';

/** A batch that grows: from a step on it has this many sequences. */
export interface BatchStage {
  readonly start: number;
  readonly sequences: number;
}

/** Sequences that a schedule of batches by step trains on in so many steps; null when it has no start. */
export function scheduledSequences(
  steps: Known<number>,
  stages: readonly BatchStage[],
): Known<number> | null {
  const ordered = [...stages].sort((a, b) => a.start - b.start);
  if (ordered[0]?.start !== 0) return null;
  let sequences = 0;
  const terms: string[] = [];
  ordered.forEach(({ start, sequences: batch }, index) => {
    const end = Math.min(ordered[index + 1]?.start ?? steps.value, steps.value);
    if (end <= start) return;
    sequences += (end - start) * batch;
    terms.push(`${end - start} × ${batch}`);
  });
  return derived(sequences, terms.join(' + '), [{ name: 'steps', known: steps }]);
}

/**
 * Sequences that Megatron's `rampup_batch_size` [start, increment, samples] trains on in so many
 * steps: the batch grows by equal steps over the first `samples` sequences
 * (`RampupBatchsizeNumMicroBatchesCalculator`). Null for numbers that it refuses.
 */
export function rampedSequences(
  steps: Known<number>,
  globalBatch: Known<number>,
  rampUp: readonly number[],
): Known<number> | null {
  const [start = NaN, increment = NaN, samples = NaN] = rampUp;
  const stages = (globalBatch.value - start) / increment;
  if (!Number.isInteger(stages) || stages < 1 || stages > 100_000 || !(start > 0 && samples > 0)) {
    return null;
  }
  const each = samples / stages;
  let sequences = 0;
  let left = steps.value;
  for (let stage = 0; stage < stages && left > 0; stage += 1) {
    const batch = start + stage * increment;
    const taken = Math.min(left, Math.max(0, Math.ceil((each * (stage + 1) - sequences) / batch)));
    sequences += taken * batch;
    left -= taken;
  }
  sequences += left * globalBatch.value;
  const formula = `${steps.value} steps, the batch growing from ${start} to ${globalBatch.value} over ${samples} sequences`;
  return derived(sequences, formula, [
    { name: 'steps', known: steps },
    { name: 'sequences a step', known: globalBatch },
  ]);
}
