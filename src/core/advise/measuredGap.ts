import type { Forecast, Law, RunPoint } from '../laws/law.ts';
import { courses, type CourseStage } from '../laws/measurements/courses.ts';
import type { LossPoint, MeasuredLosses } from '../run/measured.ts';
import { inWindows, lossAt, median } from './lossCurves.ts';

/** A smoothed value at the end of a curve. */
export interface EndValue {
  /** The middle of the window, tokens. */
  readonly tokens: number;
  /** The median in the window, nats per token. */
  readonly value: number;
  /** Half the width of the median's 90 % interval by the scatter in the window; null of one point. */
  readonly uncertainty: number | null;
}

/** A measured gap at some tokens, smoothed. */
interface GapPoint {
  readonly tokens: number;
  readonly gap: number;
}

/** Where a measured gap lies against a predicted range. */
export interface Place {
  readonly kind: 'inside' | 'above' | 'below';
  /** How many times it is the range's nearer end, or that end is it; null inside and for a gap ≤ 0. */
  readonly factor: number | null;
}

/** What a run's measured gap says of the laws, and they of it, at the end of its log. */
export interface GapComparison {
  readonly end: EndValue;
  /** The gap along the log. */
  readonly course: readonly GapPoint[];
  /** What each law of training with a number says at the end's tokens, the leading law first. */
  readonly predicted: readonly Forecast[];
  /** Least and greatest predicted gap, with the laws' own intervals; null where none speaks. */
  readonly band: readonly [number, number] | null;
  readonly place: Place | null;
  /** What is normal this early, where the log ends before nine tenths of the run. */
  readonly early: EarlyGap | null;
  /** Measured over the leading law's gap; null where either is not above 0 or the law is silent. */
  readonly overLead: number | null;
  /** Against the pooled law's interval; null where it gives none. */
  readonly againstPooled: {
    readonly interval: readonly [number, number];
    readonly place: Place;
  } | null;
}

/** A gap in mid-run against what is normal there. */
export interface EarlyGap {
  /** Of the run's tokens. */
  readonly share: number;
  readonly stage: CourseStage;
  /** The band of the laws at the run's end times what public gaps were there, nats. */
  readonly normal: readonly [number, number];
  readonly place: Place;
}

/** Windows that a gap's course is smoothed in, and the share of the tokens that counts as its end. */
const windows = 60;
const endShare = 0.05;
const leastAtEnd = 5;

/**
 * Compares a run's measured gap, its loss minus its BF16 twin's at the same tokens, with what the
 * laws say of `point` there. Null without a twin, or where the two logs share no tokens.
 */
export function compareGap(
  measured: MeasuredLosses,
  point: RunPoint,
  lead: Law,
  laws: readonly Law[],
): GapComparison | null {
  const differences = differencesOf(measured);
  const end = endOf(differences);
  if (!end) return null;
  const predicted = predictedGaps({ ...point, tokens: end.tokens }, lead, laws);
  const band = bandOf(predicted);
  const leading = predicted.find((each) => each.law === lead.id)?.gap ?? 0;
  const pooled = predicted.find((each) => each.law === 'pooled')?.interval ?? null;
  return {
    end,
    course: inWindows(differences, windows).map(({ tokens, loss }) => ({ tokens, gap: loss })),
    predicted,
    band,
    place: band && placeOf(end, band),
    early: earlyGap(end, point, lead, laws),
    overLead: leading > 0 && end.value > 0 ? end.value / leading : null,
    againstPooled: pooled && { interval: pooled, place: placeOf(end, pooled) },
  };
}

/** The gap of a run that is not over, against what public gaps were at that share of theirs. */
function earlyGap(
  end: EndValue,
  point: RunPoint,
  lead: Law,
  laws: readonly Law[],
): EarlyGap | null {
  const share = end.tokens / point.tokens;
  const stage = courses.find(({ share: [from, to] }) => share >= from && share < to);
  const band = stage && bandOf(predictedGaps(point, lead, laws));
  if (!band) return null;
  const [least, most] = stage.midRun;
  const [low, high] = band;
  const normal = [least * (least < 0 ? high : low), most * high] as const;
  return { share, stage, normal, place: placeOf(end, normal) };
}

/** The laws that speak of training in a low precision, the leading one first. */
export function comparableLaws(lead: Law, laws: readonly Law[]): readonly Law[] {
  return [lead, ...laws.filter((law) => law.id !== lead.id)].filter(
    (law) => law.stage === 'training' && law.operands.length > 0,
  );
}

/** What each law of training in a low precision says of a run, if it has a number. */
export function predictedGaps(
  point: RunPoint,
  lead: Law,
  laws: readonly Law[],
): readonly Forecast[] {
  return comparableLaws(lead, laws)
    .map((law) => law.forecast(point))
    .filter(({ gap }) => gap !== null);
}

/** The least and the greatest gap of some forecasts, their intervals included; null of none. */
function bandOf(forecasts: readonly Forecast[]): readonly [number, number] | null {
  const gaps = forecasts.flatMap(({ gap, interval }) =>
    gap === null ? [] : [gap, ...(interval ?? [])],
  );
  return gaps.length === 0 ? null : [Math.min(...gaps), Math.max(...gaps)];
}

/** The end of a loss curve: the median of its last twentieth, of five points at least. */
export function endOf(points: readonly LossPoint[]): EndValue | null {
  const last = points.at(-1);
  if (!last) return null;
  const from = last.tokens * (1 - endShare);
  const late = points.filter(({ tokens }) => tokens >= from);
  const window = late.length >= leastAtEnd ? late : points.slice(-leastAtEnd);
  const losses = window.map(({ loss }) => loss);
  const value = median(losses);
  // The median of n values scatters 1.2533 σ/√n; σ is taken from the median deviation.
  const scatter = 1.4826 * median(losses.map((loss) => Math.abs(loss - value)));
  return {
    tokens: window.reduce((sum, { tokens }) => sum + tokens, 0) / window.length,
    value,
    uncertainty: window.length < 2 ? null : (1.645 * 1.2533 * scatter) / Math.sqrt(window.length),
  };
}

/**
 * What must be added to measured losses so that they end on a law's curve: floors differ between
 * data sets, so only differences can be compared. The BF16 twin is laid on the law's BF16 loss
 * where there is one, else the run itself on the law's loss. Null where the law cannot speak.
 */
export function alignment(measured: MeasuredLosses, point: RunPoint, law: Law): number | null {
  const end = endOf(measured.baseline ?? measured.points);
  if (!end) return null;
  const said = law.curve(point)(end.tokens);
  const reference = measured.baseline ? said.bf16Loss : said.loss;
  return reference === null ? null : reference - end.value;
}

function differencesOf({ points, baseline }: MeasuredLosses): readonly LossPoint[] {
  if (!baseline) return [];
  return points.flatMap(({ tokens, loss }) => {
    const twin = lossAt(baseline, tokens);
    return twin === null ? [] : [{ tokens, loss: loss - twin }];
  });
}

function placeOf({ value, uncertainty }: EndValue, [low, high]: readonly [number, number]): Place {
  const slack = uncertainty ?? 0;
  if (value - slack > high) return { kind: 'above', factor: high > 0 ? value / high : null };
  if (value + slack < low) return { kind: 'below', factor: value > 0 ? low / value : null };
  return { kind: 'inside', factor: null };
}
