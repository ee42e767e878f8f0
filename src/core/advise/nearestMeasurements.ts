import type { RunPoint } from '../laws/law.ts';
import { isRead, type Measurement } from '../laws/measurements/measurement.ts';
import { measurements } from '../laws/measurements/measurements.ts';
import { needsNoScaling } from '../laws/point.ts';

/** A public measurement and how far it lies from a run. */
export interface Neighbour {
  readonly measurement: Measurement;
  /** Sum of the parts below and of what differs in format; 0 = the same run. */
  readonly distance: number;
  /** Its N and D as a multiple of the run's. */
  readonly parametersRatio: number;
  readonly tokensRatio: number;
  /** Whether elements, block and operands are the run's. */
  readonly sameRecipe: boolean;
}

/**
 * The public measurements nearest to a run, nearest first, at most `most`; none for a run in 16 or
 * more bits, which has no gap to compare. One of each data set, for runs of one set share their
 * code and data and so confirm each other little. The distance is this project's own plain choice:
 * |ln N/N'| + |ln D/D'|, and for the format what the weights below say.
 */
export function nearestMeasurements(point: RunPoint, most: number): readonly Neighbour[] {
  if (needsNoScaling(point)) return [];
  const nearest = measurements
    .map((measurement) => neighbourOf(point, measurement))
    .sort((a, b) => a.distance - b.distance);
  const first = new Map<string, Neighbour>();
  for (const each of nearest) {
    if (!first.has(each.measurement.dataset)) first.set(each.measurement.dataset, each);
  }
  return [...first.values()].slice(0, most);
}

/**
 * What a difference in format weighs, in powers of e of N or D. Another width outweighs any
 * difference in size that is usual between a public run and a team's own. A source that was not read
 * itself stands back behind one that was.
 */
const weights = {
  widthDoubled: 20,
  layout: 4,
  blockDoubled: 0.5,
  operand: 1.5,
  unread: 2,
} as const;

/** log2 of how many values share a scale, where the recipe says no number: a rough stand-in. */
const usualReach = { none: 0, channel: 10, tensor: 13 } as const;

/** How far a measurement lies from a run. */
export function neighbourOf(point: RunPoint, measurement: Measurement): Neighbour {
  const other = measurement.point;
  const parametersRatio = other.parameters / point.parameters;
  const tokensRatio = other.tokens / point.tokens;
  const width = Math.abs(Math.log2(other.bits / point.bits));
  const sameElement = elementOf(point) === elementOf(other);
  const block = Math.abs(reachOf(other) - reachOf(point));
  const operands = (['weights', 'activations', 'gradients'] as const).filter(
    (each) => point.operands.includes(each) !== other.operands.includes(each),
  ).length;
  const recipe =
    weights.widthDoubled * width +
    (width === 0 && !sameElement ? weights.layout : 0) +
    weights.blockDoubled * block +
    weights.operand * operands;
  return {
    measurement,
    distance:
      recipe +
      (isRead(measurement) ? 0 : weights.unread) +
      Math.abs(Math.log(parametersRatio)) +
      Math.abs(Math.log(tokensRatio)),
    parametersRatio,
    tokensRatio,
    sameRecipe: recipe === 0,
  };
}

/** What tells one element from another: its layout, or the format itself where it has none. */
function elementOf({ format, exponentBits, mantissaBits }: RunPoint): string {
  return exponentBits === null || mantissaBits === null
    ? format
    : `e${exponentBits}m${mantissaBits}`;
}

function reachOf({ granularity, block }: RunPoint): number {
  return granularity === 'block' ? Math.log2(block ?? 1) : usualReach[granularity];
}
