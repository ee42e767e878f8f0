import type { Candidate } from '../advise/candidates.ts';
import type { Forecast, RunPoint } from '../laws/law.ts';
import { formatName, listed } from './formats.ts';
import { count, gapNats, inUnit, percent, shareOfCritical, type CountUnit } from './numbers.ts';
import { lawName } from './words.ts';

/** Where the documentation lies on the web: one page a topic below it. */
export const documentationBase = 'https://github.com/floatcast/floatcast/blob/main/docs';

/** The page that explains a finding. */
export function documentationUrl(findingId: string): string {
  return `${documentationBase}/checks/${findingId}.md`;
}

/** The equation that gives a law's critical data size, where its paper prints one. */
const criticalSources: Readonly<Record<string, string>> = {
  capybara: ', arXiv 2501.02423 eq. 21',
};

/** How a critical data size and its law are named: `1.05 T by the Capybara law, arXiv …`. */
function criticalSize(forecast: Forecast): string {
  const size = forecast.criticalTokens === null ? 'unknown' : count(forecast.criticalTokens);
  return `${size} by the ${lawName(forecast.law)} law${criticalSources[forecast.law] ?? ''}`;
}

/** `D tokens is 14× the critical data size of FP4 E2M1 (block 16) at N = 6.98 B linear (…)`. */
function comparison(point: RunPoint, forecast: Forecast): string {
  const share = percent(forecast.ratio ?? 0);
  return (
    `${count(point.tokens)} tokens is ${share}${share.endsWith('×') ? '' : ' of'} ` +
    `the critical data size of ${formatName(point)} at N = ${count(point.parameters)} linear ` +
    `(${criticalSize(forecast)}).`
  );
}

/**
 * What the other laws say of the critical data size, and what public runs show; a sentence or two.
 * Public FP4 runs have no such minimum: their gap tends to a finite value (our own fit to them).
 */
export function disagreement(chosen: Forecast, forecasts: readonly Forecast[]): string {
  const others = forecasts.filter((each) => each.law !== chosen.law && each.gap !== null);
  const without = others.filter((each) => !each.hasCriticalSize).map((each) => lawName(each.law));
  const farther = others.flatMap((each) =>
    each.criticalTokens === null ? [] : [`${lawName(each.law)} ${count(each.criticalTokens)}`],
  );
  const sentences = [
    ...(without.length > 0 ? [`no critical size by ${listed(without)}`] : []),
    ...(farther.length > 0 ? [farther.join(', ')] : []),
  ];
  const said = sentences.length > 0 ? `Other laws disagree: ${sentences.join('; ')}. ` : '';
  return `${said}Public FP4 runs show no such minimum.`;
}

/** The message of `critical-data-size`. */
export function pastCritical(
  point: RunPoint,
  forecast: Forecast,
  forecasts: readonly Forecast[],
): string {
  const least = forecast.criticalTokens === null ? '' : count(forecast.criticalTokens);
  return (
    `${comparison(point, forecast)} Past it the law predicts that more data raises the loss; ` +
    `the least loss is reached at ${least}. ${disagreement(forecast, forecasts)}`
  );
}

/** The message of `near-critical-data-size`. */
export function nearCritical(
  point: RunPoint,
  forecast: Forecast,
  forecasts: readonly Forecast[],
): string {
  return (
    `${comparison(point, forecast)} Past it the law predicts that more data raises the loss. ` +
    disagreement(forecast, forecasts)
  );
}

/** The message of `gap-above-target`; `cheapest` is the cheapest format under the target. */
export function gapAboveTarget(
  point: RunPoint,
  forecast: Forecast,
  targetNats: number,
  cheapest: Candidate | null,
): string {
  const over =
    `${formatName(point)} is forecast to end ${gapNats(forecast.gap ?? 0)} nats per token above ` +
    `its BF16 twin (${lawName(forecast.law)} law), over the target of ${targetNats}.`;
  if (!cheapest) return `${over} No format on offer is forecast to stay under it.`;
  const { gap } = cheapest.forecast;
  const words = gap === null || gap === 0 ? 'no gap' : `gap ${gapNats(gap)}`;
  return `${over} The cheapest format under it is ${formatName(cheapest)} (${words}).`;
}

/** The message of `number-reads-as-text`. */
export function readsAsText(source: string, what: 'parameters' | 'tokens'): string {
  const rests = what === 'tokens' ? 'the token count' : 'the parameter count';
  return (
    `${source} is a string in PyYAML, which loads this file: a float needs a dot and a signed ` +
    `exponent there (1.5e+12). It is a number that ${rests} rests on.`
  );
}

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
