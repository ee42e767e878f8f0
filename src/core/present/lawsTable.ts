import type { RunAnalysis } from '../analysis.ts';
import type { Forecast } from '../laws/law.ts';
import { escapeMarkdown, table } from './markdown.ts';
import { count, gapNats, percent } from './numbers.ts';
import { lawName, silence } from './words.ts';

/**
 * Gap, D_crit and D / D_crit by every law as a Markdown table, the chosen law in bold.
 * Laws that cannot speak of the run follow below it with their reasons.
 */
export function lawsTable(run: RunAnalysis): readonly string[] {
  const speaking = run.laws.filter((forecast) => forecast.gap !== null);
  const silent = run.laws.flatMap((forecast) => {
    const reason = silence(forecast);
    return reason === null ? [] : [`${lawName(forecast.law)}: ${escapeMarkdown(reason)}`];
  });
  const rows = speaking.map((forecast) => {
    const name = escapeMarkdown(lawName(forecast.law));
    return [
      forecast.law === run.forecast?.law ? `**${name}**` : name,
      escapeMarkdown(gapNats(forecast.gap ?? 0)),
      criticalWords(forecast),
      forecast.ratio === null ? '–' : escapeMarkdown(percent(forecast.ratio)),
    ];
  });
  return [
    ...(rows.length > 0 ? table(['Law', 'gap, nats', 'D_crit', 'D / D_crit'], rows) : []),
    ...(silent.length > 0 ? ['', `No number from ${silent.join(' ')}`] : []),
  ];
}

/** D_crit as a table cell: a count, `none` where the law has none, `unknown` where it is. */
export function criticalWords(forecast: Forecast): string {
  if (forecast.criticalTokens !== null) return count(forecast.criticalTokens);
  return forecast.hasCriticalSize ? 'unknown' : 'none';
}
