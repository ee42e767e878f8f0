import type { Forecast, Law, RunPoint } from '../laws/law.ts';
import type { MeasuredLosses } from '../run/measured.ts';
import { compareGap, endOf, predictedGaps, type GapComparison } from './measuredGap.ts';
import { nearestMeasurements, type Neighbour } from './nearestMeasurements.ts';

/** Everything that is said of a run's own losses. */
export interface GapAnswer {
  readonly losses: MeasuredLosses;
  readonly point: RunPoint;
  /** Null without a twin, or where the two logs share no tokens. */
  readonly comparison: GapComparison | null;
  readonly predicted: readonly Forecast[];
  readonly neighbours: readonly Neighbour[];
  /** Where the log ends. */
  readonly endTokens: number;
}

const mostNeighbours = 3;

/** Whether a run's measured gap is normal, by the laws and by what was measured in public. */
export function gapAnswer(
  losses: MeasuredLosses,
  point: RunPoint,
  lead: Law,
  laws: readonly Law[],
): GapAnswer {
  const endTokens = endOf(losses.points)?.tokens ?? 0;
  const atEnd = { ...point, tokens: endTokens };
  return {
    losses,
    point,
    comparison: compareGap(losses, point, lead, laws),
    predicted: predictedGaps(atEnd, lead, laws),
    neighbours: nearestMeasurements(atEnd, mostNeighbours),
    endTokens,
  };
}
