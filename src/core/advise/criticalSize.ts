import { formatById } from '../formats/registry.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { Law, RunPoint } from '../laws/law.ts';
import type { FormatTarget } from '../run/run.ts';
import { candidateOf, candidates, type Candidate } from './candidates.ts';

/**
 * The most tokens, a whole number, that keep D / D_crit at or below `ratio`; null when the law
 * has no critical size for the run or cannot speak of it.
 * D_crit itself moves with D under tensor-wise scaling, so the answer is searched for, not read
 * off the forecast: a run cut to it is below the ratio when it is forecast again.
 */
export function mostTokens(law: Law, point: RunPoint, ratio = 1): number | null {
  if (law.forecast(point).criticalTokens === null) return null;
  const fits = (tokens: number): boolean => {
    const found = law.forecast({ ...point, tokens }).ratio;
    return found !== null && found <= ratio;
  };
  let low = 0;
  let high = Number.MAX_SAFE_INTEGER;
  if (fits(high)) return high;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low > 0 ? low : null;
}

/**
 * Other formats under which the run stays at or below `ratio` of D_crit, the nearest first:
 * fewest bits, then the run's own way of scaling, then the least gap. BF16, which has no critical
 * size, ends the list. With an accelerator, only formats that it has.
 */
export function formatsBelowCritical(
  law: Law,
  point: RunPoint,
  accelerator: Accelerator | null,
  ratio = 1,
): readonly Candidate[] {
  return candidates(law, point, accelerator)
    .filter((row) => row.format !== point.format && row.native !== false)
    .filter((row) => staysBelow(row, ratio))
    .sort(
      (a, b) =>
        a.point.bits - b.point.bits ||
        Number(isScaledLike(b, point)) - Number(isScaledLike(a, point)) ||
        (a.forecast.gap ?? Infinity) - (b.forecast.gap ?? Infinity),
    );
}

/** Granularities from coarse to fine, as frameworks offer them. */
const granularities: readonly Pick<FormatTarget, 'granularity' | 'block'>[] = [
  { granularity: 'tensor', block: null },
  { granularity: 'channel', block: null },
  { granularity: 'block', block: 128 },
  { granularity: 'block', block: 64 },
  { granularity: 'block', block: 32 },
  { granularity: 'block', block: 16 },
];

/**
 * The run's own format at finer granularities that keep it at or below `ratio` of D_crit, the
 * coarsest first. None for MX and NVFP4 formats, whose block is part of the format.
 */
export function finerScalings(law: Law, point: RunPoint, ratio = 1): readonly Candidate[] {
  if (point.granularity === 'none' || isBlockFormat(point)) return [];
  return granularities
    .filter((scaling) => isFiner(scaling, point))
    .flatMap((scaling) => candidateOf(law, point, { format: point.format, ...scaling }, null) ?? [])
    .filter((row) => staysBelow(row, ratio));
}

function staysBelow(row: Candidate, ratio: number): boolean {
  const { forecast } = row;
  return !forecast.hasCriticalSize || (forecast.ratio !== null && forecast.ratio <= ratio);
}

/** Whether the block is part of the format, as in MX and NVFP4. */
function isBlockFormat(of: Pick<RunPoint, 'format'>): boolean {
  return (formatById(of.format)?.scaling ?? null) !== null;
}

function isScaledLike(row: Candidate, point: RunPoint): boolean {
  return row.granularity === point.granularity && isBlockFormat(row) === isBlockFormat(point);
}

function isFiner(scaling: Pick<FormatTarget, 'granularity' | 'block'>, point: RunPoint): boolean {
  const coarseness = (one: Pick<FormatTarget, 'granularity' | 'block'>): number =>
    one.granularity === 'tensor'
      ? Infinity
      : one.granularity === 'channel'
        ? 1e9
        : (one.block ?? 0);
  return coarseness(scaling) < coarseness(point);
}
