import { formatById, formats } from '../../../src/core/formats/registry.ts';
import type { Accelerator } from '../../../src/core/hardware/accelerator.ts';
import { accelerators } from '../../../src/core/hardware/registry.ts';
import type { Scaling } from '../../../src/core/laws/law.ts';
import { scalingWords } from '../../../src/core/present/formats.ts';
import type { PlotInput } from '../plot.ts';

/** A split of a width into exponent and mantissa bits. */
export interface Split {
  readonly exponentBits: number;
  readonly mantissaBits: number;
}

/** A split as it is written: E4M3. */
export function splitName({ exponentBits, mantissaBits }: Split): string {
  return `E${exponentBits}M${mantissaBits}`;
}

/** The scaling that the layouts are compared under: a run without one is taken at the usual block. */
export function scalingAt({ granularity, block }: Scaling): Scaling {
  return granularity === 'none' ? { granularity: 'block', block: 128 } : { granularity, block };
}

/** How the layouts are scaled, in words. */
export function scalingSentence(point: Scaling, scaling: Scaling): string {
  const words = scalingWords(scaling);
  if (point.granularity === 'none') return `${words} (the run has no scaling factors)`;
  return scaling.granularity === 'tensor' ? `scaling ${words} (rough)` : `scaling ${words}`;
}

/** Whose constants the law speaks with, where they are a team’s own. */
export function calibrationWords({ laws, explored }: PlotInput): string {
  const law = laws.find(({ id }) => id === 'capybara');
  const file = law?.forecast(explored.point).calibration ?? null;
  return file === null ? '' : ` (constants of ${file})`;
}

/** The formats with this layout that the accelerator multiplies, or that any does. */
export function hardwareNames(row: Split, accelerator: Accelerator | null): readonly string[] {
  const native = new Set(
    (accelerator ? [accelerator] : accelerators).flatMap(({ rates }) =>
      rates.map((rate) => formatById(rate.format)?.name),
    ),
  );
  return formats
    .filter((format) => native.has(format.name))
    .filter(
      (format) =>
        format.exponentBits === row.exponentBits && format.mantissaBits === row.mantissaBits,
    )
    .map((format) => format.name);
}
