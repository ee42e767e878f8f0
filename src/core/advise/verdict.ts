import { gradeOf, type Forecast, type Law, type RunPoint } from '../laws/law.ts';
import { lawById } from '../laws/registry.ts';
import { chanceWithin } from './chance.ts';
import {
  comparableMeasurements,
  seenPast,
  type ComparableMeasurements,
  type SeenPast,
} from './comparableMeasurements.ts';

/** What all the evidence says of one run: made once, shown by every surface. */
export interface Verdict {
  /** Ids of the laws of training that have a number for the run, the leading one first. */
  readonly laws: readonly string[];
  /** Id of the chosen law, whether it speaks or not. */
  readonly lead: string;
  /** Least and greatest gap of the speaking laws, nats; never a mean of them. */
  readonly low: number;
  readonly high: number;
  /** How many significant digits each end of the range has earned. */
  readonly digits: readonly [low: 2 | 3, high: 2 | 3];
  readonly agreement: 'agreed' | 'disputed';
  /** The one law without which the others agree, in a dispute; null where there is no such one. */
  readonly outlier: string | null;
  /** Ids of the speaking laws that put D past their critical size. */
  readonly pastCritical: readonly string[];
  /** Whether a second law, a calibrated one or a measurement says so too. */
  readonly confirmed: boolean;
  /** What public runs past the leading law's critical size did; null where there are none. */
  readonly past: SeenPast | null;
  /** Public measurements of the same element, block and operands at about this N and D. */
  readonly measured: ComparableMeasurements | null;
  /** How likely the gap is within the target, by this project's own error model. */
  readonly chance: Chance | null;
}

/** A probability that the gap is at most a target, nats. */
export interface Chance {
  readonly target: number;
  readonly value: number;
}

/** Gaps that differ by no more than this, nats, agree however many times one is the other. */
const sameNats = 0.005;

/** Gaps of which the greatest is at most this many times the least agree. */
const sameTimes = 2;

/**
 * The verdict on a run: `forecasts` are every law's, `lead` the chosen one. Each law speaks once,
 * by its leading reading. Null where no law of training has a number.
 */
export function verdictOf(
  point: RunPoint,
  forecasts: readonly Forecast[],
  lead: Law,
  gapTarget: number,
): Verdict | null {
  const speaking = speakingLaws(forecasts, lead.id);
  const [first] = speaking;
  if (!first) return null;
  const byGap = [...speaking].sort((a, b) => gapOf(a) - gapOf(b));
  const [lowest, highest] = [byGap[0] ?? first, byGap.at(-1) ?? first];
  const agreement = agree(byGap) ? 'agreed' : 'disputed';
  const pastCritical = speaking.filter(({ ratio }) => ratio !== null && ratio > 1);
  const leading = forecasts.find(({ law }) => law === lead.id);
  const past = leading?.criticalTokens
    ? seenPast(
        point,
        leading.criticalTokens,
        (parameters, tokens) => lead.curve({ ...point, parameters })(tokens).bf16Loss,
      )
    : null;
  return {
    laws: speaking.map(({ law }) => law),
    lead: lead.id,
    low: gapOf(lowest),
    high: gapOf(highest),
    digits: [digitsOf(lowest), digitsOf(highest)],
    agreement,
    outlier: agreement === 'agreed' ? null : outlierOf(byGap),
    pastCritical: pastCritical.map(({ law }) => law),
    confirmed:
      pastCritical.length > 1 ||
      pastCritical.some(({ calibration }) => calibration !== null) ||
      (pastCritical.length > 0 && past?.raises === true),
    past,
    measured: comparableMeasurements(point),
    chance: chanceOf(speaking, gapTarget),
  };
}

/** The forecasts of training in the format that have a number, the leading law's first. */
function speakingLaws(forecasts: readonly Forecast[], lead: string): readonly Forecast[] {
  return forecasts
    .filter(({ gap, law }) => gap !== null && lawById(law)?.stage !== 'post-training')
    .sort((a, b) => Number(b.law === lead) - Number(a.law === lead));
}

/** How many significant digits a law's number has earned. */
export function digitsOf(forecast: Forecast): 2 | 3 {
  return gradeOf(forecast) === 'inside' ? 3 : 2;
}

function gapOf({ gap }: Forecast): number {
  return gap ?? 0;
}

/** Whether the gaps, least first, are near enough to each other to say one number. */
function agree(byGap: readonly Forecast[]): boolean {
  const [first, last] = [byGap[0], byGap.at(-1)];
  if (!first || !last) return true;
  const [least, most] = [gapOf(first), gapOf(last)];
  return most - least <= sameNats || most <= sameTimes * least;
}

/** The law at one end without which the others agree; none where either end would do. */
function outlierOf(byGap: readonly Forecast[]): string | null {
  if (byGap.length < 3) return null;
  const [withoutLeast, withoutMost] = [agree(byGap.slice(1)), agree(byGap.slice(0, -1))];
  if (withoutLeast === withoutMost) return null;
  return (withoutLeast ? byGap[0] : byGap.at(-1))?.law ?? null;
}

/** The chance by the law whose constants are the team's own, else by the pooled one. */
function chanceOf(speaking: readonly Forecast[], target: number): Chance | null {
  const able = speaking.filter(({ interval }) => interval !== null);
  const by = able.find(({ calibration }) => calibration !== null) ?? able[0];
  const value = by ? chanceWithin(by, target) : null;
  return value === null ? null : { target, value };
}
