import type { Analysis } from '../analysis.ts';
import { lens } from './lens.ts';
import { titled } from './words.ts';
import { escapeMarkdown } from './markdown.ts';
import { sources } from './reasoning.ts';
import { needWords } from './needs.ts';

/**
 * Why a file was or was not taken for a training config, what was read from where, and what is
 * missing, as one Markdown document ("Explain This File").
 */
export function explainMarkdown(analysis: Analysis): string {
  const list = (heading: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`## ${heading}`, '', ...items, ''];
  const sentences = (items: readonly string[]) => items.map((item) => `- ${escapeMarkdown(item)}`);
  const taken = analysis.runs.length > 0;
  return [
    `# ${escapeMarkdown(analysis.file)}`,
    '',
    taken
      ? 'Floatcast takes this file for a training config.'
      : 'Floatcast does not take this file for a training config.',
    '',
    ...list('Why', sentences(analysis.explanation)),
    ...analysis.runs.flatMap((run) => [
      `## ${escapeMarkdown(titled(run, run.frameworkName, run.run.role))}`,
      '',
      escapeMarkdown(run.recognised),
      '',
      escapeMarkdown(lens(run).summary),
      '',
      ...sources(run, () => null),
      '',
      ...list('Missing', sentences(run.needs.map(needWords))),
    ]),
    ...list('Notes', sentences(analysis.notices.map((notice) => notice.message))),
    ...list('Syntax problems', sentences(analysis.problems.map((problem) => problem.message))),
    ...list('Other files that would tell more', sentences(analysis.wants)),
  ].join('\n');
}
