/** The least multiple of `multiple` that is not below `value`; `value` itself for a multiple of 0. */
export function roundUp(value: number, multiple: number): number {
  return multiple > 0 ? Math.ceil(value / multiple) * multiple : value;
}

/**
 * The feed-forward width of Llama's rule: round_up(int(multiplier · int(8d/3)), multipleOf).
 *
 * As in torchtitan, lingua and fairseq2; `multiplier` null when the config has none. open_lm is
 * multiplier null with multipleOf 256.
 */
export function llamaFeedForward(
  hidden: number,
  multiplier: number | null,
  multipleOf: number,
): number {
  const base = Math.floor((2 * 4 * hidden) / 3);
  return roundUp(multiplier === null ? base : Math.trunc(multiplier * base), multipleOf);
}

/**
 * The width of one matrix of an OLMo block, whose `mlp_hidden_size` counts gate and up fused.
 *
 * `fusedWidth` is `mlp_hidden_size`, null for `ratio` (`mlp_ratio`) × hidden (OLMo `model.py`).
 */
export function olmoFeedForward(
  hidden: number,
  fusedWidth: number | null,
  ratio: number,
  gated: boolean,
): number {
  const fused = fusedWidth ?? Math.trunc(ratio * hidden);
  return gated ? Math.trunc(fused / 2) : fused;
}

/**
 * The width of one matrix of a GPT-NeoX block from its `intermediate_size` (4h when absent).
 *
 * A gated block takes a third of it, so that three matrices weigh as much as two; both are rounded
 * up to `mlp_multiple_of` (`ParallelMLP` in `megatron/model/transformer.py`).
 */
export function neoxFeedForward(
  intermediateSize: number,
  gated: boolean,
  multipleOf: number,
): number {
  const width = gated ? Math.floor(Math.trunc((intermediateSize * 2) / 3) / 2) : intermediateSize;
  return roundUp(width, multipleOf);
}

/**
 * Megatron-LM's feed-forward width when `--ffn-hidden-size` is absent.
 *
 * 4h, and with a gated activation two thirds of that, rounded DOWN to a multiple of 64
 * (`megatron/training/arguments.py`).
 */
export function megatronFeedForward(hidden: number, gated: boolean): number {
  return gated ? Math.trunc((4 * hidden * 2) / 3 / 64) * 64 : 4 * hidden;
}

/**
 * The rows of a vocabulary padded to a multiple of `divisor` × tensor-parallel ranks.
 *
 * Megatron-LM, NeMo and GPT-NeoX (divisor 128 unless told otherwise); LitGPT with one rank.
 */
export function paddedVocabulary(
  vocabulary: number,
  divisor: number,
  tensorParallelRanks = 1,
): number {
  return roundUp(vocabulary, divisor * tensorParallelRanks);
}
