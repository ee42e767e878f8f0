import type { Accelerator } from './accelerator.ts';

/**
 * The share of the peak rate that a run is taken to sustain. This project's assumption, the same
 * for every format and accelerator, so it moves hours and money but not their ratios; it is said
 * wherever a time is shown.
 */
export const assumedUtilisation = 0.4;

/** Peak dense rate of a format, TFLOP/s (TOP/s for integers); null when it is not native. */
export function rateOf(accelerator: Accelerator, formatId: string): number | null {
  return accelerator.rates.find((rate) => rate.format === formatId)?.teraflops ?? null;
}

/** Whether the matrix units multiply the format as it is, scales of its blocks included. */
export function isNative(accelerator: Accelerator, formatId: string): boolean {
  return rateOf(accelerator, formatId) !== null;
}

/** Peak rate relative to BF16 on the same accelerator; null when either is not native. */
export function speedupOverBf16(accelerator: Accelerator, formatId: string): number | null {
  const rate = rateOf(accelerator, formatId);
  const reference = rateOf(accelerator, 'bf16');
  return rate === null || reference === null ? null : rate / reference;
}
