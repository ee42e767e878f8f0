import type { NumberFormat } from '../formats/format.ts';
import { formatById } from '../formats/registry.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import { isNative, speedupOverBf16 } from '../hardware/rates.ts';
import type { Forecast, Law, RunPoint } from '../laws/law.ts';
import { defaultOperands, needsNoScaling, pointFor } from '../laws/point.ts';
import type { FormatTarget } from '../run/run.ts';

/** A format and scaling a run could train in, with what a law and an accelerator say of it. */
export interface Candidate extends FormatTarget {
  readonly name: string;
  /** The run with this format instead of its own. */
  readonly point: RunPoint;
  readonly forecast: Forecast;
  /** Storage bits per value, scale included. */
  readonly storedBits: number;
  /** Peak rate relative to BF16; null without an accelerator or when not native. */
  readonly throughput: number | null;
  /** Whether the accelerator's matrix units multiply it; null without an accelerator. */
  readonly native: boolean | null;
  /** Whether it is what the run has now. */
  readonly current: boolean;
  /** Whole sentences. */
  readonly notes: readonly string[];
}

/** The formats and scalings that training frameworks offer. */
const offered: readonly FormatTarget[] = [
  { format: 'bf16', granularity: 'none', block: null },
  { format: 'fp8-e4m3', granularity: 'tensor', block: null },
  { format: 'fp8-e4m3', granularity: 'channel', block: null },
  { format: 'fp8-e4m3', granularity: 'block', block: 128 },
  { format: 'fp8-e5m2', granularity: 'tensor', block: null },
  { format: 'fp8-e5m2', granularity: 'channel', block: null },
  { format: 'mxfp8-e4m3', granularity: 'block', block: 32 },
  { format: 'mxfp8-e5m2', granularity: 'block', block: 32 },
  { format: 'mxfp6-e3m2', granularity: 'block', block: 32 },
  { format: 'mxfp6-e2m3', granularity: 'block', block: 32 },
  { format: 'mxfp4', granularity: 'block', block: 32 },
  { format: 'nvfp4', granularity: 'block', block: 16 },
  { format: 'fp4-e2m1', granularity: 'channel', block: null },
];

/**
 * Forecasts every offered format for the run at `point`, and the run's own when it is not among
 * them. Least gap first, formats that the law cannot speak of last.
 */
export function candidates(
  law: Law,
  point: RunPoint,
  accelerator: Accelerator | null,
): readonly Candidate[] {
  const own: FormatTarget = {
    format: point.format,
    granularity: point.granularity,
    block: point.block,
  };
  const targets = offered.some((target) => sameTarget(target, own)) ? offered : [own, ...offered];
  return targets
    .flatMap((target) => candidateOf(law, point, target, accelerator) ?? [])
    .sort((a, b) => gapOf(a) - gapOf(b) || a.storedBits - b.storedBits);
}

/**
 * The other exponent and mantissa splits of the run's width, under its own scaling, least gap
 * first: what no hardware multiplies today, for research. None for runs without scaling factors.
 */
export function layoutsOfWidth(
  law: Law,
  point: RunPoint,
  accelerator: Accelerator | null,
): readonly Candidate[] {
  if (point.granularity === 'none' || point.exponentBits === null) return [];
  const { bits, exponentBits, granularity, block } = point;
  return Array.from({ length: bits }, (_, E) => E)
    .filter((E) => E !== exponentBits)
    .flatMap((E) => {
      const target = { format: `e${E}m${bits - 1 - E}`, granularity, block };
      return candidateOf(law, point, target, accelerator) ?? [];
    })
    .sort((a, b) => gapOf(a) - gapOf(b));
}

/** One format and scaling for the run at `point`; null for an unknown format. */
export function candidateOf(
  law: Law,
  point: RunPoint,
  target: FormatTarget,
  accelerator: Accelerator | null,
): Candidate | null {
  const format = formatById(target.format);
  const current = sameTarget(target, point);
  const other = current ? point : retarget(point, target);
  if (!format || !other) return null;
  return {
    ...target,
    name: format.name,
    point: other,
    forecast: law.forecast(other),
    storedBits: storedBits(format, target),
    throughput: accelerator && speedupOverBf16(accelerator, format.id),
    native: accelerator && isNative(accelerator, format.id),
    current,
    notes: notesOn(target),
  };
}

/**
 * Orders candidates from the cheapest on: by throughput where the accelerator has one, then by
 * stored bits, then by gap. Those that are not native come last.
 */
export function cheapestFirst(rows: readonly Candidate[]): readonly Candidate[] {
  return [...rows].sort(
    (a, b) =>
      Number(a.native === false) - Number(b.native === false) ||
      (b.throughput ?? 0) - (a.throughput ?? 0) ||
      a.storedBits - b.storedBits ||
      gapOf(a) - gapOf(b),
  );
}

/** The candidates whose gap is known and at most `gapNats`, cheapest first. */
export function withinGap(rows: readonly Candidate[], gapNats: number): readonly Candidate[] {
  return cheapestFirst(rows.filter((row) => gapOf(row) <= gapNats));
}

/**
 * Whether the pooled law, which leans on the most measurements, has a gap within the target too; it
 * does not stand in the way where it cannot speak.
 */
export function staysWithin(laws: readonly Law[], point: RunPoint, gapNats: number): boolean {
  const gap = laws.find(({ id }) => id === 'pooled')?.forecast(point).gap ?? null;
  return gap === null || gap <= gapNats;
}

function sameTarget(a: FormatTarget, b: FormatTarget): boolean {
  return a.format === b.format && a.granularity === b.granularity && a.block === b.block;
}

function retarget(point: RunPoint, target: FormatTarget): RunPoint | null {
  return pointFor({
    parameters: point.parameters,
    tokens: point.tokens,
    ...target,
    // A run in BF16 quantises nothing, so it does not say what another recipe would quantise.
    operands: needsNoScaling(point) ? defaultOperands : point.operands,
  });
}

/** A scale shared by a tensor or channel costs next to nothing; FP32 scales a block do not. */
function storedBits(format: NumberFormat, target: FormatTarget): number {
  return format.scaling === null && target.block !== null
    ? format.storedBits + 32 / target.block
    : format.storedBits;
}

function gapOf(row: Candidate): number {
  return row.forecast.gap ?? Infinity;
}

function notesOn(target: FormatTarget): readonly string[] {
  return target.format.startsWith('fp8') && target.granularity === 'block'
    ? [
        'Blocks of FP8 run on the FP8 units with partial sums promoted to FP32, as in DeepSeek-V3, ' +
          'so below the peak rate.',
      ]
    : [];
}
