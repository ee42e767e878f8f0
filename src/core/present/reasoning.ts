import type { RunAnalysis } from '../analysis.ts';
import { noMinimumInPublicRuns } from '../laws/capybara.ts';
import { drawing, type Palette } from './drawing.ts';
import { distances, formulaLines } from './formula.ts';
import { lawsTable } from './lawsTable.ts';
import { base64, escapeMarkdown, table } from './markdown.ts';
import { count, exact, percent } from './numbers.ts';
import { parameterProvenance, provenance, type LinkTo } from './provenance.ts';
import { lawName } from './words.ts';

/** What a run that quantises nothing is told instead of a table of zeros; else nothing. */
export function ownTwin({ point, laws }: RunAnalysis): readonly string[] {
  const noGap = laws.every(({ gap, criticalTokens }) => !gap && criticalTokens === null);
  return point?.granularity === 'none' && noGap
    ? [
        'Nothing is quantised, so the run is its own BF16 twin: no gap and no critical data size, by any law.',
      ]
    : [];
}

/** The laws' forecasts of a run: table, drawing and formula, lines of Markdown. */
export function forecastReasoning(run: RunAnalysis, palette: Palette): readonly string[] {
  const { point, forecast } = run;
  if (!point || !forecast) return [];
  const image = drawing(run, palette);
  const formula = formulaLines(point, forecast);
  const critical = run.laws.some((each) => each.criticalTokens !== null);
  return [
    ...(ownTwin(run).length > 0 ? [] : lawsTable(run)),
    ...(critical ? ['', noMinimumInPublicRuns] : []),
    ...(image === ''
      ? []
      : ['', `![Loss against tokens](data:image/svg+xml;base64,${base64(image)})`]),
    ...(formula.length > 0 ? ['', '```', ...formula, '```'] : []),
    '',
    ...limits(run),
  ];
}

/** How far the run lies outside the chosen law's evidence, and that the forecast has no error bars. */
export function limits(run: RunAnalysis): readonly string[] {
  const { point, forecast } = run;
  if (!point || !forecast) return [];
  const notes = forecast.notes.filter((note) => !note.includes('error bars'));
  const sentences = [
    ...notes.map(escapeMarkdown),
    ...(forecast.gap === null ? [] : distances(point, forecast.law)),
    ...(forecast.law === 'capybara'
      ? ['The Capybara paper publishes no error bars, so the forecast has none.']
      : []),
    `The absolute loss is on the ${escapeMarkdown(lawName(forecast.law))} law’s own data; the gap is what transfers.`,
  ];
  return sentences.map((sentence) => `- ${sentence}`);
}

/** The counted parts of N as a small table, and the N that the laws use. */
export function parametersTable(run: RunAnalysis): readonly string[] {
  const counts = run.run.parameters;
  if (!counts) return [];
  const all = counts.total ?? counts.nonEmbedding;
  const lawsN = counts.activeLinear ?? counts.linear;
  const rows = counts.parts.map((part) => [
    escapeMarkdown(part.name),
    exact(part.count),
    all > 0 ? percent(part.count / all) : '–',
  ]);
  return [
    ...table(
      ['Part', 'parameters', 'share'],
      [
        ...rows,
        ['**Total**', counts.total === null ? 'unknown' : `**${exact(counts.total)}**`, ''],
        ['Non-embedding', exact(counts.nonEmbedding), ''],
        ['Linear', exact(counts.linear), ''],
        ...(counts.active === null ? [] : [['Active, non-embedding', exact(counts.active), '']]),
      ],
    ),
    '',
    `The laws use N = ${count(lawsN)}: the ${counts.activeLinear === null ? '' : 'active '}weight matrices of the linear layers inside the blocks.`,
  ];
}

/** Where D, N and the format came from, as a Markdown list. */
export function sources(run: RunAnalysis, link: LinkTo): readonly string[] {
  const { tokens, parameters, precision } = run.run;
  const known = tokens.total ?? tokens.perRank;
  const name = tokens.total ? 'D' : 'D per data-parallel rank';
  return [
    ...(known ? provenance(name, known, link) : []),
    ...(parameters ? parameterProvenance(parameters, link) : []),
    ...(precision ? provenance('Format', precision.format, link) : []),
  ];
}
