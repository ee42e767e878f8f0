import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { nearestMeasurements } from '../../src/core/advise/nearestMeasurements.ts';
import { formatName, listed } from '../../src/core/present/formats.ts';
import { count, gapNats } from '../../src/core/present/numbers.ts';
import { lawLabel, silence } from '../../src/core/present/words.ts';
import { measuredRow, placesOf, rowOf, sayings, tableOf, type Row, type Said } from './lawsRows.ts';
import {
  nothingToDraw,
  roundCount,
  sharedOptions,
  type Plot,
  type PlotInput,
  type PlotView,
  type Range,
} from './plot.ts';

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
  const table = tableOf(said, neighbours);
  const silentOnes = said.filter(({ forecast }) => forecast.gap === null);
  const without = critical
    ? said.filter(({ forecast }) => forecast.gap !== null && forecast.criticalTokens === null)
    : said.filter(({ forecast }) => forecast.gap === 0);
  const speaking = said.filter(
    ({ forecast, stage }) => forecast.gap !== null && stage === 'training',
  );
  if (rows.length === 0) {
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
    caption: [
      `${formatName(point)} at ${count(point.parameters)} linear parameters and ` +
        `${count(point.tokens)} tokens, by each law on its own; the laws are not averaged.`,
      ...(rows.some(({ interval }) => interval !== null)
        ? ['Bars: a law’s own 90 % interval.']
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
            'Diamonds: public measurements, one of each data set of our own selection, at the N and D in their names and ' +
              'not at the run’s.',
          ]
        : []),
      ...(without.length > 0
        ? [
            `${critical ? 'No critical data size' : 'A gap of 0'} by ` +
              `${listed(without.map(({ forecast }) => lawLabel(forecast)))}.`,
          ]
        : []),
      ...silentOnes.map(({ law, forecast }) => `${law.name}: ${silence(forecast) ?? ''}`),
    ].join(' '),
    summary: summaryOf(rows, speaking, critical),
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
        ...label(critical ? `D ${count(line)}` : `gap target ${gapNats(line)}`, palette.critical),
        position: 'start',
      },
    },
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
          callback: (value: string | number) => rows[Number(value)]?.name ?? '',
        },
      },
    },
    plugins: { annotation: { clip: true, annotations } },
  };
}

/** Everything above 0 that is drawn, with air; an interval that begins below 0 is cut off. */
function rangeOf(rows: readonly Row[], line: number): Range {
  const drawn = rows.flatMap(({ value, interval, variants }) => [
    value,
    ...(interval ?? []),
    ...variants.map((variant) => variant.value),
  ]);
  const above = [...drawn, line].filter((value) => value > 0);
  return [Math.min(...above) / 2, Math.max(...above) * 2];
}

function writerOf(critical: boolean): (value: number) => string {
  return critical ? (tokens) => `${count(tokens)} tokens` : gapNats;
}

function summaryOf(rows: readonly Row[], speaking: readonly Said[], critical: boolean): string {
  const drawn = rows.filter(({ kind }) => kind === 'lead' || kind === 'training');
  const values = drawn.map(({ value }) => value);
  const what = critical ? 'Critical data size' : 'Gap to BF16';
  const write = writerOf(critical);
  const spread =
    values.length < 2
      ? drawn.map(({ words }) => words).join('')
      : `from ${write(Math.min(...values))} to ${write(Math.max(...values))}`;
  return (
    `${what} by ${drawn.length} of ${speaking.length} laws that speak of training in this ` +
    `format: ${spread}.`
  );
}
