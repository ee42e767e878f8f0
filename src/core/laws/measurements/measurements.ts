import { pointFor } from '../point.ts';
import { largeRuns } from './largeRuns.ts';
import type { MeasuredSet, Measurement } from './measurement.ts';
import { runsOf2026 } from './runsOf2026.ts';
import { smallRuns } from './smallRuns.ts';

/** What was measured in public, as far as it ships: see each set for how its rows were chosen. */
export const measurements: readonly Measurement[] = [
  ...largeRuns,
  ...runsOf2026,
  ...smallRuns,
].flatMap(flatten);

function flatten({ rows, format, granularity, block, operands, ...what }: MeasuredSet) {
  return rows.flatMap(([parameters, tokens, gap]): readonly Measurement[] => {
    const point = pointFor({ parameters, tokens, format, granularity, block, operands });
    return point ? [{ ...what, point, gap }] : [];
  });
}
