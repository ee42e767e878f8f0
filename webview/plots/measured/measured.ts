import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import {
  alignment,
  compareGap,
  predictedGaps,
  type GapComparison,
} from '../../../src/core/advise/measuredGap.ts';
import { nearestMeasurements } from '../../../src/core/advise/nearestMeasurements.ts';
import { gradeOf, type RunPoint } from '../../../src/core/laws/law.ts';
import { formatName } from '../../../src/core/present/formats.ts';
import { gradeWords } from '../../../src/core/present/lawsTable.ts';
import {
  gapVerdict,
  measurementGap,
  measurementName,
  measuringCaveats,
  neighbourDistance,
  neighbourSentence,
  noGapReason,
} from '../../../src/core/present/measuredGap.ts';
import { count, gapNats, lossNats, plain } from '../../../src/core/present/numbers.ts';
import { lawLabel, lawPhrase } from '../../../src/core/present/words.ts';
import type { MeasuredLosses } from '../../../src/core/run/measured.ts';
import { gapLines, lossLines, type Line } from './lines.ts';
import {
  cell,
  nothingToDraw,
  roundCount,
  sharedOptions,
  speakerOf,
  type Cell,
  type CurvePoint,
  type Plot,
  type PlotInput,
  type PlotView,
  type Range,
  lawGap,
} from '../plot.ts';

/** The run's own losses over the forecast: is its gap normal? */
export const measuredPlot: Plot = {
  id: 'measured',
  title: 'Measured',
  variantLabel: 'Show',
  variants: [
    { id: 'gap', name: 'Gap to BF16' },
    { id: 'loss', name: 'Loss' },
  ],
  load: 'Load losses…',
  config,
};

const mostNeighbours = 3;

function config(input: PlotInput): PlotView {
  const { measured, explored, law, laws } = input;
  const { point } = explored;
  const last = measured?.points.at(-1)?.tokens;
  if (!measured || last === undefined) {
    return nothingToDraw(
      'Load the run’s own losses, and its BF16 twin’s if there is one, as CSV, JSONL or JSON: they ' +
        'are drawn over the forecast and stay on this machine.',
    );
  }
  const comparison = compareGap(measured, point, law, laws);
  const why = noGapReason(measured, point, comparison);
  const shown = why === null ? comparison : null;
  const range = input.range ?? usualRange(measured, point);
  const gap = shown !== null && input.variant === 'gap';
  const offset = gap ? null : alignment(measured, point, law);
  if (!gap && offset === null) {
    return nothingToDraw(
      `${why ?? ''} ${law.forecast(point).notes[0] ?? `The ${law.name} law has no number.`}`.trim(),
    );
  }
  // Laws differ by factors; but the scatter of a small gap may reach below 0.
  const factors = gap && shown.course.every((each) => each.gap > 0);
  const all = gap ? gapLines(shown, range, input) : lossLines(measured, offset ?? 0, range, input);
  const lines = all
    .map((line) => ({ ...line, points: inside(line.points, range, factors) }))
    .filter(({ points }) => points.length > 0);
  const [answer = '', ...against] = shown ? gapVerdict(shown) : [why ?? ''];
  const write = gap ? gapNats : lossNats;
  return {
    chart: {
      type: 'line',
      data: {
        datasets: lines.map(({ name, points, look }) => ({
          label: name,
          data: [...points],
          pointRadius: 0,
          pointHitRadius: 8,
          pointHoverRadius: 5,
          pointStyle: 'line' as const,
          ...look,
        })),
      },
      options: optionsOf(range, { gap, factors }, lines, input),
    },
    table: tableOf(shown, input),
    headline: shown ? `Is the gap normal? ${answer}` : answer,
    caption: [
      `${measured.name} over ${formatName(point)} at ${count(point.parameters)} linear parameters.`,
      ...(factors && all.some(({ points }) => points.some(({ y }) => y <= 0))
        ? ['What lies at or below 0 has no place on this axis.']
        : []),
      ...(gap ? [] : [alignedSentence(measured, offset ?? 0, lawPhrase(speakerOf(law, point)))]),
    ].join(' '),
    asides: [
      ...against,
      ...(shown ? neighbourSentence(nearestTo(point, shown.end.tokens)) : []),
      ...measuringCaveats(measured, point, shown?.end.tokens ?? last),
    ],
    summary:
      `${gap ? 'Measured gap to BF16' : 'Measured losses'} over the forecast, to ` +
      `${count(last)} tokens. ${answer}`,
    describe(dataset, index) {
      const line = lines[dataset];
      const at = line?.points[index];
      return line && at ? `${line.name} at ${count(at.x)} tokens: ${write(at.y)}` : '';
    },
    range,
    height: null,
  };
}

/** From where warm-up is past, as far as the log and the run go. */
function usualRange({ points }: MeasuredLosses, { tokens }: RunPoint): Range {
  const last = points.at(-1)?.tokens ?? tokens;
  const end = Math.max(last, Math.min(tokens, 100 * last)) * 1.1;
  return [Math.max(points[0]?.tokens ?? 0, last / 50), end];
}

function nearestTo(point: RunPoint, tokens: number) {
  return nearestMeasurements({ ...point, tokens }, mostNeighbours);
}

/** The points within a range; on an axis of factors only those above 0. */
function inside(
  points: readonly CurvePoint[],
  [low, high]: Range,
  factors: boolean,
): readonly CurvePoint[] {
  return points.filter(({ x, y }) => x >= low && x <= high && (!factors || y > 0));
}

function alignedSentence({ baseline }: MeasuredLosses, offset: number, law: string): string {
  const shift = `${offset < 0 ? '−' : '+'}${plain(Math.abs(offset))} nats`;
  return (
    `Floors differ between data sets: the measured losses are moved by ${shift}, so that ` +
    (baseline
      ? `the BF16 twin ends on the BF16 curve of ${law}.`
      : `they end on the curve of ${law}; their level says nothing, only their slope does.`)
  );
}

function optionsOf(
  range: Range,
  { gap, factors }: { readonly gap: boolean; readonly factors: boolean },
  lines: readonly Line[],
  { palette, explored }: PlotInput,
) {
  const { shared, scale, logarithmic, label } = sharedOptions(palette);
  const { tokens } = explored.point;
  const annotations: AnnotationOptions[] =
    tokens < range[0] || tokens > range[1]
      ? []
      : [
          {
            id: 'planned',
            type: 'line',
            scaleID: 'x',
            value: tokens,
            borderColor: palette.muted,
            borderWidth: 1,
            borderDash: [4, 4],
            drawTime: 'beforeDatasetsDraw',
            label: { ...label(`D ${count(tokens)}`, palette.foreground), position: 'start' },
          },
        ];
  const title = gap ? 'Gap to BF16, nats per token' : 'Loss, nats per token, aligned';
  const heights = lines.flatMap(({ points }) => points.map(({ y }) => y));
  const span: Range = [Math.min(...heights) / 1.3, Math.max(...heights) * 1.3];
  return {
    ...shared,
    interaction: { mode: 'nearest' as const, intersect: false },
    scales: {
      x: logarithmic('Training tokens D', range, roundCount),
      y: factors
        ? logarithmic(title, span, (value) => `${value}`)
        : { ...scale(title), type: 'linear' as const },
    },
    plugins: { annotation: { clip: true, annotations } },
  };
}

function tableOf(
  comparison: GapComparison | null,
  { explored, law, laws }: PlotInput,
): PlotView['table'] {
  const words = (text: string): Cell => ({ text, value: text });
  const none = cell(null, String);
  const { point } = explored;
  const tokens = comparison?.end.tokens ?? point.tokens;
  const predicted = comparison?.predicted ?? predictedGaps(point, law, laws);
  return {
    columns: [
      'Law or measurement',
      `Gap at ${count(tokens)}`,
      ...['90 % from', '90 % to', 'Measured / predicted', 'How far to lean on it'],
    ],
    rows: [
      ...(comparison
        ? [
            [
              words('This run, measured'),
              cell(comparison.end.value, gapNats),
              none,
              none,
              none,
              words(''),
            ],
          ]
        : []),
      ...predicted.map((forecast) => {
        const grade = gradeOf(forecast);
        const over =
          comparison && forecast.gap !== null && forecast.gap > 0
            ? comparison.end.value / forecast.gap
            : null;
        return [
          words(lawLabel(forecast)),
          cell(forecast.gap, lawGap),
          cell(forecast.interval?.[0] ?? null, lawGap),
          cell(forecast.interval?.[1] ?? null, lawGap),
          cell(over, (factor) => `${plain(Number(factor.toPrecision(2)))}×`),
          words(grade === null ? '' : gradeWords(grade)),
        ];
      }),
      ...nearestTo(point, tokens).map((neighbour) => [
        words(measurementName(neighbour.measurement)),
        { text: measurementGap(neighbour.measurement), value: neighbour.measurement.gap },
        ...[none, none, none],
        words(`${neighbour.measurement.recipe}; ${neighbourDistance(neighbour)}`),
      ]),
    ],
  };
}
