import type { Analysis } from '../analysis.ts';
import type { PlacedKey, SortedKeys } from '../run/keys.ts';
import { lineMap } from '../syntax/lines.ts';
import type { Place } from '../syntax/tree.ts';
import { lens } from './lens.ts';
import { titled } from './words.ts';
import { escapeMarkdown } from './markdown.ts';
import { sources } from './reasoning.ts';
import { needWords } from './needs.ts';

/** How many keys of one list are named; what is beyond is counted. */
const mostKeysNamed = 500;

/**
 * Why a file was or was not taken for a training config, what was read from where, what is missing,
 * and what became of each key (`keys` by run), as one Markdown document ("Explain This File").
 */
export function explainMarkdown(analysis: Analysis, keys: readonly SortedKeys[] = []): string {
  const list = (heading: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`## ${heading}`, '', ...items, ''];
  const sentences = (items: readonly string[]) => items.map((item) => `- ${escapeMarkdown(item)}`);
  const where = wherePlaced(analysis);
  const keyList = (heading: string, sentence: string, found: readonly PlacedKey[]) => {
    if (found.length === 0) return [];
    const named = found
      .slice(0, mostKeysNamed)
      .map(({ path, place }) => `- ${escapeMarkdown(`${path} (${where(place)})`)}`);
    const more = found.length - named.length;
    return [
      `## ${heading}`,
      '',
      sentence,
      '',
      ...named,
      ...(more > 0 ? [`- ${more} more`] : []),
      '',
    ];
  };
  const taken = analysis.runs.length > 0;
  return [
    `# ${escapeMarkdown(analysis.file)}`,
    '',
    taken
      ? 'Floatcast takes this file for a training config.'
      : 'Floatcast does not take this file for a training config.',
    '',
    ...list('Why', sentences(analysis.explanation)),
    ...analysis.runs.flatMap((run, index) => [
      `## ${escapeMarkdown(titled(run, run.frameworkName, run.run.role))}`,
      '',
      escapeMarkdown(run.recognised),
      '',
      escapeMarkdown(lens(run).summary),
      '',
      ...sources(run, () => null),
      '',
      ...list('Missing', sentences(run.needs.map(needWords))),
      ...keyList('Keys left over', leftOver, keys[index]?.leftOver ?? []),
      ...keyList('Keys read', read, keys[index]?.read ?? []),
      ...keyList('Harmless keys', harmless, keys[index]?.harmless ?? []),
    ]),
    ...list('Said by a policy file', sentences(policySentences(analysis))),
    ...list('Notes', sentences(analysis.notices.map((notice) => notice.message))),
    ...list('Syntax problems', sentences(analysis.problems.map((problem) => problem.message))),
    ...list('Other files that would tell more', sentences(analysis.wants)),
  ].join('\n');
}

/** The keys that files of policy say, which the editor's settings are weaker than. */
function policySentences({ settings }: Analysis): readonly string[] {
  return Object.entries(settings.saidBy ?? {}).map(
    ([key, file]) => `${key}, by ${file}: a setting of the editor for it is not used.`,
  );
}

const leftOver = 'Nothing was read from these, and by their names they could change a number.';
const read = 'What is said of the run may rest on these.';
const harmless =
  'Nothing was read from these: they ask for nothing, or by their names they change no number.';

/** The line of a place, with the file where it is another one. */
function wherePlaced({ file, sources }: Analysis): (place: Place) => string {
  const maps = new Map(sources.map((source) => [source.file, lineMap(source.text)]));
  return (place) => {
    const line = maps.get(place.file)?.(place.start).line;
    const lineWords = line === undefined ? '' : `line ${line}`;
    if (place.file === file) return lineWords;
    return line === undefined ? place.file : `${place.file}, ${lineWords}`;
  };
}
