import type { Candidate } from '../advise/candidates.ts';
import type { Forecast, Law, RunPoint } from '../laws/law.ts';
import { disagreement, spreadSentence } from './disagreement.ts';
import { formatName } from './formats.ts';
import { count, gapNats, inUnit, percent, shareOfCritical, type CountUnit } from './numbers.ts';
import { isOfTraining, lawPhrase } from './words.ts';

/** Where the documentation lies on the web: one page a topic below it. */
export const documentationBase = 'https://github.com/floatcast/floatcast/blob/main/docs';

/** The page that explains a finding, or its section of a page that explains several. */
export function documentationUrl(findingId: string, page?: string): string {
  return page === undefined
    ? `${documentationBase}/checks/${findingId}.md`
    : `${documentationBase}/checks/${page}.md#${findingId.toLowerCase()}`;
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
}

/** How a critical data size and its law are named: `1.05 T by the Capybara law, arXiv …`. */
function criticalSize({ law, forecast }: RunCase): string {
  const size = forecast.criticalTokens === null ? 'unknown' : count(forecast.criticalTokens);
  const { source } = law.criticalSize;
  return `${size} by ${lawPhrase(forecast)}, ${source === '' ? 'derived here, not in its paper' : source}`;
}

/** `D tokens is 14× the critical data size of FP4 E2M1 (block 16) at N = 6.98 B linear (…)`. */
function comparison(about: RunCase): string {
  const { point, forecast } = about;
  const share = percent(forecast.ratio ?? 0);
  return (
    `${count(point.tokens)} tokens is ${share}${share.endsWith('×') ? '' : ' of'} ` +
    `the critical data size of ${formatName(point)} at N = ${count(point.parameters)} linear ` +
    `(${criticalSize(about)}).`
  );
}

/** What the law predicts past its critical size; one of quantising afterwards says of what. */
function prediction({ law }: RunCase): string {
  const of = law.stage === 'training' ? '' : ' of the model quantised after training';
  return `Past it the law predicts that more data raises the loss${of}`;
}

/** The message of `critical-data-size`. */
export function pastCritical(about: RunCase): string {
  const { criticalTokens } = about.forecast;
  const least = criticalTokens === null ? '' : count(criticalTokens);
  return (
    `${comparison(about)} ${prediction(about)}; the least loss is reached at ${least}. ` +
    disagreement(about)
  );
}

/** The message of `near-critical-data-size`. */
export function nearCritical(about: RunCase): string {
  return `${comparison(about)} ${prediction(about)}. ${disagreement(about)}`;
}

/** The message of `gap-above-target`; `cheapest` is the cheapest format under the target. */
export function gapAboveTarget(
  { point, forecast, forecasts }: Omit<RunCase, 'law'>,
  targetNats: number,
  cheapest: Candidate | null,
): string {
  const spread = isOfTraining(forecast) ? spreadSentence(forecasts) : null;
  const stage = isOfTraining(forecast) ? '' : ', quantised after training,';
  const over =
    `${formatName(point)} is forecast to end${stage} ${gapNats(forecast.gap ?? 0)} nats per token ` +
    `above its BF16 twin by ${lawPhrase(forecast)}, over the target of ${targetNats}.` +
    (spread === null ? '' : ` ${spread}`);
  if (!cheapest) return `${over} No format on offer is forecast to stay under it.`;
  const { gap } = cheapest.forecast;
  const words = gap === null || gap === 0 ? 'no gap' : `gap ${gapNats(gap)}`;
  return `${over} The cheapest format under the target is ${formatName(cheapest)} (${words}).`;
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

/** The title of a fix that writes another format: `Train in MXFP8 E4M3 (block 32): gap +0.0031`. */
export function formatTitle(row: Candidate): string {
  const { ratio, gap } = row.forecast;
  const facts = [
    ...(gap === null ? [] : [gap === 0 ? 'no gap' : `gap ${gapNats(gap)}`]),
    ...(ratio === null ? [] : [shareOfCritical(ratio)]),
  ];
  return `Train in ${formatName(row)}: ${facts.join(', ')}`;
}
