import type { Neighbour } from '../../../src/core/advise/nearestMeasurements.ts';
import { gradeOf, type Forecast, type Law } from '../../../src/core/laws/law.ts';
import type { RegionSkill } from '../../../src/core/laws/region.ts';
import { regionWords } from '../../../src/core/laws/skill.ts';
import { criticalWords, gradeWords } from '../../../src/core/present/lawsTable.ts';
import {
  measurementGap,
  measurementName,
  measurementStatus,
  neighbourDistance,
} from '../../../src/core/present/measuredGap.ts';
import { count, percent, plain } from '../../../src/core/present/numbers.ts';
import { lawLabel } from '../../../src/core/present/words.ts';
import { cell, type Cell, type PlotInput, type PlotView, lawGap } from '../plot.ts';

/** One line of the picture: a law's number, or a public measurement near the run. */
export interface Row {
  readonly name: string;
  readonly kind: 'lead' | 'training' | 'post-training' | 'measured';
  /** Null where a law speaks but has nothing for the axis: no critical data size, or no gap. */
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  readonly variants: readonly { readonly reading: string; readonly value: number }[];
  readonly words: string;
}

/** What one law says; a law of training may be asked about quantising afterwards too. */
export interface Said {
  readonly law: Law;
  readonly forecast: Forecast;
  readonly stage: Law['stage'];
}

/** Every law on the run; those that know quantising afterwards are asked that apart. */
export function sayings({ explored: { point }, law: lead, laws }: PlotInput): readonly Said[] {
  const ordered = [lead, ...laws.filter((law) => law.id !== lead.id)];
  const ask = (law: Law, stage: Law['stage'], forecast: Forecast): Said => ({
    law,
    stage,
    forecast,
  });
  return [
    ...ordered
      .filter(({ stage }) => stage === 'training')
      .map((law) => ask(law, 'training', law.forecast(point))),
    ...ordered.flatMap((law) => {
      const forecast =
        law.stage === 'post-training' ? law.forecast(point) : law.postTraining?.(point);
      return forecast ? [ask(law, 'post-training', forecast)] : [];
    }),
  ];
}

/** The row of a law that has a number, also where none of it stands on the axis. */
export function rowOf(
  { law, forecast, stage }: Said,
  critical: boolean,
  lead: Law,
): readonly Row[] {
  if (forecast.gap === null) return [];
  const found = critical ? forecast.criticalTokens : forecast.gap;
  const value = found !== null && found > 0 ? found : null;
  const name = nameOf({ law, stage, forecast });
  const write = critical ? (tokens: number) => `D_crit ${count(tokens)} tokens` : lawGap;
  const grade = gradeOf(forecast);
  const interval = critical ? null : forecast.interval;
  const within = interval ? `, 90 % within ${lawGap(interval[0])} and ${lawGap(interval[1])}` : '';
  return [
    {
      name,
      kind: stage === 'post-training' ? stage : law.id === lead.id ? 'lead' : 'training',
      value,
      interval,
      variants: forecast.variants.flatMap(({ reading, gap, criticalTokens }) => {
        const other = critical ? criticalTokens : gap;
        return other !== null && other > 0 ? [{ reading, value: other }] : [];
      }),
      words: `${name}: ${value === null ? nothingOn(critical) : write(value)}${within}${grade === null ? '' : `, ${gradeWords(grade)}`}`,
    },
  ];
}

/** What stands in a law's row that has nothing for the axis. */
export function nothingOn(critical: boolean): string {
  return critical ? 'no critical data size' : 'no gap';
}

/** A law with whose constants it speaks, and whether it was asked about quantising afterwards. */
function nameOf({ law, stage, forecast }: Said): string {
  const { calibration } = forecast;
  const constants = calibration === null ? '' : ', calibrated';
  const name = calibration === null ? lawLabel(forecast) : law.name;
  return `${name}${constants}${stage === 'post-training' ? ', after training' : ''}`;
}

/** The row of a public measurement. */
export function measuredRow(neighbour: Neighbour): Row {
  const { measurement } = neighbour;
  const name = measurementName(measurement);
  return {
    name,
    kind: 'measured',
    value: measurement.gap > 0 ? measurement.gap : null,
    interval: null,
    variants: [],
    words:
      `${name}: measured ${measurementGap(measurement)} (${measurementStatus(measurement)}), ` +
      `${measurement.recipe}; ${neighbourDistance(neighbour)}`,
  };
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly words: string;
}

const groups = ['measured', 'post-training', 'training', 'lead'] as const;

/** What is drawn together: a kind of row each, then the other readings; the leading law last. */
export function placesOf(
  rows: readonly Row[],
  write: (value: number) => string,
): readonly {
  readonly group: (typeof groups)[number] | 'reading';
  readonly marks: readonly Mark[];
}[] {
  const readings = rows.flatMap(({ name, variants }, y) =>
    variants.map(({ reading, value }): Mark => ({
      x: value,
      y,
      words: `${name}, ${reading}: ${write(value)}`,
    })),
  );
  return [
    { group: 'reading' as const, marks: readings },
    ...groups.map((group) => ({
      group,
      marks: rows.flatMap(({ kind, value, words }, y) =>
        kind === group && value !== null ? [{ x: value, y, words }] : [],
      ),
    })),
  ].filter(({ marks }) => marks.length > 0);
}

/** Every law with its evidence and range, also those without a number, then the measurements. */
export function tableOf(
  said: readonly Said[],
  neighbours: readonly Neighbour[],
  skill: RegionSkill | null,
): PlotView['table'] {
  const words = (text: string): Cell => ({ text, value: text });
  const none = cell(null, String);
  return {
    columns: [
      ...['Law or measurement', 'Gap to BF16', '90 % from', '90 % to', 'D_crit (tokens)'],
      ...['D / D_crit', 'How far to lean on it', 'Missed runs of this kind by'],
      ...['Other readings', 'Fitted on'],
      ...['For', 'Against', 'Notes', 'Source'],
    ],
    rows: [
      ...said.map(({ law, forecast, stage }) => {
        const grade = gradeOf(forecast);
        const speaks = forecast.gap !== null;
        return [
          words(nameOf({ law, stage, forecast })),
          cell(forecast.gap, lawGap),
          cell(forecast.interval?.[0] ?? null, lawGap),
          cell(forecast.interval?.[1] ?? null, lawGap),
          speaks ? { text: criticalWords(forecast), value: forecast.criticalTokens } : none,
          cell(forecast.ratio, percent),
          words(grade === null ? 'has no number' : gradeWords(grade)),
          stage === 'training' ? skillCell(skill, law) : none,
          words(forecast.variants.map(readingWords).join('; ')),
          words(law.fitted.on),
          words(law.evidence.for.join(' ')),
          words(law.evidence.against.join(' ')),
          words(forecast.notes.join(' ')),
          words(law.source + (law.fit === 'own' ? ' (our own fit)' : '')),
        ];
      }),
      ...neighbours.map((neighbour) => {
        const { measurement } = neighbour;
        return [
          words(measurementName(measurement)),
          { text: measurementGap(measurement), value: measurement.gap },
          ...[none, none, none, none],
          words(`measured, ${measurementStatus(measurement)}: ${neighbourDistance(neighbour)}`),
          none,
          words(''),
          words(measurement.recipe),
          ...[words(''), words('')],
          words(measurement.caveat),
          words(measurement.source),
        ];
      }),
    ],
  };
}

/** How far a law missed the public runs of a kind: `a factor of 1.5 (24 runs)`. */
function skillCell(skill: RegionSkill | null, { id }: Law): Cell {
  const found = skill?.laws.find(({ law }) => law === id);
  if (!found) return cell(null, String);
  const { median, runs } = found;
  return { text: `a factor of ${timesOf(median)} (${runs} runs)`, value: median };
}

/**
 * How well each law did on public runs like this one, the best first: a sentence, by medians of the
 * runs that a law was not fitted to. Empty where too few were measured.
 */
export function skillSentence(skill: RegionSkill | null, laws: readonly Law[]): readonly string[] {
  if (!skill) return [];
  const known = skill.laws.flatMap((each) => {
    const law = laws.find(({ id }) => id === each.law);
    return law ? [{ ...each, name: law.name }] : [];
  });
  const ranked = known
    .sort((a, b) => a.median - b.median)
    .map(({ name, median }) => `${name} ${timesOf(median)}`);
  return [
    `The ${skill.runs} public runs of this kind (${regionWords(skill.region)}) were missed, in the ` +
      `median, by a factor of: ${ranked.join(', ')}.`,
  ];
}

function timesOf(median: number): string {
  return plain(Number(Math.exp(median).toPrecision(2)));
}

function readingWords({ reading, gap, criticalTokens }: Forecast['variants'][number]): string {
  const size = criticalTokens === null ? '' : `, D_crit ${count(criticalTokens)}`;
  return `${reading}: ${lawGap(gap)}${size}`;
}
