import { digitsOf, type Verdict } from '../advise/verdict.ts';
import type { RunAnalysis } from '../analysis.ts';
import type { Forecast, RunPoint } from '../laws/law.ts';
import { gapNats, gapRange, lossNats, percent, shareOfCritical } from './numbers.ts';
import { constantsRemark, isOfTraining, isRough, lawName, type Speaker } from './words.ts';

/** What of an analysis the short lines of a verdict are made from. */
export type Judged = Pick<RunAnalysis, 'verdict' | 'forecast' | 'forecasts' | 'point'>;

/** From how many tokens on, and how many a parameter, a law's absolute loss is worth printing. */
const meantFrom = { tokens: 1e9, perParameter: 0.1 } as const;

/** Whether a run is long enough for the absolute loss of a law to mean anything. */
function lossIsMeant(point: RunPoint | null): boolean {
  return (
    point !== null &&
    point.tokens >= meantFrom.tokens &&
    point.tokens >= meantFrom.perParameter * point.parameters
  );
}

/** A law's gap with the digits that its number has earned: `+0.21`, `+0.0646`. */
export function gapOf(forecast: Forecast): string {
  return gapNats(forecast.gap ?? 0, digitsOf(forecast));
}

/**
 * The gap as all the evidence has it: from the least to the greatest of the laws, `+0.03…0.21`;
 * where they agree the leading law's own number, as far as it is of training.
 */
export function gapOfVerdict({ verdict, forecast }: Judged): string | null {
  if (!verdict) return null;
  if (verdict.high === 0) return null;
  return verdict.agreement === 'agreed' && forecast && leads(forecast)
    ? gapOf(forecast)
    : rangeOf(verdict);
}

/** The range of a verdict: `+0.03…0.21`. */
function rangeOf({ low, high, digits }: Verdict): string {
  return gapRange(low, high, digits);
}

/** Whether the leading forecast has a number of training that its own name goes beside. */
function leads(forecast: Forecast): boolean {
  return forecast.gap !== null && isOfTraining(forecast);
}

/** A law as a short line names it, with whose constants where they are no paper's. */
function shortLaw(speaker: Speaker): string {
  return [lawName(speaker.law), ...constantsRemark(speaker)].join(', ');
}

/**
 * What a short line says of the forecast, the gap first:
 * `gap +0.03…0.21 (7 laws, Capybara +0.21: loss 2.45)`, `D is 18× D_crit by 1 of 7`;
 * where they agree `gap +0.0024 (4 laws agree)`, `loss 2.36 by Capybara`. Empty without a forecast.
 */
export function verdictParts(run: Judged): readonly string[] {
  const { verdict, forecast } = run;
  if (!forecast) return [];
  const gap = gapOfVerdict(run);
  const speaks = forecast.gap !== null && forecast.loss !== null;
  const silent = speaks ? [] : [`no ${lawName(forecast.law)} forecast for this format`];
  if (verdict === null || gap === null) {
    if (!speaks) return silent;
    const [loss = 'no gap'] = lossPart(run);
    return [loss];
  }
  const count = verdict.laws.length;
  if (!leads(forecast)) {
    const by = count === 1 ? `by ${lawName(verdict.laws[0] ?? '')} alone` : `(${count} laws)`;
    return [`gap ${gap} ${by}`, ...(speaks ? [postTrainingPart(run, forecast)] : silent)];
  }
  const rough = isRough(run) ? ', rough' : '';
  const critical = criticalPart(run);
  const tail = critical === null ? [] : [critical];
  if (count === 1) {
    return [`gap ${gap} by ${shortLaw(forecast)} alone${rough}`, ...lossPart(run), ...tail];
  }
  if (verdict.agreement === 'agreed') {
    return [`gap ${gap} (${count} laws agree${rough})`, ...lossPart(run), ...tail];
  }
  const loss = lossIsMeant(run.point) ? `: loss ${lossNats(forecast.loss ?? 0)}` : '';
  const own = `${shortLaw(forecast)} ${gapOf(forecast)}${rough}${loss}`;
  return [`gap ${gap} (${count} laws, ${own})`, ...tail];
}

/** `loss 2.36 by Capybara`; nothing of a run too short for it. */
function lossPart({ forecast, point }: Judged): readonly string[] {
  const loss = forecast?.loss ?? null;
  if (!forecast || loss === null || !lossIsMeant(point)) return [];
  return [`loss ${lossNats(loss)} by ${shortLaw(forecast)}`];
}

/** What the leading law says where it is one of quantising a trained model. */
function postTrainingPart({ point }: Judged, forecast: Forecast): string {
  const loss = lossIsMeant(point) ? `: loss ${lossNats(forecast.loss ?? 0)}` : '';
  return `post-training gap ${gapOf(forecast)} by ${shortLaw(forecast)}${loss}`;
}

/** `D is 18× D_crit by 1 of 7`, `D is 10 % of D_crit`; null where the leading law has none. */
function criticalPart({ verdict, forecast }: Judged): string | null {
  const ratio = forecast?.ratio ?? null;
  if (!verdict || ratio === null) return null;
  const by = ratio > 1 ? ` by ${verdict.pastCritical.length} of ${verdict.laws.length}` : '';
  return `D is ${shareOfCritical(ratio)}${by}`;
}

/** D / D_crit as the status bar says it: `18× D_crit (1 of 7)`, `10 % of D_crit`. */
export function criticalShare({ verdict, forecast }: Judged): string | null {
  const ratio = forecast?.ratio ?? null;
  if (ratio === null) return null;
  const isOfLaws = forecast !== null && leads(forecast) && ratio > 1;
  const by =
    isOfLaws && verdict ? ` (${verdict.pastCritical.length} of ${verdict.laws.length})` : '';
  return shareOfCritical(ratio) + by;
}

/** How likely the gap stays within the target, a sentence; null outside of the model's domain. */
export function chanceSentence({ verdict }: Judged): string | null {
  if (!verdict?.chance) return null;
  const { target, value } = verdict.chance;
  const share = value > 0.99 ? 'over 99 %' : value < 0.01 ? 'under 1 %' : percent(value);
  return `Chance of a gap of at most ${target} nats: ${share}, by the project’s own error model.`;
}
