import type { ChartDataset } from 'chart.js';
import type { Law, RunPoint } from '../../../src/core/laws/law.ts';
import { formatName } from '../../../src/core/present/formats.ts';
import { count, lossNats, shareOfCritical } from '../../../src/core/present/numbers.ts';
import { gapOf } from '../../../src/core/present/verdict.ts';
import { lawPhrase } from '../../../src/core/present/words.ts';
import {
  cell,
  logSteps,
  nothingToDraw,
  roundCount,
  sharedOptions,
  type CurvePoint,
  type Palette,
  type Plot,
  type PlotInput,
  type PlotView,
  type Range,
  type Table,
  lawGap,
} from '../plot.ts';

/** Several runs on the same axes: each one's curve over the tokens, and where it ends. */
export const comparePlot: Plot = {
  id: 'compare',
  title: 'Compare',
  variantLabel: 'Show',
  variants: [
    { id: 'gap', name: 'Gap to BF16' },
    { id: 'loss', name: 'Loss' },
  ],
  config,
};

const steps = 81;
const dashes = [[], [6, 4], [2, 3], [10, 3, 2, 3], [12, 4], [4, 2, 1, 2], [8, 2], [1, 5], [3, 6]];
const markers = ['circle', 'triangle', 'rect', 'rectRot', 'star', 'crossRot', 'cross'] as const;

/** A run that can be drawn. */
interface DrawnRun {
  readonly name: string;
  readonly point: RunPoint;
  readonly taken: string;
}

function config(input: PlotInput): PlotView {
  const { compared, explored, law, variant, name } = input;
  if (compared.length === 0) {
    return nothingToDraw(
      'Nothing is compared. Select several runs in the Training Runs view, or several configs in ' +
        'the file list, and choose “Compare in Trade-off Explorer”.',
    );
  }
  const own: DrawnRun[] =
    explored.missing.length > 0 ? [] : [{ name, point: explored.point, taken: '' }];
  const runs = [...own, ...compared.flatMap(drawn)];
  const gap = variant !== 'loss';
  const range = input.range ?? usualRange(runs);
  const lines = runs.map((run) => lineOf(run, law, range, gap));
  const shown = lines.filter(({ end }) => end !== null);
  const silent = [
    ...(own.length === 0 ? [`${name} is not drawn: the file leaves its N, D or format open.`] : []),
    ...compared.flatMap((each) =>
      each.point === null ? [`${each.name} is not drawn: ${each.why}`] : [],
    ),
    ...lines.flatMap(({ run, end }) => (end === null ? [whyNoLine(run, law, gap)] : [])),
  ];
  if (shown.length === 0) return nothingToDraw(silent.join(' '));
  const forecast = law.forecast(shown[0]?.run.point ?? explored.point);
  const what = gap ? 'gap' : 'loss';
  const written = gap ? lawGap : lossNats;
  const by = lawPhrase(forecast);
  return {
    chart: {
      type: 'line',
      data: {
        datasets: [
          ...shown.map(({ run, points }, at) => curveDataset(run.name, points, at, input.palette)),
          ...shown.map(({ run, end }, at) => endDataset(run.name, end, at, input.palette)),
        ],
      },
      options: optionsOf(input, range, gap, shown),
    },
    table: tableOf(runs, law),
    headline: headlineOf(shown, law, gap),
    caption:
      `${gap ? 'Gap to BF16' : 'Loss'} of each run over the tokens it would see, by ${by}; the ` +
      'marks stand where the configs end.',
    asides: silent,
    summary: `${shown.length} runs on the same axes by ${by}: ${shown
      .map(({ run, end }) => `${run.name} ends at ${what} ${written(end?.y ?? NaN)}`)
      .join('; ')}.`,
    describe(dataset, index) {
      const line = shown[dataset % shown.length];
      if (!line) return '';
      const at = dataset < shown.length ? line.points[index] : line.end;
      const where = dataset < shown.length ? '' : ', as the config has it,';
      return at
        ? `${line.run.name}${where} at ${count(at.x)} tokens: ${what} ${written(at.y)}`
        : '';
    },
    range,
    height: null,
  };
}

function drawn({ name, point, taken }: PlotInput['compared'][number]): DrawnRun[] {
  return point ? [{ name, point, taken }] : [];
}

interface Line {
  readonly run: DrawnRun;
  readonly points: CurvePoint[];
  /** Where the run ends; null where the law is silent, or a gap of none has no place on the axis. */
  readonly end: CurvePoint | null;
}

function lineOf(run: DrawnRun, law: Law, range: Range, gap: boolean): Line {
  const at = law.curve(run.point);
  const pick = (tokens: number): CurvePoint[] => {
    const found = at(tokens);
    const y = gap ? found.gap : found.loss;
    return y === null || (gap && y <= 0) ? [] : [{ x: tokens, y }];
  };
  const { tokens } = run.point;
  const along = [...logSteps(range, steps), tokens].sort((a, b) => a - b);
  return { run, points: along.flatMap(pick), end: pick(tokens)[0] ?? null };
}

function whyNoLine(run: DrawnRun, law: Law, gap: boolean): string {
  const { gap: own, notes } = law.forecast(run.point);
  return gap && own !== null
    ? `${run.name} has no gap: it multiplies in ${formatName(run.point)}.`
    : `${run.name} is not drawn: ${notes[0] ?? `the ${law.name} law says nothing of it.`}`;
}

/** Wide enough for every run that is drawn. */
function usualRange(runs: readonly DrawnRun[]): Range {
  const tokens = runs.map(({ point }) => point.tokens);
  return [Math.min(...tokens) / 5, Math.max(...tokens) * 5];
}

/** Which run ends with the least gap, or loss. */
function headlineOf(lines: readonly Line[], law: Law, gap: boolean): string | null {
  const ranked = lines.toSorted((a, b) => (a.end?.y ?? 0) - (b.end?.y ?? 0));
  const [best] = ranked;
  if (!best || ranked.length < 2) return null;
  const forecast = law.forecast(best.run.point);
  return gap
    ? `Least gap of these: ${best.run.name}, ${gapOf(forecast)} in ${formatName(best.run.point)}`
    : `Least loss of these: ${best.run.name}, ${lossNats(forecast.loss ?? NaN)}`;
}

function tableOf(runs: readonly DrawnRun[], law: Law): Table {
  return {
    columns: ['Run', 'N', 'D', 'Format', 'Gap', 'Loss', 'D / D_crit', 'Takes'],
    rows: runs.map(({ name, point, taken }) => {
      const { gap, loss, ratio } = law.forecast(point);
      const word = (text: string) => ({ text, value: text });
      return [
        word(name),
        cell(point.parameters, count),
        cell(point.tokens, count),
        word(formatName(point)),
        cell(gap, (value) => lawGap(value)),
        cell(loss, lossNats),
        cell(ratio, shareOfCritical),
        word(taken),
      ];
    }),
  };
}

function colorOf(at: number, { run, candidates, critical, twin }: Palette): string {
  const colors = [run, ...candidates, critical, twin];
  return colors[at % colors.length] ?? run;
}

function curveDataset(
  name: string,
  data: CurvePoint[],
  at: number,
  palette: Palette,
): ChartDataset<'line', CurvePoint[]> {
  const color = colorOf(at, palette);
  return {
    label: name,
    data,
    borderColor: color,
    backgroundColor: color,
    borderWidth: 2,
    borderDash: [...(dashes[at % dashes.length] ?? [])],
    pointRadius: 0,
    pointStyle: 'line',
    pointHitRadius: 8,
    pointHoverRadius: 5,
  };
}

function endDataset(
  name: string,
  end: CurvePoint | null,
  at: number,
  palette: Palette,
): ChartDataset<'line', CurvePoint[]> {
  const color = colorOf(at, palette);
  return {
    label: `${name}, its end`,
    data: end ? [end] : [],
    showLine: false,
    borderColor: color,
    backgroundColor: color,
    borderWidth: 2,
    pointRadius: 7,
    pointHoverRadius: 9,
    pointStyle: markers[at % markers.length] ?? 'circle',
  };
}

function optionsOf({ palette, gapTarget }: PlotInput, range: Range, gap: boolean, lines: Line[]) {
  const { shared, scale, logarithmic, gapTargetLine } = sharedOptions(palette);
  const vertical = gap ? 'Gap to BF16, nats per token' : 'Loss, nats per token';
  const heights = [...lines.flatMap(({ points }) => points.map(({ y }) => y)), gapTarget];
  const span: Range = [Math.min(...heights) / 1.5, Math.max(...heights) * 1.5];
  return {
    ...shared,
    interaction: { mode: 'nearest' as const, intersect: false },
    scales: {
      x: logarithmic('Training tokens D', range, roundCount),
      y: gap
        ? logarithmic(vertical, span, (power) => `${power}`)
        : { ...scale(vertical), type: 'linear' as const },
    },
    plugins: {
      annotation: { clip: true, annotations: gap ? [gapTargetLine(gapTarget, 'start')] : [] },
    },
  };
}
