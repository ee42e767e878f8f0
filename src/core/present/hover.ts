import type { Analysis, RunAnalysis } from '../analysis.ts';
import { formatById } from '../formats/registry.ts';
import type { Place } from '../syntax/tree.ts';
import type { Palette } from './drawing.ts';
import { formatFacts, formatShort, operandList, scaleSentence } from './formats.ts';
import { escapeMarkdown } from './markdown.ts';
import { count, exact } from './numbers.ts';
import { postTrainingLines } from './postTraining.ts';
import type { LinkTo } from './provenance.ts';
import { forecastPicture, ownTwin, parametersTable, sources, verdict } from './reasoning.ts';
import { shortTable } from './lawsTable.ts';
import { verdictParts } from './verdict.ts';
import { assumedWords, parametersWords, precisionWords, roleWords, tokensReason } from './words.ts';
import { needWords } from './needs.ts';
import { resourcesTable } from './resources.ts';

/** What a hover needs of the editor: colours, and the addresses that its links have. */
export interface HoverOptions {
  readonly palette: Palette;
  /** The link to a place in a file. */
  readonly link: LinkTo;
  /** The address of a link that does something; `argument` is a finding or topic id. */
  readonly command: (
    id: 'explorer' | 'optimise' | 'set' | 'reasoning' | 'documentation',
    argument?: string,
  ) => string;
}

/** A hover: the field it belongs to, and Markdown of at most 100,000 characters. */
export interface Hover {
  readonly place: Place;
  readonly markdown: string;
}

type Kind = 'precision' | 'tokens' | 'parameters';

/** Where VS Code cuts the text of a hover, in UTF-16 units. */
const maximumLength = 100_000;

/**
 * The hover at an offset of the analysed file, or null where no field of a run stands. In front of
 * the rule, at most 25 lines: what the field says, the laws' table, what the value means. Behind it
 * the drawing, the formula and every origin; the whole argument is a click away.
 */
export function hover(analysis: Analysis, offset: number, options: HoverOptions): Hover | null {
  const found = fieldAt(analysis, offset);
  if (!found) return null;
  const { run, kind, place } = found;
  const [title, ...facts] = headline(run, kind);
  const lines = [
    title ?? '',
    ...withSpace(shortTable(run)),
    ...[...facts.slice(0, 1), ...ownTwin(run), ...verdict(run)].flatMap((each) => ['', each]),
    '',
    links(run, options),
    '',
    '---',
    '',
    ...(kind === 'parameters' ? [...parametersTable(run), ''] : []),
    ...facts.slice(1).flatMap((each) => [each, '']),
    ...forecastPicture(run, options.palette),
    ...afterTraining(run),
    ...withSpace(resourcesTable(run)),
    '',
    '**Where the numbers come from**',
    '',
    ...sources(run, options.link),
    ...(run.needs.length > 0
      ? ['', '**Missing**', '', ...run.needs.map((need) => `- ${escapeMarkdown(needWords(need))}`)]
      : []),
  ];
  return { place, markdown: cut(lines) };
}

function withSpace(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** The part on quantising the trained model, where the file plans it. */
function afterTraining(run: RunAnalysis): readonly string[] {
  const lines = postTrainingLines(run);
  return lines.length === 0 ? [] : ['', '**Quantised after training**', '', ...lines];
}

/** Drops whole lines from the end: half a table row or link is worse than none. */
function cut(lines: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > maximumLength) break;
    kept.push(line);
  }
  return kept.join('\n');
}

function fieldAt(
  analysis: Analysis,
  offset: number,
): { run: RunAnalysis; kind: Kind; place: Place } | null {
  const kinds = ['precision', 'tokens', 'parameters'] as const;
  const text = analysis.sources.find(({ file }) => file === analysis.file)?.text ?? '';
  const hits = analysis.runs.flatMap((run) =>
    kinds.flatMap((kind) => {
      const anchor = run.run.anchors[kind];
      return [...run.run.fields[kind], ...(anchor ? [anchor] : [])]
        .filter((place) => place.file === analysis.file)
        .map((place) => ({ ...place, start: startOfKey(text, place.start) }))
        .filter((place) => place.start <= offset && offset <= place.end)
        .map((place) => ({ run, kind, place }));
    }),
  );
  const size = ({ start, end }: Place) => end - start;
  return hits.sort((a, b) => size(a.place) - size(b.place))[0] ?? null;
}

/** How many characters a key and what stands between it and its value may take. */
const longestKey = 120;

/**
 * Where the key begins that stands in the same line before a value: of `precision: `,
 * `"enabled": `, `lr = `, `--num-layers `. Where there is none, where the value begins.
 */
function startOfKey(text: string, start: number): number {
  let at = start;
  const back = (over: RegExp): boolean => {
    const from = at;
    while (at > 0 && start - at < longestKey && over.test(text.charAt(at - 1))) at -= 1;
    return at < from;
  };
  back(/["']/);
  const isApart = back(/[ \t]/);
  const isAssigned = /[:=]/.test(text.charAt(at - 1));
  if (isAssigned) {
    at -= 1;
    back(/[ \t]/);
  }
  back(/["']/);
  if (!back(/[\w./-]/)) return start;
  // Without a sign between them only a flag is a key: other words may be anything.
  if (!isAssigned && !(isApart && text.charAt(at) === '-')) return start;
  back(/["']/);
  return at;
}

function links(run: RunAnalysis, { command }: HoverOptions): string {
  const set = run.run.tokens.total === null && run.run.tokens.settledBy.length > 0;
  return [
    ...(set ? [`[Set it…](<${command('set')}>)`] : []),
    ...(run.point === null && run.resources.memory
      ? [`[Memory and time](<${command('explorer')}>)`]
      : []),
    ...(run.point
      ? [`[Explorer](<${command('explorer')}>)`, `[Optimize precision…](<${command('optimise')}>)`]
      : []),
    ...(run.forecast ? [`[Show reasoning](<${command('reasoning')}>)`] : []),
    `[Documentation](<${command('documentation')}>)`,
  ].join(' · ');
}

/** What a field says: a title, then paragraphs, of which the first belongs in front of the rule. */
function headline(run: RunAnalysis, kind: Kind): readonly string[] {
  switch (kind) {
    case 'precision':
      return precisionHeadline(run);
    case 'tokens':
      return tokensHeadline(run);
    case 'parameters':
      return parametersHeadline(run);
  }
}

function forecastWords(run: RunAnalysis): string {
  const parts = [...verdictParts(run), roleWords(run)].filter((part) => part !== null);
  return parts.map((part) => ` · ${escapeMarkdown(part)}`).join('');
}

function precisionHeadline(run: RunAnalysis): readonly string[] {
  const { precision } = run.run;
  const name = precisionWords(run);
  if (!precision || name === null) return ['The file states no number format that is known.'];
  const format = formatById(precision.format.value);
  const { gradientFormat, base, recipe } = precision;
  const gradients =
    gradientFormat === null || gradientFormat === precision.format.value
      ? ''
      : ` (gradients in ${formatShort(gradientFormat)})`;
  const lowPrecision = precision.granularity !== 'none';
  const named = [
    ...(recipe === null ? [] : [`Recipe: ${escapeMarkdown(recipe)}.`]),
    ...(base === null ? [] : [`The rest of the model is in ${formatShort(base)}.`]),
  ];
  return [
    `**${escapeMarkdown(name)}**${forecastWords(run)}`,
    [
      ...(format ? [formatFacts(format)] : []),
      escapeMarkdown(scaleSentence(precision, precision.scale)),
      lowPrecision
        ? `Quantises ${operandList(precision.operands)} of the matrix multiplications${gradients}.`
        : '',
      ...named,
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    ...precision.notes.map((note) => escapeMarkdown(note)),
  ];
}

function tokensHeadline(run: RunAnalysis): readonly string[] {
  const { tokens } = run.run;
  const { total, perRank } = tokens;
  if (total === null) {
    const rank = perRank ? ` One data-parallel rank trains on ${exact(perRank.value)} tokens.` : '';
    return [`**D unknown:** ${escapeMarkdown(tokensReason(tokens))}.${rank}`];
  }
  const { origin } = total;
  const product = origin.kind === 'derived' ? ` = ${escapeMarkdown(origin.formula)}` : '';
  return [
    `**D = ${count(total.value)} tokens**${assumedWords(tokens)}${forecastWords(run)}`,
    `${exact(total.value)} tokens${product}.`,
  ];
}

function parametersHeadline(run: RunAnalysis): readonly string[] {
  const size = parametersWords(run);
  const counts = run.run.parameters;
  if (!counts || size === null) return ['**N unknown:** the file does not give the model’s shape.'];
  const model = run.run.model ? ` · ${escapeMarkdown(run.run.model.value)}` : '';
  return [
    `**N = ${size} parameters**${model}${forecastWords(run)}`,
    `${count(counts.nonEmbedding)} without embeddings, ${count(counts.linear)} in linear layers (the N of the laws${counts.activeLinear === null ? '' : `: ${count(counts.activeLinear)} active`}).`,
  ];
}
