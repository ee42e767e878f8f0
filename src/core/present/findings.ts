import type { Candidate } from '../advise/candidates.ts';
import type { Verdict } from '../advise/verdict.ts';
import type { Forecast, Law, RunPoint } from '../laws/law.ts';
import { formatName, isFp4 } from './formats.ts';
import { count, inUnit, percent, type CountUnit } from './numbers.ts';
import { gapOf, gapOfVerdict } from './verdict.ts';
import { comparable, isOfTraining, lawName, lawPhrase } from './words.ts';

/** Where the documentation lies on the web: one page a topic below it. */
export const documentationBase = 'https://github.com/floatcast/floatcast/blob/main/docs';

/** The page that explains a finding, or its section of a page that explains several, below `docs/`. */
export function documentationPage(findingId: string, page?: string): string {
  return page === undefined
    ? `checks/${findingId}.md`
    : `checks/${page}.md#${findingId.toLowerCase()}`;
}

/** Where that page lies on the web. */
export function documentationUrl(findingId: string, page?: string): string {
  return `${documentationBase}/${documentationPage(findingId, page)}`;
}

/** The page of a law. */
export function lawUrl(law: string): string {
  return `${documentationBase}/laws/${law}.md`;
}

/** A word that the page about the laws explains, as its heading's anchor. */
export type Term = 'gap' | 'critical-data-size' | 'grade';

/** Words as the Markdown link to where the term is explained. */
export function termLink(words: string, term: Term): string {
  return `[${words}](${lawUrl('README')}#${term})`;
}

/** What a message on a forecast is about: a run, the law that leads, and what all laws say. */
export interface RunCase {
  readonly law: Law;
  readonly point: RunPoint;
  readonly forecast: Forecast;
  readonly forecasts: readonly Forecast[];
  readonly verdict: Verdict | null;
}

/** How a law is named in a sentence that has no room for the file it was calibrated on. */
function briefLaw(forecast: Forecast): string {
  if (forecast.calibration !== null) return `the calibrated ${lawName(forecast.law)} law`;
  return lawPhrase(forecast);
}

/** `15.0 T tokens is 18× the critical data size (850 B) of MXFP4 (block 32) at this N by the … law`. */
function comparison({ point, forecast }: RunCase): string {
  const share = percent(forecast.ratio ?? 0);
  const size = forecast.criticalTokens === null ? 'unknown' : count(forecast.criticalTokens);
  return (
    `${count(point.tokens)} tokens is ${share}${share.endsWith('×') ? '' : ' of'} ` +
    `the critical data size (${size}) of ${formatName(point)} at this N by ${briefLaw(forecast)}`
  );
}

/** What the other laws and public runs say to a critical size: `6 other laws see none.` */
function others({ law, point, forecasts, verdict }: RunCase): string {
  if (law.stage === 'post-training' || !verdict) return '';
  const rest = comparable(forecasts).filter((each) => each.law !== law.id);
  const past = rest.filter(({ ratio }) => ratio !== null && ratio > 1).length;
  const isFar = rest.some(({ ratio }) => ratio !== null && ratio <= 1);
  const here = isFar ? ' here' : '';
  const isSeen = verdict.past?.raises === true;
  const said = [
    ...sayings(past, isSeen ? 'a public run' : null, ['agrees', 'agree']),
    ...sayings(rest.length - past, isFp4(point) && !isSeen ? 'public runs' : null, [
      `sees none${here}`,
      `see none${here}`,
    ]),
  ].join('; ');
  return said === '' ? '' : ` ${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}

/** `6 other laws and public runs see none`; nothing where nobody says it. */
function sayings(
  laws: number,
  also: string | null,
  [one, many]: readonly [one: string, many: string],
): readonly string[] {
  const who = [
    ...(laws === 0 ? [] : [`${laws} other law${laws === 1 ? '' : 's'}`]),
    ...(also === null ? [] : [also]),
  ];
  const single = who.length === 1 && (laws === 1 || also === 'a public run');
  return who.length === 0 ? [] : [`${who.join(' and ')} ${single ? one : many}`];
}

/** What more data does past the critical size; a law of quantising afterwards says of what. */
function raises({ law }: RunCase): string {
  const of = law.stage === 'training' ? '' : ' of the model quantised after training';
  return `more data raises the loss${of}`;
}

/** The message of `critical-data-size`, at most 200 characters. */
export function pastCritical(about: RunCase): string {
  return `${comparison(about)}; past it ${raises(about)}.${others(about)}`;
}

/** The message of `near-critical-data-size`, at most 200 characters. */
export function nearCritical(about: RunCase): string {
  return `${comparison(about)}; past that ${raises(about)}.${others(about)}`;
}

/** The message of `gap-above-target`, at most 200 characters; `cheapest` is the cheapest format under it. */
export function gapAboveTarget(
  about: Omit<RunCase, 'law'>,
  targetNats: number,
  cheapest: Candidate | null,
): string {
  const over =
    `${formatName(about.point)} ends ${gapBy(about)} nats above BF16, ` +
    `over the target of ${targetNats}.`;
  if (!cheapest) return `${over} No format on offer stays under it.`;
  const gap = cheapest.forecast.gap ?? 0;
  const words = gap === 0 ? 'no gap' : `gap ${gapOf(cheapest.forecast)}`;
  return `${over} The cheapest under it: ${formatName(cheapest)} (${words}).`;
}

/** `+0.03…0.21 (7 laws, Capybara +0.21)`: the gap of a run and who says it. */
function gapBy({ verdict, forecast, forecasts, point }: Omit<RunCase, 'law'>): string {
  const own = `${gapOf(forecast)} by ${briefLaw(forecast)}`;
  const gap = gapOfVerdict({ verdict, forecast, forecasts, point });
  if (!isOfTraining(forecast)) return `${gapOf(forecast)}, quantised after training,`;
  if (gap === null || !verdict || verdict.laws.length < 2) return own;
  const count = verdict.laws.length;
  if (forecast.gap === null) return `${gap} (${count} laws, ${lawName(forecast.law)} none)`;
  return verdict.agreement === 'agreed'
    ? `${gap} (${count} laws agree)`
    : `${gap} (${count} laws, ${lawName(forecast.law)} ${gapOf(forecast)})`;
}

/** The message of `number-reads-as-text`. */
export function readsAsText(source: string, what: 'parameters' | 'tokens' | 'setting'): string {
  const why = {
    parameters: 'It is a number that the parameter count rests on.',
    tokens: 'It is a number that the token count rests on.',
    setting: 'The trainer gets the text.',
  };
  return (
    `${source} is a string in PyYAML, which loads this file: a float needs a dot and a signed ` +
    `exponent there (1.5e+12). ${why[what]}`
  );
}

/** The message of `unknown-suppression`; `meant` is the id that comes nearest. */
export function unknownIdInComment(written: string, meant: string | null): string {
  const guess = meant === null ? '' : ` Did you mean “${meant}”?`;
  return `There is no finding “${written.slice(0, 60)}”, so this comment does not switch it off.${guess}`;
}

/** The message of `unused-suppression`. */
export const commentDoesNothing =
  'This comment switches nothing off: there is no such finding here.';

/**
 * The message of `comment-disagrees`: the comment's count in its own words, then the file's in the
 * same unit: `The comment says ~2.5 B tokens; the file gives 0.31 B.`
 */
export function commentDisagrees(
  claim: { readonly number: string; readonly unit: CountUnit; readonly about: boolean },
  tokens: number,
): string {
  const own = inUnit(tokens, claim.unit);
  const given = own === null ? count(tokens) : `${own} ${claim.unit}`;
  const said = `${claim.about ? '~' : ''}${claim.number} ${claim.unit}`;
  return `The comment says ${said} tokens; the file gives ${given}.`;
}
