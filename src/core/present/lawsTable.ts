import type { RunAnalysis } from '../analysis.ts';
import { gradeOf, type Extrapolation, type Forecast, type Grade } from '../laws/law.ts';
import { lawUrl, termLink } from './findings.ts';
import { listed } from './formats.ts';
import { escapeMarkdown, table } from './markdown.ts';
import { count, gapNats, percent } from './numbers.ts';
import { gapOf } from './verdict.ts';
import { comparable, isDerived, isOfTraining, lawLabel, lawName, silence } from './words.ts';

const grades: Readonly<Record<Grade, string>> = {
  inside: 'inside its data',
  beyond: 'beyond its fitted range',
  unsupported: 'form not supported by data',
};

/** How far a law's number can be leant on, in a few words. */
export function gradeWords(grade: Grade): string {
  return grades[grade];
}

const respects: Readonly<Record<Extrapolation, string>> = {
  parameters: 'N',
  tokens: 'D',
  format: 'format',
  granularity: 'scaling',
  operands: 'operands',
  scale: 'stored scales',
};

/**
 * How far a forecast can be leant on and in which respects it cannot, as the end of a sentence:
 * `form not supported by data (scaling and operands), beyond its fitted range (N and D)`.
 * Null where the law cannot speak.
 */
export function supportWords(forecast: Forecast): string | null {
  if (gradeOf(forecast) === null) return null;
  const isSize = (each: Extrapolation) => each === 'parameters' || each === 'tokens';
  const parts = (['unsupported', 'beyond'] as const).flatMap((grade) => {
    const names = forecast.extrapolated
      .filter((each) => isSize(each) === (grade === 'beyond'))
      .map((each) => respects[each]);
    return names.length === 0 ? [] : [`${gradeWords(grade)} (${listed(names)})`];
  });
  return parts.length === 0 ? gradeWords('inside') : parts.join(', ');
}

/**
 * What every law of training says of a run, as a Markdown table with the leading law in bold: gap
 * and its interval, D_crit, D / D_crit, and how far the number can be leant on. Below it other
 * readings of the same laws, then the laws without a number, grouped by their reasons.
 */
export function lawsTable(run: RunAnalysis): readonly string[] {
  const speaking = comparable(run.forecasts);
  const rows = shortTable(run);
  const variants = speaking.flatMap(variantLines);
  const silent = silentLaws(run.forecasts.filter(isOfTraining));
  return [
    ...rows,
    ...(variants.length > 0 ? ['', ...variants] : []),
    ...(silent.length > 0 ? ['', ...silent] : []),
  ];
}

/** The table alone: the laws that have a number; empty for a run that quantises nothing. */
export function shortTable(run: RunAnalysis): readonly string[] {
  const speaking = comparable(run.forecasts);
  if (speaking.every(({ gap, criticalTokens }) => !gap && criticalTokens === null)) return [];
  const rows = speaking.map((forecast) => [
    lawCell(forecast, forecast.law === run.forecast?.law),
    escapeMarkdown(gapWithInterval(forecast)),
    criticalWords(forecast),
    forecast.ratio === null ? '–' : escapeMarkdown(percent(forecast.ratio)),
    supportCell(forecast),
  ]);
  const head = [
    ...['Law', `${termLink('gap', 'gap')}, nats`, termLink('D_crit', 'critical-data-size')],
    ...['D / D_crit', termLink('Support', 'grade')],
  ];
  return rows.length > 0 ? table(head, rows, [0, head.length - 1]) : [];
}

/** A law's name as the link to its page, with whose constants it speaks. */
function lawCell(forecast: Forecast, leads: boolean): string {
  const { law } = forecast;
  const link = `[${escapeMarkdown(lawName(law))}](${lawUrl(law)})`;
  const constants = lawLabel(forecast).slice(lawName(law).length);
  return (leads ? `**${link}**` : link) + escapeMarkdown(constants);
}

/** How far a law's number can be leant on, as a table cell; `–` where it has none. */
export function supportCell(forecast: Forecast): string {
  const grade = gradeOf(forecast);
  return grade === null ? '–' : gradeWords(grade);
}

/** `+0.0037 (−0.00030 to +0.0086)`: a gap with its law's own 90 % interval, where it has one. */
function gapWithInterval(forecast: Forecast): string {
  const { interval } = forecast;
  return gapOf(forecast) + (interval === null ? '' : ` (${intervalWords(interval)})`);
}

/** An interval of gaps: `−0.0003 to +0.0086`. */
export function intervalWords([low, high]: readonly [number, number]): string {
  return `${gapNats(low, 2)} to ${gapNats(high, 2)}`;
}

/** Other readings of a law, a Markdown list item each. */
function variantLines(forecast: Forecast): readonly string[] {
  return variantSentences(forecast).map((sentence) => `- ${escapeMarkdown(sentence)}`);
}

/** A law's other readings: `Capybara with the backward layout E5M2 …: gap +0.0034, D_crit 5.2 T`. */
export function variantSentences(forecast: Forecast): readonly string[] {
  return forecast.variants.map(({ reading, gap, criticalTokens }) => {
    const critical =
      criticalTokens === null ? '' : `, D_crit ${derivedCount(forecast, criticalTokens)}`;
    return `${lawName(forecast.law)} ${reading}: gap ${gapNats(gap, 2)}${critical}.`;
  });
}

/** A law's D_crit with the remark where it is derived: `2380 T (derived)`. */
function derivedCount(law: Pick<Forecast, 'law'>, tokens: number): string {
  return count(tokens) + (isDerived(law) ? ' (derived)' : '');
}

/** The laws without a number, then each reason once; a reason that names no law says whose. */
function silentLaws(forecasts: readonly Forecast[]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const forecast of forecasts) {
    const reason = silence(forecast);
    if (reason === null) continue;
    reasons.set(reason, [...(reasons.get(reason) ?? []), lawName(forecast.law)]);
  }
  if (reasons.size === 0) return [];
  const said = [...reasons].map(([reason, names]) =>
    names.every((name) => reason.includes(name)) ? reason : `${listed(names)}: ${reason}`,
  );
  const names = listed([...reasons.values()].flat());
  return [escapeMarkdown(`No number from ${names}. ${said.join(' ')}`)];
}

/**
 * D_crit as a table cell: `1.09 T`, `2380 T (derived)` where the law's paper states none, `none`
 * where the law has none, `unknown` where it is.
 */
export function criticalWords(
  forecast: Pick<Forecast, 'law' | 'criticalTokens' | 'hasCriticalSize'>,
): string {
  if (forecast.criticalTokens !== null) return derivedCount(forecast, forecast.criticalTokens);
  return forecast.hasCriticalSize ? 'unknown' : 'none';
}
