import type { Analysis, RunAnalysis } from '../analysis.ts';
import { palettes } from './drawing.ts';
import { documentationUrl } from './findings.ts';
import { lens } from './lens.ts';
import { escapeMarkdown } from './markdown.ts';
import { postTrainingLines } from './postTraining.ts';
import {
  evidence,
  forecastReasoning,
  sources,
  ownTwin,
  parametersTable,
  verdict,
} from './reasoning.ts';
import { needWords } from './needs.ts';
import { titled } from './words.ts';

/** The whole reasoning behind a file's forecasts as one Markdown document ("Show Forecast"). */
export function forecastMarkdown(analysis: Analysis): string {
  const title = `# Forecast of ${escapeMarkdown(analysis.file)}`;
  if (analysis.runs.length === 0) {
    const why = [...analysis.notices.map((notice) => notice.message), ...analysis.explanation];
    return [title, '', ...why.map(escapeMarkdown), ''].join('\n');
  }
  return [title, '', ...analysis.runs.flatMap((run) => runSections(run))].join('\n');
}

function runSections(run: RunAnalysis): readonly string[] {
  const section = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`## ${heading}`, '', ...lines, ''];
  const findings = run.findings.map(
    (finding) =>
      `- [**${finding.id}**](${documentationUrl(finding.id, finding.page)}) (${finding.severity}): ` +
      escapeMarkdown(finding.message),
  );
  return [
    `**${escapeMarkdown(titled(run, lens(run).summary))}**`,
    '',
    escapeMarkdown(run.recognised),
    '',
    ...section('Findings', findings),
    ...section('Laws', [
      ...[...ownTwin(run), ...verdict(run)].flatMap((sentence) => [sentence, '']),
      ...forecastReasoning(run, palettes.light),
    ]),
    ...section('Quantised after training', postTrainingLines(run)),
    ...section('Evidence', evidence(run)),
    ...section('Parameters', parametersTable(run)),
    ...section(
      'Where the numbers come from',
      sources(run, () => null),
    ),
    ...section(
      'Missing',
      run.needs.map((need) => `- ${escapeMarkdown(needWords(need))}`),
    ),
  ];
}
