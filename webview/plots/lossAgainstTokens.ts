import type { ChartDataset } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { Forecast, RunPoint } from '../../src/core/laws/law.ts';
import { formatName } from '../../src/core/present/formats.ts';
import { count, gapNats, lossNats, percent } from '../../src/core/present/numbers.ts';
import { candidatesBefore, curveDataset, curveOf, seriesOf, type Series } from './lossSeries.ts';
import {
  cell,
  decades,
  nothingToDraw,
  roundCount,
  sharedOptions,
  type CurvePoint,
  type Plot,
  type PlotInput,
  type PlotView,
  type Range,
} from './plot.ts';

/** Loss, or gap to BF16, over the tokens: a curve per format, its critical data size marked. */
export const lossAgainstTokens: Plot = {
  id: 'loss-against-tokens',
  title: 'Loss against tokens',
  variantLabel: 'Show',
  variants: [
    { id: 'loss', name: 'Loss' },
    { id: 'gap', name: 'Gap to BF16' },
  ],
  config,
};

function config(input: PlotInput): PlotView {
  const { explored, law, variant } = input;
  const { point, missing } = explored;
  const forecast = law.forecast(point);
  if (forecast.loss === null) {
    return nothingToDraw(forecast.notes[0] ?? `The ${law.name} law cannot speak of this format.`);
  }
  const gap = variant === 'gap';
  const all = seriesOf(input, forecast);
  const series = gap ? all.filter((each) => each.role !== 'twin' && each.forecast.gap !== 0) : all;
  if (series.length === 0) {
    return nothingToDraw('No gap to draw: the run trains in 16 bits or more without scaling.');
  }
  const range = input.range ?? usualRange(point.tokens, law.fitted.tokens, forecast.criticalTokens);
  const curves = series.map((each) => curveOf(each, range, [point.tokens], gap));
  const marks = marksOf(input, series, range, gap);
  const written = gap ? gapNats : lossNats;
  const what = gap ? 'gap' : 'loss';
  const datasets = [
    ...series.map((each, at) =>
      curveDataset(each, curves[at] ?? [], candidatesBefore(series, at), input.palette),
    ),
    ...marks.map((mark) => mark.dataset),
  ];
  return {
    chart: {
      type: 'line',
      data: { datasets },
      options: optionsOf(input, range, gap, forecast.criticalTokens, curves),
    },
    table: tableOf(all, point, range),
    caption: captionOf(input, forecast),
    summary:
      `${gap ? 'Gap to BF16' : 'Loss'} against training tokens from ${count(range[0])} to ` +
      `${count(range[1])} by the ${law.name} law. ${runSentence(point, forecast)}` +
      (missing.includes('tokens') ? ' The number of tokens is yours, not the file’s.' : ''),
    describe(dataset, index) {
      const mark = marks[dataset - series.length];
      if (mark) return mark.words[index] ?? '';
      const at = curves[dataset]?.[index];
      const each = series[dataset];
      if (!at || !each) return '';
      const other = each.at(at.x);
      const aside = gap
        ? `, loss ${lossNats(other.loss ?? NaN)}`
        : each.role === 'twin'
          ? ''
          : `, gap ${gapNats(other.gap ?? 0)}`;
      return `${each.name} at ${count(at.x)} tokens: ${what} ${written(at.y)}${aside}`;
    },
    range,
    height: null,
  };
}

/** Wide enough for the run, the fit and, unless it is far away, the critical data size. */
function usualRange(tokens: number, fitted: Range, critical: number | null): Range {
  const near = critical !== null && critical <= 1000 * tokens ? 3 * critical : 0;
  return [Math.min(tokens / 10, fitted[0]), Math.max(tokens * 10, fitted[1], near)];
}

interface Mark {
  readonly dataset: ChartDataset<'line', CurvePoint[]>;
  readonly words: readonly string[];
}

/** Single points: the run, the run as the file has it, and where each curve turns. */
function marksOf(input: PlotInput, series: readonly Series[], range: Range, gap: boolean): Mark[] {
  const { explored, law, palette } = input;
  const mark = (
    label: string,
    data: CurvePoint[],
    words: readonly string[],
    look: Partial<ChartDataset<'line', CurvePoint[]>>,
  ): Mark => ({
    dataset: { label, data, showLine: false, pointRadius: 7, pointHoverRadius: 9, ...look },
    words,
  });
  const place = (name: string, point: RunPoint, forecast: Forecast, look: object): Mark[] => {
    const y = gap ? forecast.gap : forecast.loss;
    const inside = point.tokens >= range[0] && point.tokens <= range[1];
    if (y === null || !inside || (gap && y === 0)) return [];
    const words = `${name}: ${runSentence(point, forecast)}`;
    return [mark(name, [{ x: point.tokens, y }], [words], look)];
  };
  const turns = series.flatMap((each) => {
    const x = each.forecast.criticalTokens;
    if (x === null || x < range[0] || x > range[1]) return [];
    const found = each.at(x);
    const y = gap ? found.gap : found.loss;
    return y === null ? [] : [{ x, y, words: `D_crit of ${each.name}: ${count(x)} tokens` }];
  });
  return [
    ...(turns.length > 0
      ? [
          mark(
            'D_crit of each',
            turns.map(({ x, y }) => ({ x, y })),
            turns.map((turn) => turn.words),
            { pointStyle: 'star', borderColor: palette.critical, borderWidth: 2 },
          ),
        ]
      : []),
    ...(explored.changed.length > 0
      ? place('As in the file', explored.file, law.forecast(explored.file), {
          pointStyle: 'rectRot',
          borderColor: palette.foreground,
          backgroundColor: palette.background,
          borderWidth: 2,
        })
      : []),
    ...place('This run', explored.point, law.forecast(explored.point), {
      pointStyle: 'circle',
      borderColor: palette.background,
      backgroundColor: palette.run,
      borderWidth: 2,
    }),
  ];
}

function optionsOf(
  { palette, law, gapTarget }: PlotInput,
  range: Range,
  gap: boolean,
  critical: number | null,
  curves: readonly (readonly CurvePoint[])[],
) {
  const { shared, scale, logarithmic, label } = sharedOptions(palette);
  const vertical = gap ? 'Gap to BF16, nats per token' : 'Loss, nats per token';
  const annotations: AnnotationOptions[] = [];
  for (const [low, high] of outside(range, law.fitted.tokens)) {
    annotations.push({
      id: `unfitted-${low}`,
      type: 'box',
      xMin: low,
      xMax: high,
      backgroundColor: palette.shade,
      borderWidth: 0,
      drawTime: 'beforeDatasetsDraw',
    });
  }
  if (critical !== null && critical > range[0] && critical < range[1]) {
    annotations.push({
      id: 'critical',
      type: 'line',
      scaleID: 'x',
      value: critical,
      borderColor: palette.critical,
      borderWidth: 2,
      borderDash: [4, 4],
      drawTime: 'beforeDatasetsDraw',
      label: { ...label(`D_crit ${count(critical)}`, palette.critical), position: 'start' },
    });
  }
  if (gap) {
    annotations.push({
      id: 'target',
      type: 'line',
      scaleID: 'y',
      value: gapTarget,
      borderColor: palette.muted,
      borderWidth: 1,
      borderDash: [2, 2],
      drawTime: 'beforeDatasetsDraw',
      label: {
        ...label(`gap target ${gapNats(gapTarget)}`, palette.foreground),
        position: 'start',
      },
    });
  }
  return {
    ...shared,
    interaction: { mode: 'nearest' as const, intersect: false },
    scales: {
      x: logarithmic('Training tokens D', range, roundCount),
      y: gap
        ? logarithmic(vertical, spanOf(curves), (power) => `${power}`)
        : { ...scale(vertical), type: 'linear' as const },
    },
    plugins: { annotation: { clip: true, annotations } },
  };
}

/** The least and the greatest height of some curves, with a little air. */
function spanOf(curves: readonly (readonly CurvePoint[])[]): Range {
  const heights = curves.flat().map(({ y }) => y);
  return [Math.min(...heights) / 1.5, Math.max(...heights) * 1.5];
}

/** The parts of a range below and above what was fitted. */
function outside([low, high]: Range, [from, to]: Range): Range[] {
  const parts: Range[] = [];
  if (low < from) parts.push([low, Math.min(from, high)]);
  if (high > to) parts.push([Math.max(to, low), high]);
  return parts;
}

function tableOf(series: readonly Series[], point: RunPoint, range: Range): PlotView['table'] {
  const along = decades(range);
  return {
    columns: [
      'Format',
      `Loss at ${count(point.tokens)}`,
      'Gap to BF16',
      'D_crit (tokens)',
      'D / D_crit',
      ...along.map((tokens) => `Loss at ${roundCount(tokens)}`),
    ],
    rows: series.map(({ name, forecast, at }) => [
      { text: name, value: name },
      cell(forecast.loss, lossNats),
      cell(forecast.gap, gapNats),
      cell(forecast.criticalTokens, count),
      cell(forecast.ratio, percent),
      ...along.map((tokens) => cell(at(tokens).loss, lossNats)),
    ]),
  };
}

function runSentence(point: RunPoint, forecast: Forecast): string {
  const { loss, gap, criticalTokens, ratio } = forecast;
  if (loss === null || gap === null) return 'The law cannot speak of this format.';
  const critical =
    criticalTokens === null || ratio === null
      ? 'no critical data size.'
      : `${percent(ratio)} of the critical data size of ${count(criticalTokens)} tokens.`;
  return (
    `${formatName(point)} at ${count(point.tokens)} tokens has loss ${lossNats(loss)} and gap ` +
    `${gapNats(gap)}, ${critical}`
  );
}

function captionOf({ law, explored }: PlotInput, forecast: Forecast): string {
  const [from, to] = law.fitted.tokens;
  const { point } = explored;
  const held =
    point.granularity === 'tensor'
      ? ' The scale’s reach (log2 B) of tensor-wise scaling is held as at the run’s own N and D.'
      : '';
  const absent = forecast.hasCriticalSize
    ? ''
    : ' There is no critical data size to mark for this format by this law.';
  return (
    `Predicted loss at ${count(point.parameters)} linear parameters by the ${law.name} law, on the ` +
    `law’s own data. Shaded: outside the ${count(from)} to ${count(to)} tokens it was fitted on.` +
    held +
    absent
  );
}
