import type { ChartDataset } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { Forecast, RunPoint } from '../../../src/core/laws/law.ts';
import { count, lossNats } from '../../../src/core/present/numbers.ts';
import { lawPhrase } from '../../../src/core/present/words.ts';
import { markOf } from '../../explored.ts';
import { bandOf, edgesOf } from './lawsBand.ts';
import { candidatesBefore, curveDataset, curveOf, seriesOf, type Series } from './series.ts';
import { captionOf, runSentence, tableOf, whoSpeaks } from './words.ts';
import {
  nothingToDraw,
  roundCount,
  sharedOptions,
  type CurvePoint,
  type Plot,
  type PlotInput,
  type PlotView,
  type Range,
  lawGap,
} from '../plot.ts';

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
  const { point } = explored;
  const mark = markOf(explored, 'tokens');
  const forecast = law.forecast(point);
  if (forecast.loss === null) {
    return nothingToDraw([...forecast.notes.slice(0, 1), ...whoSpeaks(input)].join(' '));
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
  const band = bandOf(input, range);
  const leading = law.curve(point);
  const bf16LossAt = (tokens: number) => leading(tokens).bf16Loss;
  const edges = band ? edgesOf(band, gap ? null : bf16LossAt, input.palette) : [];
  const written = gap ? lawGap : lossNats;
  const what = gap ? 'gap' : 'loss';
  const datasets = [
    ...series.map((each, at) =>
      curveDataset(each, curves[at] ?? [], candidatesBefore(series, at), input.palette),
    ),
    ...edges.map(({ dataset }) => dataset),
    ...marks.map((mark) => mark.dataset),
  ];
  return {
    chart: {
      type: 'line',
      data: { datasets },
      options: optionsOf(input, range, gap, forecast.criticalTokens, [
        ...curves,
        ...edges.map(({ dataset }) => dataset.data),
      ]),
    },
    table: tableOf(input, range, { series: all, band, bf16LossAt }),
    headline: null,
    caption: captionOf(input, forecast, band),
    asides: [],
    summary:
      `${gap ? 'Gap to BF16' : 'Loss'} against training tokens from ${count(range[0])} to ` +
      `${count(range[1])} by ${lawPhrase(forecast)}. ${runSentence(point, forecast)}` +
      (mark === null ? '' : ` The number of tokens is not the file’s (${mark}).`),
    describe(dataset, index) {
      const mark = [...edges, ...marks][dataset - series.length];
      if (mark) return mark.words[index] ?? '';
      const at = curves[dataset]?.[index];
      const each = series[dataset];
      if (!at || !each) return '';
      const other = each.at(at.x);
      const aside = gap
        ? `, loss ${lossNats(other.loss ?? NaN)}`
        : each.role === 'twin'
          ? ''
          : `, gap ${lawGap(other.gap ?? 0)}`;
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
  const { shared, scale, logarithmic, label, gapTargetLine } = sharedOptions(palette);
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
    annotations.push(gapTargetLine(gapTarget, 'start'));
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
