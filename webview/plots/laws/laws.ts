import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { nearestMeasurements } from '../../../src/core/advise/nearestMeasurements.ts';
import { skillAt } from '../../../src/core/laws/skill.ts';
import { formatName } from '../../../src/core/present/formats.ts';
import { count, plain } from '../../../src/core/present/numbers.ts';
import { silence } from '../../../src/core/present/words.ts';
import {
  measuredRow,
  nothingOn,
  placesOf,
  rowOf,
  sayings,
  skillSentence,
  tableOf,
  type Row,
  type Said,
} from './rows.ts';
import {
  nothingToDraw,
  roundCount,
  sharedOptions,
  type Plot,
  type PlotInput,
  type PlotView,
  type Range,
  lawGap,
} from '../plot.ts';

/** What every law says of this run, side by side: so that disagreement is seen, not averaged. */
export const lawsPlot: Plot = {
  id: 'laws',
  title: 'Laws',
  variantLabel: 'Compare',
  variants: [
    { id: 'gap', name: 'Gap to BF16' },
    { id: 'critical', name: 'Critical data size' },
  ],
  config,
};

const mostNeighbours = 3;

function config(input: PlotInput): PlotView {
  const { explored, law: lead } = input;
  const { point } = explored;
  const critical = input.variant === 'critical';
  const write = writerOf(critical);
  const said = sayings(input);
  const neighbours = nearestMeasurements(point, mostNeighbours);
  const rows = [
    ...said.flatMap((each) => rowOf(each, critical, lead)),
    ...(critical ? [] : neighbours.map(measuredRow)),
  ];
  const skill = skillAt(point);
  const table = tableOf(said, neighbours, skill);
  const intervals = rows.flatMap(({ interval }) => (interval === null ? [] : [interval]));
  if (rows.every(({ value }) => value === null)) {
    return nothingToDraw(
      critical
        ? 'No law has a critical data size for this run.'
        : 'No law has a gap above 0 for this run: there is nothing to compare.',
    );
  }
  return {
    chart: {
      type: 'line',
      data: { datasets: datasetsOf(rows, write, input) },
      options: optionsOf(rows, input, critical),
    },
    table,
    headline: headlineOf(rows, critical),
    caption: [
      `${formatName(point)} at ${count(point.parameters)} linear parameters and ` +
        `${count(point.tokens)} tokens, by each law on its own; the laws are not averaged.`,
      ...(intervals.length > 0 ? ['Bars: a law’s own 90 % interval.'] : []),
      ...(intervals.some(([low]) => low <= 0)
        ? ['A bar that begins at the edge goes on below 0.']
        : []),
      ...(rows.some(({ variants }) => variants.length > 0)
        ? ['Small marks: the same law under another reading of its paper or of the recipe.']
        : []),
      ...(rows.some(({ kind }) => kind === 'post-training')
        ? [
            'Triangles, set apart: what quantising a BF16 run to this format afterwards costs, ' +
              'which is another question.',
          ]
        : []),
      ...(rows.some(({ kind }) => kind === 'measured')
        ? [
            'Diamonds: the nearest public measurements, one of each data set of our own selection, ' +
              'at the N and D in their names and not at the run’s.',
          ]
        : []),
    ].join(' '),
    asides: [...skillSentence(skill, input.laws), ...said.flatMap(reasonOf)],
    summary: `${critical ? 'Critical data size' : 'Gap to BF16'} by each law. ${headlineOf(rows, critical)}`,
    describe(dataset, index) {
      return placesOf(rows, write)[dataset]?.marks[index]?.words ?? '';
    },
    range: null,
    height: 110 + 34 * rows.length,
  };
}

function datasetsOf(
  rows: readonly Row[],
  write: (value: number) => string,
  { palette }: PlotInput,
) {
  const looks = {
    lead: { label: 'The law that leads', pointStyle: 'circle', color: palette.run, radius: 8 },
    training: { label: 'Another law', pointStyle: 'circle', color: palette.twin, radius: 6 },
    'post-training': {
      label: 'Quantising after training',
      pointStyle: 'triangle',
      color: palette.critical,
      radius: 7,
    },
    measured: {
      label: 'Public measurement nearby',
      pointStyle: 'rectRot',
      color: palette.candidates[1] ?? palette.foreground,
      radius: 7,
    },
    reading: { label: 'Another reading', pointStyle: 'crossRot', color: palette.muted, radius: 5 },
  } as const;
  return placesOf(rows, write).map(({ group, marks }) => {
    const { label, pointStyle, color, radius } = looks[group];
    return {
      label,
      data: marks.map(({ x, y }) => ({ x, y })),
      showLine: false,
      pointStyle,
      pointRadius: radius,
      pointHoverRadius: radius + 2,
      borderColor: color,
      backgroundColor: color,
      borderWidth: 2,
    };
  });
}

function optionsOf(
  rows: readonly Row[],
  { palette, explored, gapTarget }: PlotInput,
  critical: boolean,
) {
  const { shared, scale, logarithmic, label } = sharedOptions(palette);
  const line = critical ? explored.point.tokens : gapTarget;
  const range = rangeOf(rows, line);
  const y = scale('Law');
  // Away from the line, as the whole content of its row.
  const onRight = line ** 2 < range[0] * range[1];
  const annotations: AnnotationOptions[] = [
    {
      id: 'reference',
      type: 'line',
      scaleID: 'x',
      value: line,
      borderColor: palette.critical,
      borderWidth: 2,
      borderDash: [4, 4],
      drawTime: 'beforeDatasetsDraw',
      label: {
        ...label(critical ? `D ${count(line)}` : `gap target ${line}`, palette.critical),
        position: 'start',
      },
    },
    ...rows.flatMap(({ value }, at): AnnotationOptions[] =>
      value === null
        ? [
            {
              id: `nothing-${at}`,
              type: 'label',
              xValue: range[onRight ? 1 : 0],
              yValue: at,
              content: nothingOn(critical),
              color: palette.foreground,
              backgroundColor: palette.background,
              font: { ...palette.font },
              position: { x: onRight ? 'end' : 'start', y: 'center' },
              xAdjust: onRight ? -4 : 4,
            },
          ]
        : [],
    ),
    ...rows.flatMap(({ interval, kind }, at): AnnotationOptions[] =>
      interval === null
        ? []
        : [
            {
              id: `interval-${at}`,
              type: 'line',
              xMin: Math.max(interval[0], range[0]),
              xMax: Math.max(interval[1], range[0]),
              yMin: at,
              yMax: at,
              borderColor: kind === 'lead' ? palette.run : palette.twin,
              borderWidth: 3,
              drawTime: 'beforeDatasetsDraw',
            },
          ],
    ),
  ];
  return {
    ...shared,
    interaction: { mode: 'nearest' as const, intersect: false },
    scales: {
      x: critical
        ? logarithmic('Critical data size D_crit, tokens', range, roundCount)
        : logarithmic('Gap to BF16, nats per token', range, (power) => `${power}`),
      y: {
        ...y,
        type: 'linear' as const,
        reverse: true,
        min: -0.6,
        max: rows.length - 0.4,
        title: { ...y.title, display: false },
        grid: { ...y.grid, display: false },
        afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
          axis.ticks = rows.map((_, value) => ({ value }));
        },
        ticks: {
          ...y.ticks,
          autoSkip: false,
          callback: (value: string | number) => linesOf(rows[Number(value)]?.name ?? ''),
        },
      },
    },
    plugins: { annotation: { clip: true, annotations } },
  };
}

/** Everything above 0 that is drawn, with air; an interval that begins below 0 is cut off. */
function rangeOf(rows: readonly Row[], line: number): Range {
  const drawn = rows.flatMap(({ value, interval, variants }) => [
    value ?? 0,
    ...(interval ?? []),
    ...variants.map((variant) => variant.value),
  ]);
  const above = [...drawn, line].filter((value) => value > 0);
  return [Math.min(...above) / 2, Math.max(...above) * 2];
}

/** How a number on the axis is said. */
function writerOf(critical: boolean): (value: number) => string {
  return critical ? (tokens) => `${count(tokens)} tokens` : lawGap;
}

/** A long name in two lines, so that a narrow panel keeps room for the marks. */
function linesOf(name: string): string | string[] {
  const [first = name, ...rest] = name.split(/, | (?=\()/);
  return rest.length === 0 ? name : [first, rest.join(', ')];
}

/** Why a law has no number; the name stands before a reason that does not say it. */
function reasonOf({ law, forecast }: Said): readonly string[] {
  const reason = silence(forecast);
  if (reason === null) return [];
  return [reason.includes(law.name) ? reason : `${law.name}: ${reason}`];
}

/** How far the laws of training are apart, in one sentence. */
function headlineOf(rows: readonly Row[], critical: boolean): string {
  const laws = rows.filter(({ kind }) => kind === 'lead' || kind === 'training');
  const drawn = laws.flatMap(({ value }) => value ?? []);
  const [least, most] = [Math.min(...drawn), Math.max(...drawn)];
  const apart = plain(Number((most / least).toPrecision(2)));
  const spread = (write: (value: number) => string) =>
    drawn.length === 1
      ? write(least)
      : `${write(least)} to ${write(most)}, a factor of ${apart} apart`;
  if (laws.length === 0) return 'No law of training speaks of this format.';
  if (critical) {
    if (drawn.length === 0) return 'No law of training has a critical data size for this run.';
    const have = drawn.length === 1 ? 'has' : 'have';
    return (
      `${drawn.length} of the ${laws.length} laws of training that speak ${have} a critical data ` +
      `size: ${spread((tokens) => `${count(tokens)} tokens`)}.`
    );
  }
  if (drawn.length === 0) return 'No law of training has a gap above 0 for this run.';
  return laws.length === 1
    ? `One law of training speaks of this format: gap ${spread(lawGap)}.`
    : `${laws.length} laws of training speak of this format: gap ${spread(lawGap)}.`;
}
