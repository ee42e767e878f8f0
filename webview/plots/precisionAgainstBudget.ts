import type { ChartDataset } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { computeOptimal, type Budget } from '../../src/core/advise/computeOptimal.ts';
import { costFactor } from '../../src/core/laws/capybaraFormulas.ts';
import type { Scaling } from '../../src/core/laws/law.ts';
import { formatName, scalingWords } from '../../src/core/present/formats.ts';
import { count, lossNats, plain } from '../../src/core/present/numbers.ts';
import type { Explored } from '../explored.ts';
import {
  cell,
  decades,
  logSteps,
  nothingToDraw,
  roundCount,
  sharedOptions,
  type Cell,
  type CurvePoint,
  type Plot,
  type PlotInput,
  type PlotView,
  type Range,
} from './plot.ts';

type Axis = 'compute' | 'tokens' | 'parameters';

/** The number of bits that spends a budget best, over compute or data. */
export const precisionAgainstBudget: Plot = {
  id: 'precision-against-budget',
  title: 'Precision against budget',
  variantLabel: 'Over',
  variants: [
    { id: 'compute', name: 'Compute, choosing N, D and bits' },
    { id: 'tokens', name: 'Tokens, at that fixed D' },
    { id: 'parameters', name: 'Compute, at the run’s N' },
  ],
  config,
};

const steps = 81;
const costSentence =
  'The cost is C = k·P·N·D with k = 6/16, linear in the bits P, which real hardware is not: an ' +
  'accelerator multiplies FP8 at twice the rate of BF16, and 5 or 7 bits at none.';
const artefact =
  'Dotted: fewer tokens than parameters (D / N below 1), an artefact of extrapolating far past the ' +
  'sizes that were fitted.';

function config(input: PlotInput): PlotView {
  const { explored, law, palette } = input;
  const { point } = explored;
  const axis = axisOf(input.variant);
  const scaling = scalingAt(point);
  const ask = (x: number): Budget => computeOptimal(law, questionOf(axis, x, explored, scaling));
  const here = axis === 'tokens' ? point.tokens : explored.compute;
  const answer = ask(here);
  if (answer.bits === null) {
    return nothingToDraw(answer.notes[0] ?? `The ${law.name} law gives no optimal precision.`);
  }
  const range = input.range ?? usualRange(axis, here, explored);
  const curve = logSteps(range, steps).flatMap((x) => {
    const found = ask(x);
    return found.bits === null ? [] : [{ x, y: found.bits, few: isFew(found) }];
  });
  const firstFew = axis === 'compute' ? curve.findIndex((at) => at.few) : -1;
  const sound = firstFew < 0 ? curve : curve.slice(0, firstFew);
  const few = firstFew < 0 ? [] : curve.slice(Math.max(0, firstFew - 1));
  const own: CurvePoint = {
    x: axis === 'tokens' ? point.tokens : explored.ownCompute,
    y: point.bits,
  };
  const unit = axis === 'tokens' ? 'tokens' : 'FLOP';
  const write = axis === 'tokens' ? count : plain;
  const line = (label: string, data: CurvePoint[], dash: number[]) => ({
    label,
    data,
    borderColor: palette.run,
    backgroundColor: palette.run,
    borderWidth: 2.5,
    borderDash: dash,
    pointRadius: 0,
    pointHoverRadius: 5,
    pointHitRadius: 8,
    pointStyle: 'line' as const,
  });
  const dot = (label: string, at: CurvePoint, color: string, style: 'circle' | 'star') => ({
    label,
    data: [at],
    showLine: false,
    pointRadius: 7,
    pointHoverRadius: 9,
    pointStyle: style,
    borderWidth: 2,
    borderColor: style === 'star' ? color : palette.background,
    backgroundColor: color,
  });
  const strip = (points: typeof curve): CurvePoint[] => points.map(({ x, y }) => ({ x, y }));
  const datasets: ChartDataset<'line', CurvePoint[]>[] = [
    line('Optimal bits', strip(sound), []),
    ...(few.length > 0 ? [line('Optimal bits, D / N below 1', strip(few), [2, 4])] : []),
    dot('Optimum at this budget', { x: here, y: answer.bits }, palette.critical, 'star'),
    dot(`This run (${formatName(point)})`, own, palette.foreground, 'circle'),
  ];
  return {
    chart: {
      type: 'line',
      data: { datasets },
      options: optionsOf(input, axis, range, [...curve.map((at) => at.y), point.bits]),
    },
    table: tableOf(axis, [here, ...decades(range).filter((x) => x !== here)], ask),
    caption: [
      captionOf(axis, explored, scaling),
      costSentence,
      ...(few.length > 0 ? [artefact] : []),
    ]
      .join(' ')
      .trim(),
    summary:
      `Compute-optimal bits rise from ${plain(curve[0]?.y ?? NaN)} at ${write(range[0])} ${unit} to ` +
      `${plain(curve.at(-1)?.y ?? NaN)} at ${write(range[1])} ${unit}. At ${write(here)} ${unit} ` +
      `${plain(answer.bits)} bits are best${optimumWords(answer, axis)}; the run has ${plain(point.bits)}.`,
    describe(dataset, index) {
      const set = datasets[dataset];
      const at = set?.data[index];
      if (!set || !at) return '';
      return `${set.label ?? ''} at ${write(at.x)} ${unit}: ${plain(at.y)} bits`;
    },
    range,
    height: null,
  };
}

function axisOf(variant: string): Axis {
  return variant === 'tokens' || variant === 'parameters' ? variant : 'compute';
}

/** Closed forms exist for blocks and channels alone; anything else is shown as the nearest of them. */
function scalingAt({ granularity, block }: Scaling): Scaling {
  switch (granularity) {
    case 'none':
      return { granularity: 'block', block: 128 };
    case 'tensor':
      return { granularity: 'channel', block: null };
    case 'channel':
    case 'block':
      return { granularity, block };
  }
}

function questionOf(axis: Axis, x: number, { point }: Explored, scaling: Scaling) {
  switch (axis) {
    case 'compute':
      return { scaling, fixed: 'compute', compute: x } as const;
    case 'tokens':
      return { scaling, fixed: 'tokens', tokens: x } as const;
    case 'parameters':
      return { scaling, fixed: 'parameters', parameters: point.parameters, compute: x } as const;
  }
}

function usualRange(axis: Axis, here: number, { point, ownCompute }: Explored): Range {
  if (axis === 'tokens') return [Math.min(1e9, here / 10), Math.max(1e15, here * 10)];
  if (axis === 'compute') {
    return [Math.min(1e18, here / 10, ownCompute / 10), Math.max(1e28, here * 10, ownCompute * 10)];
  }
  // At a fixed size: from one token a parameter to far past what is trained.
  const least = costFactor * point.bits * point.parameters ** 2;
  return [
    Math.min(least, here / 10, ownCompute / 10),
    Math.max(least * 1e5, here * 10, ownCompute * 10),
  ];
}

function isFew({ parameters, tokens }: Budget): boolean {
  return parameters !== null && tokens !== null && tokens < parameters;
}

function optimumWords({ parameters, tokens, loss }: Budget, axis: Axis): string {
  if (axis !== 'compute' || parameters === null || tokens === null || loss === null) return '';
  return `, with ${count(parameters)} parameters, ${count(tokens)} tokens and loss ${lossNats(loss)}`;
}

function tableOf(axis: Axis, at: readonly number[], ask: (x: number) => Budget): PlotView['table'] {
  const flop = (value: number) => plain(value);
  const bits = (found: Budget): Cell => cell(found.bits, plain);
  if (axis === 'tokens') {
    return {
      columns: ['Tokens D', 'Optimal bits P'],
      rows: at.map((x) => [cell(x, count), bits(ask(x))]),
    };
  }
  return {
    columns: ['Compute C (FLOP)', 'Optimal bits P', 'Parameters N', 'Tokens D', 'D / N', 'Loss'],
    rows: at.map((x) => {
      const found = ask(x);
      const { parameters, tokens } = found;
      const perParameter = parameters !== null && tokens !== null ? tokens / parameters : null;
      return [
        cell(x, flop),
        bits(found),
        cell(parameters, count),
        cell(tokens, count),
        cell(perParameter, plain),
        cell(found.loss, lossNats),
      ];
    }),
  };
}

function captionOf(axis: Axis, { point }: Explored, scaling: Scaling): string {
  const what = {
    compute: 'Bits that reach the least loss for a compute C, when N and D are chosen with them.',
    tokens: 'Bits that reach the least loss for D tokens, whatever the compute.',
    parameters: `Bits that reach the least loss for a compute C at ${count(point.parameters)} linear parameters.`,
  }[axis];
  const drawn = `Drawn for the best real-valued layout, scaling ${scalingWords(scaling)}`;
  switch (point.granularity) {
    case 'none':
      return `${what} ${drawn} (the run has no scaling factors).`;
    case 'tensor':
      return `${what} ${drawn} (there is no closed form for per tensor).`;
    case 'channel':
    case 'block':
      return `${what} ${drawn}.`;
  }
}

function optionsOf({ palette }: PlotInput, axis: Axis, range: Range, bits: readonly number[]) {
  const { shared, scale, logarithmic } = sharedOptions(palette);
  const annotations: AnnotationOptions[] = [4, 8, 16].map((width) => ({
    id: `width-${width}`,
    type: 'line',
    scaleID: 'y',
    value: width,
    borderColor: palette.muted,
    borderWidth: 1,
    borderDash: [2, 3],
    drawTime: 'beforeDatasetsDraw',
    adjustScaleRange: false,
  }));
  const exponent = (power: number) => power.toExponential(0).replace('+', '');
  return {
    ...shared,
    interaction: { mode: 'nearest' as const, intersect: false },
    scales: {
      x:
        axis === 'tokens'
          ? logarithmic('Training tokens D', range, roundCount)
          : logarithmic('Compute C, FLOP', range, exponent),
      y: {
        ...scale('Bits P = E + M + 1'),
        type: 'linear' as const,
        min: Math.floor(Math.min(2, ...bits)),
        max: Math.ceil(Math.max(...bits) + 1),
      },
    },
    plugins: { annotation: { clip: true, annotations } },
  };
}
