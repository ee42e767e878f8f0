import type { ChartDataset } from 'chart.js';
import { computeOptimal, type Budget } from '../../../src/core/advise/computeOptimal.ts';
import { costFactor, type Scaling } from '../../../src/core/laws/law.ts';
import { formatName, scalingWords } from '../../../src/core/present/formats.ts';
import { count, lossNats, plain } from '../../../src/core/present/numbers.ts';
import { lawPhrase } from '../../../src/core/present/words.ts';
import type { Explored } from '../../explored.ts';
import { bitsDot, bitsLine, bitsOptions, closedFormScaling, fewTokens } from './parts.ts';
import { hoursView } from './hours.ts';
import {
  cell,
  decades,
  logSteps,
  nothingToDraw,
  roundCount,
  speakerOf,
  type Cell,
  type CurvePoint,
  type Plot,
  type PlotInput,
  type PlotView,
  type Range,
} from '../plot.ts';

type Axis = 'compute' | 'tokens' | 'parameters';

/** The number of bits that spends a budget best, over compute, data or hours of an accelerator. */
export const precisionAgainstBudget: Plot = {
  id: 'precision-against-budget',
  title: 'Precision against budget',
  variantLabel: 'Over',
  variants: [
    { id: 'compute', name: 'Compute, choosing N, D and bits' },
    { id: 'tokens', name: 'Tokens, at that fixed D' },
    { id: 'parameters', name: 'Compute, at the run’s N' },
    { id: 'hours', name: 'GPU-hours, choosing N, D and format' },
    { id: 'hours-at-size', name: 'GPU-hours, at the run’s N' },
  ],
  config,
};

const steps = 81;
const costSentence =
  'The cost is C = k·P·N·D with k = 6/16, linear in the bits P, which real hardware is not: an ' +
  'accelerator multiplies FP8 at twice the rate of BF16, and 5 or 7 bits at none. Over GPU-hours ' +
  'an accelerator’s own rates count.';

function config(input: PlotInput): PlotView {
  if (input.variant === 'hours') return hoursView(input, null);
  if (input.variant === 'hours-at-size') return hoursView(input, input.explored.point.parameters);
  const { explored, law, palette } = input;
  const { point } = explored;
  const axis = axisOf(input.variant);
  const scaling = closedFormScaling(point);
  const ask = (x: number): Budget => computeOptimal(law, questionOf(axis, x, explored, scaling));
  const here = axis === 'tokens' ? point.tokens : explored.compute;
  if (law.operands.length === 0) {
    return nothingToDraw(
      `The ${law.name} law knows no number format, so it cannot choose the bits.`,
    );
  }
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
  const best: CurvePoint = { x: here, y: answer.bits };
  const strip = (points: typeof curve): CurvePoint[] => points.map(({ x, y }) => ({ x, y }));
  const datasets: ChartDataset<'line', CurvePoint[]>[] = [
    bitsLine('Optimal bits', strip(sound), palette.run, {}),
    ...(few.length > 0
      ? [bitsLine('Optimal bits, D / N below 1', strip(few), palette.run, { borderDash: [2, 4] })]
      : []),
    bitsDot('Optimum at this budget', best, palette.critical, palette, 'star'),
    bitsDot(`This run (${formatName(point)})`, own, palette.foreground, palette, 'circle'),
  ];
  return {
    chart: {
      type: 'line',
      data: { datasets },
      options: bitsOptions(palette, horizontalOf(axis, range), [
        ...curve.map((at) => at.y),
        point.bits,
      ]),
    },
    table: tableOf(axis, [here, ...decades(range).filter((x) => x !== here)], ask),
    headline: null,
    caption: [
      captionOf(axis, input),
      ...(readsScaling(input, axis, here) ? [scalingSentence(point, scaling)] : []),
      ...(few.length > 0 ? [fewTokens] : []),
    ].join(' '),
    asides: [costSentence, ...answer.notes],
    summary:
      `Compute-optimal bits by ${lawPhrase(speakerOf(law, point))}: ${plain(curve[0]?.y ?? NaN)} at ` +
      `${write(range[0])} ${unit}, ${plain(curve.at(-1)?.y ?? NaN)} at ${write(range[1])} ${unit}. At ${write(here)} ${unit} ` +
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

function captionOf(axis: Axis, { explored: { point }, law }: PlotInput): string {
  const by = `by ${lawPhrase(speakerOf(law, point))}`;
  return {
    compute: `Bits that reach the least loss for a compute C, when N and D are chosen with them, ${by}.`,
    tokens: `Bits that reach the least loss for D tokens, whatever the compute, ${by}.`,
    parameters: `Bits that reach the least loss for a compute C at ${count(point.parameters)} linear parameters, ${by}.`,
  }[axis];
}

/** Whether the law's answer depends on how many values share a scale. */
function readsScaling({ law, explored }: PlotInput, axis: Axis, here: number): boolean {
  const [few, many] = [16, 128].map((block) => {
    const question = questionOf(axis, here, explored, { granularity: 'block', block });
    return computeOptimal(law, question).bits;
  });
  return few !== many;
}

function scalingSentence({ granularity }: Scaling, scaling: Scaling): string {
  const drawn = `Drawn for the best real-valued layout, scaling ${scalingWords(scaling)}`;
  switch (granularity) {
    case 'none':
      return `${drawn} (the run has no scaling factors).`;
    case 'tensor':
      return `${drawn} (there is no closed form for per tensor).`;
    case 'channel':
    case 'block':
      return `${drawn}.`;
  }
}

function horizontalOf(axis: Axis, range: Range) {
  return axis === 'tokens'
    ? { title: 'Training tokens D', range, write: roundCount }
    : {
        title: 'Compute C, FLOP',
        range,
        write: (power: number) => power.toExponential(0).replace('+', ''),
      };
}
