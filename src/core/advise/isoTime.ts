import type { Accelerator } from '../hardware/accelerator.ts';
import { measuredFormats, speedupsOf, type MeasuredSpeedup } from '../hardware/speedups.ts';
import type { Law } from '../laws/law.ts';
import { pointFor } from '../laws/point.ts';
import { acceleratorHours } from './cost.ts';
import { formatForHours, type FormatForHours } from './formatForHours.ts';

/** What a budget of accelerator-hours buys in one format, at a speed that was measured. */
export interface IsoTimeRow extends FormatForHours {
  /** Null for BF16, which the others are measured against. */
  readonly measured: MeasuredSpeedup | null;
}

/** The size whose measurements are taken where N is yet to be chosen. */
const usualSize = 8e9;

/**
 * The least loss that a budget of hours buys in BF16 and in every format whose whole training step
 * was measured on the accelerator, the best first. The time of BF16 is its operations at the assumed
 * share of the peak rate; that of another format is BF16's over the measured speed-up of the nearest
 * size. N is `parameters`, or chosen with D. Formats that nobody measured there are not in it.
 */
export function isoTime(
  law: Law,
  accelerator: Accelerator,
  hours: number,
  parameters: number | null,
): readonly IsoTimeRow[] {
  const measuredOf = (format: string) =>
    speedupsOf(accelerator.id, format, parameters ?? usualSize)[0] ?? null;
  const rows = ['bf16', ...measuredFormats(accelerator.id)].flatMap((format): IsoTimeRow[] => {
    const measured = measuredOf(format);
    const point = pointFor({ parameters: 1, tokens: 1, format });
    if (!point) return [];
    const found = formatForHours(law, [point], accelerator, hours, parameters, (run) => {
      const { parameters: N, tokens: D } = run;
      const twin = pointFor({ parameters: N, tokens: D, format: 'bf16' });
      const bf16 = twin && acceleratorHours(accelerator, twin);
      return bf16 && bf16 / (measured?.speedup ?? 1);
    });
    return found ? [{ ...found, measured }] : [];
  });
  return rows.sort((a, b) => a.loss - b.loss);
}
