import type { RunPoint } from '../laws/law.ts';
import { isRead, type Measurement } from '../laws/measurements/measurement.ts';
import { measurements } from '../laws/measurements/measurements.ts';
import { needsNoScaling } from '../laws/point.ts';
import { neighbourOf, type Neighbour } from './nearestMeasurements.ts';

/** The public measurements that a run can be held against. */
export interface ComparableMeasurements {
  readonly count: number;
  /** Their least and greatest gap, nats. */
  readonly low: number;
  readonly high: number;
  readonly nearest: Measurement;
}

/** What public runs of the same recipe did past a critical size. */
export interface SeenPast {
  /** The run that lies least far past it, in tokens a parameter. */
  readonly measurement: Measurement;
  /** Whether its loss was above that of the same model at fewer tokens. */
  readonly raises: boolean;
}

/** How many times a comparable run's N and D may be the run's, either way. */
const within = { parameters: 4, tokens: 10 } as const;

/** Public measurements of the run's element, block and operands at about its N and D, or null. */
export function comparableMeasurements(point: RunPoint): ComparableMeasurements | null {
  const near = alike(point)
    .filter(({ tokensRatio }) => isWithin(tokensRatio, within.tokens))
    .sort((a, b) => a.distance - b.distance)
    .map(({ measurement }) => measurement);
  const [nearest] = near;
  if (!nearest) return null;
  const gaps = near.map(({ gap }) => gap);
  return { count: near.length, low: Math.min(...gaps), high: Math.max(...gaps), nearest };
}

/**
 * What public runs of the run's recipe and about its size did past `criticalTokens`, taken as a
 * number of tokens a parameter: of the series whose end lies least far past it, whether the gap grew
 * by more than the BF16 loss fell. Null where no series goes so far.
 */
export function seenPast(
  point: RunPoint,
  criticalTokens: number,
  bf16Loss: (parameters: number, tokens: number) => number | null,
): SeenPast | null {
  const perParameter = ({ point: { tokens, parameters } }: Measurement) => tokens / parameters;
  const runs = alike(point).map(({ measurement }) => measurement);
  const beyond = runs
    .filter((run) => perParameter(run) > criticalTokens / point.parameters)
    .sort((a, b) => perParameter(a) - perParameter(b));
  for (const measurement of beyond) {
    const [before] = runs
      .filter((run) => isOfSeries(run, measurement) && run.point.tokens < measurement.point.tokens)
      .sort((a, b) => b.point.tokens - a.point.tokens);
    if (!before) continue;
    const { parameters, tokens } = measurement.point;
    const earlier = bf16Loss(parameters, before.point.tokens);
    const later = bf16Loss(parameters, tokens);
    if (earlier === null || later === null) continue;
    return { measurement, raises: measurement.gap - before.gap > earlier - later };
  }
  return null;
}

/**
 * The measurements of the run's own recipe at about its N, of sources that were read; none for a run
 * that quantises nothing.
 */
function alike(point: RunPoint): readonly Neighbour[] {
  if (needsNoScaling(point)) return [];
  return measurements
    .filter((each) => isRead(each) && each.point.bits === point.bits)
    .map((measurement) => neighbourOf(point, measurement))
    .filter(
      ({ sameRecipe, parametersRatio }) =>
        sameRecipe && isWithin(parametersRatio, within.parameters),
    );
}

function isOfSeries(a: Measurement, b: Measurement): boolean {
  return (
    a.dataset === b.dataset &&
    a.recipe === b.recipe &&
    a.point.parameters === b.point.parameters &&
    a.kind === 'measured' &&
    b.kind === 'measured'
  );
}

function isWithin(ratio: number, times: number): boolean {
  return ratio <= times && ratio >= 1 / times;
}
