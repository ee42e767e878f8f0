import type { RunAnalysis } from '../analysis.ts';
import { contest } from '../laws/kumar/domain.ts';
import type { Forecast, RunPoint } from '../laws/law.ts';
import { qatConstants, qatFitted, qatFraction } from '../laws/qatFraction.ts';
import { bitsOf } from '../laws/width.ts';
import { termLink } from './findings.ts';
import { formatName } from './formats.ts';
import { criticalWords, supportCell } from './lawsTable.ts';
import { escapeMarkdown, table } from './markdown.ts';
import { count, gapNats, percent } from './numbers.ts';
import { lawName, silence } from './words.ts';

const head = [
  ...['Law', 'added, nats', termLink('D_crit', 'critical-data-size'), 'D / D_crit'],
  termLink('Support', 'grade'),
];

/**
 * What quantising a run's model after training costs, as lines of Markdown: every law with its
 * other readings, that the laws are contested, and what training with the quantisation would take.
 * Empty where the file is not about that, or where N or D is missing.
 */
export function postTrainingLines({ postTraining, run }: RunAnalysis): readonly string[] {
  if (!postTraining) return [];
  const { point, forecasts } = postTraining;
  const rows = forecasts.flatMap((forecast) => {
    const name = lawName(forecast.law);
    return [
      ...(forecast.gap === null ? [] : [row(point, name, forecast)]),
      ...forecast.variants.map(({ reading, gap, criticalTokens }) =>
        row(point, `${name}, ${reading}`, { ...forecast, gap, criticalTokens }),
      ),
    ];
  });
  const silent = forecasts.flatMap((forecast) => {
    const reason = silence(forecast);
    return reason === null ? [] : [`${lawName(forecast.law)}: ${escapeMarkdown(reason)}`];
  });
  const advice = qatAdvice(point);
  return [
    escapeMarkdown(
      `Quantising the model of N = ${count(point.parameters)} linear parameters, trained on ` +
        `${count(point.tokens)} tokens${run.role === 'quantize' ? ' (assumed: dataset-tokens)' : ''}, ` +
        `to ${formatName(point)} adds to its loss:`,
    ),
    '',
    ...(rows.length > 0 ? table(head, rows, [0, head.length - 1]) : []),
    ...(silent.length > 0 ? ['', `No number from ${silent.join(' ')}`] : []),
    ...['', escapeMarkdown(contest)],
    ...(advice === null ? [] : ['', escapeMarkdown(advice)]),
  ];
}

function row({ tokens }: RunPoint, name: string, forecast: Forecast): readonly string[] {
  const { gap, criticalTokens } = forecast;
  return [
    escapeMarkdown(name),
    escapeMarkdown(gapNats(gap ?? 0)),
    criticalWords(forecast),
    criticalTokens === null ? '–' : escapeMarkdown(percent(tokens / criticalTokens)),
    supportCell(forecast),
  ];
}

/**
 * How much of its tokens a run to so few bits would best spend on quantisation-aware training: a
 * sentence, or null for widths that the fit does not cover and where it has no answer.
 */
export function qatAdvice(point: RunPoint): string | null {
  const bits = bitsOf(point);
  const found = qatFraction(point.parameters, point.tokens, bits);
  if (!found || found.outside.includes('bits')) return null;
  const beyond = found.outside.map((what) => (what === 'parameters' ? 'N' : 'D'));
  const range =
    beyond.length === 0
      ? ''
      : ` ${beyond.join(' and ')} ${beyond.length > 1 ? 'lie' : 'lies'} outside that fit’s ${qatFitted.on}.`;
  const error = Math.round(qatConstants.meanAbsoluteError * 100);
  return (
    `Quantisation-aware training instead would best take ${percent(found.share)} of the tokens, ` +
    `the last ${count(found.tokens)} (Apple’s fit, arXiv 2509.22935; mean error ${error} points).${range}`
  );
}
