import type { RunAnalysis } from '../analysis.ts';
import { nearestMeasurements } from '../advise/nearestMeasurements.ts';
import { lawInForce } from '../laws/calibration.ts';
import type { Forecast, RunPoint } from '../laws/law.ts';
import { publicRuns, spreadSentence } from './disagreement.ts';
import { drawing, type Palette } from './drawing.ts';
import { lawUrl } from './findings.ts';
import { formulaLines } from './formula.ts';
import { isFp4 } from './formats.ts';
import { lawsTable, supportWords } from './lawsTable.ts';
import { base64, escapeMarkdown, table, withPapers } from './markdown.ts';
import { measurementGap, measurementName, measurementStatus } from './measuredGap.ts';
import { count, exact, gapNats, gapRange, percent } from './numbers.ts';
import { parameterProvenance, provenance, type LinkTo } from './provenance.ts';
import { isOfTraining, lawLabel, lawName, lawPhrase, silence } from './words.ts';
import { chanceSentence } from './verdict.ts';
import { lawParameters } from '../run/run.ts';

/** What a run that quantises nothing is told instead of a table of zeros; else nothing. */
export function ownTwin({ point, forecasts }: RunAnalysis): readonly string[] {
  const noGap = forecasts.every(({ gap, criticalTokens }) => !gap && criticalTokens === null);
  return point?.granularity === 'none' && noGap
    ? [
        'Nothing is quantised, so the run is its own BF16 twin: no gap and no critical data size, by any law.',
      ]
    : [];
}

/** The drawing and the formula of a run's forecast, lines of Markdown. */
export function forecastPicture(run: RunAnalysis, palette: Palette): readonly string[] {
  const { point, forecast } = run;
  if (!point || !forecast) return [];
  const image = drawing(run, palette);
  const formula = formulaLines(point, forecast.law, run.calibration);
  return [
    ...(image === ''
      ? []
      : ['', `![Loss against tokens](data:image/svg+xml;base64,${base64(image)})`]),
    ...(formula.length > 0 ? ['', '```', ...formula, '```'] : []),
  ];
}

/** The laws' forecasts of a run: table, drawing, formula and limits, lines of Markdown. */
export function forecastReasoning(run: RunAnalysis, palette: Palette): readonly string[] {
  const { point, forecast } = run;
  if (!point || !forecast) return [];
  return [
    ...afterwards(forecast),
    ...(ownTwin(run).length > 0 ? [] : lawsTable(run)),
    ...criticalContest(run, point),
    ...measured(point),
    ...forecastPicture(run, palette),
    '',
    ...limits(run),
  ];
}

/** Said before the table of training laws where the leading law is none of them. */
function afterwards(forecast: Forecast): readonly string[] {
  const { gap } = forecast;
  if (isOfTraining(forecast) || gap === null || gap === 0) return [];
  const critical =
    forecast.criticalTokens === null ? '' : `, D_crit ${count(forecast.criticalTokens)}`;
  const said = `gap ${gapNats(gap)}${critical}`;
  return [
    escapeMarkdown(
      `The leading law, ${lawLabel(forecast)}, is one of quantising a BF16 run after training: ` +
        `${said}. The laws below are of training in the format.`,
    ),
    '',
  ];
}

/** What public runs say, where a law of training has a critical size for this run. */
function criticalContest(
  { forecast, forecasts, calibration }: RunAnalysis,
  point: RunPoint,
): readonly string[] {
  const critical = forecasts.filter((each) => isOfTraining(each) && each.criticalTokens !== null);
  const shown = critical.find(({ law }) => law === forecast?.law) ?? critical[0];
  if (!shown) return [];
  const runs = publicRuns(lawInForce(shown.law, calibration), point, shown);
  return runs === null ? [] : ['', escapeMarkdown(`Laws disagree on a critical size. ${runs}`)];
}

/** How many public measurements are shown beside a forecast. */
const shownMeasurements = 2;

/** What was measured on the runs most like this one; empty for a run that quantises nothing. */
function measured(point: RunPoint): readonly string[] {
  const lines = nearestMeasurements(point, shownMeasurements).map(({ measurement }) => {
    const { recipe, source, caveat } = measurement;
    const what = `${measurementName(measurement)}: gap ${measurementGap(measurement)} (${measurementStatus(measurement)}), ${recipe}.`;
    const sentences = [what, caveat, `Source: ${source}.`].filter((each) => each !== '');
    return `- ${escapeMarkdown(sentences.join(' '))}`;
  });
  return lines.length === 0 ? [] : ['', 'Nearest public measurements:', '', ...lines];
}

/** By which law the short line's numbers are, how far it can be leant on, and what others say. */
export function verdict(run: RunAnalysis): readonly string[] {
  const { forecast } = run;
  if (!forecast || ownTwin(run).length > 0) return [];
  const support = supportWords(forecast);
  const said = support === null ? silence(forecast) : `By ${lawPhrase(forecast)}: ${support}.`;
  const sentences = [
    said,
    spreadSentence(run.forecasts),
    measuredSentence(run),
    chanceSentence(run),
  ].filter((sentence) => sentence !== null);
  return [escapeMarkdown(sentences.join(' '))];
}

/** What public runs of the same recipe and about this size measured: a sentence, or null. */
function measuredSentence({ verdict: found }: RunAnalysis): string | null {
  const measured = found?.measured;
  if (!measured) return null;
  const { low, high, count: runs, nearest } = measured;
  const name = measurementName(nearest);
  return runs === 1
    ? `Measured nearby: ${measurementGap(nearest)} (${name}).`
    : `Measured nearby: ${gapRange(low, high)} in ${runs} runs, nearest ${measurementGap(nearest)} (${name}).`;
}

/**
 * How far the run lies outside the leading law's evidence, and what its numbers leave out; empty
 * where it cannot speak, for the reason is said above.
 */
function limits({ forecast }: RunAnalysis): readonly string[] {
  if (!forecast || silence(forecast) !== null) return [];
  const sentences = [
    ...forecast.notes,
    'The absolute loss is on the law’s own data; the gap is what transfers.',
  ];
  return sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`);
}

/**
 * What measurements say for and against the leading law, and where it is from; those in four-bit
 * floating point alone say nothing of a run in another format.
 */
export function evidence({ forecast, calibration, point }: RunAnalysis): readonly string[] {
  const law = forecast && lawInForce(forecast.law, calibration);
  if (!law) return [];
  const said = (word: string, sentences: readonly string[]) =>
    sentences
      .filter((sentence) => !sentence.includes('FP4') || (point !== null && isFp4(point)))
      .map((sentence) => `- ${word}: ${escapeMarkdown(sentence)}`);
  return [
    `[${escapeMarkdown(law.name)}](${lawUrl(law.id)}): ${withPapers(escapeMarkdown(law.source))}.`,
    '',
    ...said('For', law.evidence.for),
    ...said('Against', law.evidence.against),
  ];
}

/** The counted parts of N as a small table, and the N that the laws use. */
export function parametersTable(run: RunAnalysis): readonly string[] {
  const counts = run.run.parameters;
  if (!counts) return [];
  const all = counts.total ?? counts.nonEmbedding;
  const lawsN = lawParameters(counts);
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

/** Where D, N, the format and a law's own constants came from, as a Markdown list. */
export function sources(run: RunAnalysis, link: LinkTo): readonly string[] {
  const { tokens, parameters, precision } = run.run;
  const { calibration } = run;
  const known = tokens.total ?? tokens.perRank;
  const name = tokens.total ? 'D' : 'D per data-parallel rank';
  return [
    ...(known ? provenance(name, known, link) : []),
    ...(parameters ? parameterProvenance(parameters, link) : []),
    ...(precision ? provenance('Format', precision.format, link) : []),
    ...(calibration
      ? [
          `- Constants of the ${lawName(calibration.law)} law: calibrated, from ` +
            escapeMarkdown(calibration.file),
        ]
      : []),
  ];
}
