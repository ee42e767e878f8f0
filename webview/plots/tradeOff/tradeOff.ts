import type { ChartDataset } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import {
  paretoFront,
  placed,
  tradeOffs,
  type Placed,
  type Spending,
} from '../../../src/core/advise/pareto.ts';
import type { StoredParameters } from '../../../src/core/advise/memory.ts';
import { amountFigure, amountWords } from '../../../src/core/present/cost.ts';
import type { Explored } from '../../explored.ts';
import { frontNames } from './frontNames.ts';
import {
  nothingToDraw,
  sharedOptions,
  withoutNoughts,
  type CurvePoint,
  type Plot,
  type PlotInput,
  type PlotView,
  type Range,
  lawGap,
} from '../plot.ts';
import { asidesOf, captionOf, nameOf, summaryOf, tableOf, withinWords } from './words.ts';

/** Gap to BF16 against what a run costs in each format, the Pareto front drawn. */
export const tradeOff: Plot = {
  id: 'trade-off',
  title: 'Trade-off',
  variantLabel: 'Against',
  variants: [
    { id: 'compute', name: 'Bit-linear cost' },
    { id: 'hours', name: 'Time' },
    { id: 'money', name: 'Money' },
    { id: 'memory', name: 'Memory' },
  ],
  config,
};

const setAccelerator =
  'an accelerator (the setting floatcast.hardware, or a line such as # floatcast: hardware=h100 ' +
  'in the file)';
const setPrice = 'the price of an accelerator’s hour (the setting floatcast.pricePerHour)';

function config(input: PlotInput): PlotView {
  const { explored, law, accelerator, pricePerHour } = input;
  const { point } = explored;
  const on = spendingOf(input.variant);
  const asked = whatToSet(input, on);
  if (asked !== null) return nothingToDraw(asked);
  if (law.stage === 'post-training') {
    return nothingToDraw(
      `The ${law.name} law is about quantising a trained model, whose training costs the same in ` +
        'every format.',
    );
  }
  const rows = tradeOffs(law, point, storedOf(explored), { accelerator, pricePerHour });
  const all = placed(rows, on);
  if (!all.some(({ gap }) => gap > 0)) {
    return nothingToDraw(`The ${law.name} law gives no other format’s gap for this run.`);
  }
  const front = paretoFront(all);
  const sets = datasetsOf(input, all, front);
  return {
    chart: {
      type: 'line',
      data: { datasets: sets.map(({ dataset }) => dataset) },
      options: optionsOf(input, on, all, front),
    },
    table: tableOf(rows, front, point.tokens),
    headline: withinWords(all, on, input.gapTarget),
    caption: captionOf(input),
    asides: asidesOf(input, on, all),
    summary: summaryOf(input, on, all, front),
    describe(dataset, index) {
      const one = sets[dataset]?.rows[index];
      if (!one) return '';
      const place = front.includes(one) ? 'on the front' : 'dominated';
      const own = one.row.candidate.current ? ', the run’s own format' : '';
      return (
        `${nameOf(one.row)}: gap ${lawGap(one.gap)}, ${amountWords(one.amount, on)}, ` +
        `${place}${own}`
      );
    },
    range: null,
    height: null,
  };
}

function spendingOf(variant: string): Spending {
  return variant === 'hours' || variant === 'money' || variant === 'memory' ? variant : 'compute';
}

/** What a person must say before this can be drawn, or null. */
function whatToSet({ accelerator, pricePerHour }: PlotInput, on: Spending): string | null {
  if (on === 'compute' || on === 'memory') return null;
  const wanted = [
    ...(accelerator ? [] : [setAccelerator]),
    ...(on === 'money' && pricePerHour === null ? [setPrice] : []),
  ];
  return wanted.length === 0
    ? null
    : `${on === 'hours' ? 'Time' : 'Money'} needs ${wanted.join(' and ')}.`;
}

/** The file's own count, or the linear layers of the explored N where that is another. */
function storedOf({ stored, point }: Explored): StoredParameters {
  return stored ?? { total: point.parameters, linear: point.parameters };
}

/** Where a gap stands on the axis: a logarithmic one has no 0, which stands at its foot. */
function heightOf(gap: number, [foot]: Range): number {
  return Math.max(gap, foot);
}

function gapRange(rows: readonly Placed[], gapTarget: number): Range {
  const gaps = rows.map(({ gap }) => gap).filter((gap) => gap > 0);
  return [Math.min(gapTarget, ...gaps) / 3, Math.max(gapTarget, ...gaps) * 2];
}

interface Set {
  readonly rows: readonly Placed[];
  readonly dataset: ChartDataset<'line', CurvePoint[]>;
}

function datasetsOf(
  { palette, gapTarget }: PlotInput,
  all: readonly Placed[],
  front: readonly Placed[],
): readonly Set[] {
  const range = gapRange(all, gapTarget);
  const set = (
    label: string,
    rows: readonly Placed[],
    look: Partial<ChartDataset<'line', CurvePoint[]>>,
  ): Set[] => {
    const data = rows.map(({ amount, gap }) => ({ x: amount, y: heightOf(gap, range) }));
    // Marks at the foot of the axis are drawn whole.
    const sizes = { pointRadius: 6, pointHoverRadius: 8, borderWidth: 2, clip: 12 };
    return rows.length === 0 ? [] : [{ rows, dataset: { label, data, ...sizes, ...look } }];
  };
  const dominated = all.filter((one) => !front.includes(one) && !one.row.candidate.current);
  const own = all.filter(({ row }) => row.candidate.current);
  const ownIsBest = own.some((one) => front.includes(one));
  return [
    ...set('Pareto front', front, {
      stepped: 'before',
      borderColor: palette.run,
      backgroundColor: palette.run,
      pointStyle: 'circle',
    }),
    ...set('Dominated', dominated, {
      showLine: false,
      borderColor: palette.foreground,
      backgroundColor: palette.background,
      pointStyle: 'circle',
    }),
    ...set('This run', own, {
      showLine: false,
      borderColor: palette.critical,
      backgroundColor: ownIsBest ? palette.critical : palette.background,
      pointStyle: 'rectRot',
      // Above the front's own mark.
      order: -1,
      pointRadius: 9,
      pointHoverRadius: 11,
    }),
  ];
}

const axisTitles: Readonly<Record<Spending, string>> = {
  compute: 'Bit-linear cost C with scales, FLOP',
  hours: 'GPU-hours',
  money: 'Money, in the currency of the price',
  memory: 'Memory of the training state',
};

function optionsOf(
  { palette, gapTarget }: PlotInput,
  on: Spending,
  all: readonly Placed[],
  front: readonly Placed[],
) {
  const { shared, scale, logarithmic, gapTargetLine } = sharedOptions(palette);
  const range = gapRange(all, gapTarget);
  const x = scale(axisTitles[on]);
  const y = logarithmic('Gap to BF16, nats per token', range, (power) =>
    power === range[0] ? '0' : `${power}`,
  );
  const amounts = all.map(({ amount }) => amount);
  // States differ by a few bytes of sixteen a parameter: from 0 on they would stand on one spot.
  const start = on === 'memory' ? Math.min(...amounts) : 0;
  const annotations: AnnotationOptions[] = [
    gapTargetLine(gapTarget, 'end'),
    ...frontNames(
      front.map(({ row, amount, gap }) => ({
        name: nameOf(row),
        x: amount,
        y: heightOf(gap, range),
      })),
      all.map(({ amount, gap }) => ({ x: amount, y: heightOf(gap, range) })),
      // Chart.js ends the axis at a round number beyond the marks.
      { x: [start, start + 1.2 * (Math.max(...amounts) - start)], y: range },
      palette,
    ),
  ];
  return {
    ...shared,
    interaction: { mode: 'nearest' as const, intersect: false },
    scales: {
      x: {
        ...x,
        type: 'linear' as const,
        grace: '8%',
        ...(on === 'memory' ? {} : { min: 0 }),
        ticks: {
          ...x.ticks,
          callback: (value: string | number) => withoutNoughts(amountFigure(Number(value), on)),
        },
      },
      y: {
        ...y,
        afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
          y.afterBuildTicks(axis);
          const clear = axis.ticks.filter(({ value }) => value > 2 * range[0]);
          axis.ticks = [{ value: range[0] }, ...clear];
        },
      },
    },
    plugins: { annotation: { clip: false, annotations } },
  };
}
