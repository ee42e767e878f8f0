import type { ChartArea, ChartDataset, ScriptableContext } from 'chart.js';
import {
  capybaraConstantsIn,
  layouts as listLayouts,
  type LayoutRow,
} from '../../../src/core/advise/layouts.ts';
import { sameValues } from '../../../src/core/present/formats.ts';
import { supportWords } from '../../../src/core/present/lawsTable.ts';
import { count } from '../../../src/core/present/numbers.ts';
import {
  cell,
  nothingToDraw,
  sharedOptions,
  type CurvePoint,
  type PlotInput,
  type PlotView,
  lawGap,
} from '../plot.ts';
import {
  calibrationWords,
  hardwareNames,
  scalingAt,
  scalingSentence,
  splitName,
  type Split,
} from './parts.ts';

const mostExponentBits = 8;
const mostMantissaBits = 10;
const widths = { least: 3, most: 16 };

/** One square of the map. */
interface Square extends LayoutRow {
  readonly gap: number;
  readonly criticalTokens: number;
  readonly hardware: readonly string[];
}

/** Bounds of the four shades, in gap targets; each dataset holds the squares below its own. */
const shades = [
  { below: 0.1, name: 'under a tenth of the gap target' },
  { below: 1, name: 'within the gap target' },
  { below: 10, name: 'up to ten times the gap target' },
  { below: Infinity, name: 'beyond ten times the gap target' },
] as const;

/**
 * The gap of every layout of exponent by mantissa bits at the run's own N, D and scaling, shaded by
 * how it compares to the gap target; the run's own, what hardware has and the best of each width.
 */
export function heatMap(input: PlotInput, exponentBits: number, mantissaBits: number): PlotView {
  const { explored, palette, gapTarget, accelerator } = input;
  const { point } = explored;
  const constants = capybaraConstantsIn(input.laws);
  const scaling = scalingAt(point);
  const ofWidth = (bits: number): readonly Square[] =>
    listLayouts({ bits, size: point, scaling }, constants).layouts.flatMap((row) =>
      row.gap === null || row.criticalTokens === null
        ? []
        : [
            {
              ...row,
              gap: row.gap,
              criticalTokens: row.criticalTokens,
              hardware: hardwareNames(row, accelerator),
            },
          ],
    );
  const width = exponentBits + mantissaBits + 1;
  const own = ofWidth(width).find((each) => each.exponentBits === exponentBits);
  if (!own) {
    return nothingToDraw('With a scale for every value all layouts do alike: there is no gap.');
  }
  const squares = upTo(mostExponentBits + mostMantissaBits)
    .flatMap((bits) => ofWidth(bits + 1))
    .filter(
      (each) => each.exponentBits <= mostExponentBits && each.mantissaBits <= mostMantissaBits,
    )
    .sort((a, b) => a.exponentBits - b.exponentBits || a.mantissaBits - b.mantissaBits);
  const best = Array.from({ length: widths.most - widths.least + 1 }, (_, at) =>
    ofWidth(widths.least + at).find(({ optimal }) => optimal),
  ).filter((each) => each !== undefined);
  const native = squares.filter(({ hardware }) => hardware.length > 0);
  const shadeOf = ({ gap }: Square) => shades.findIndex(({ below }) => gap <= below * gapTarget);
  const groups = [
    ...shades.map(({ name }, at) => ({
      members: squares.filter((each) => shadeOf(each) === at),
      look: {
        label: `Gap ${name}`,
        pointStyle: 'rect' as const,
        backgroundColor: palette.shades[at] ?? palette.shade,
        borderColor: palette.grid,
        borderWidth: 1,
        pointRadius: halfOfSquare,
        pointHoverRadius: halfOfSquare,
      },
    })),
    {
      members: best,
      look: {
        label: 'Best of each width',
        showLine: true,
        pointStyle: 'star' as const,
        borderColor: palette.foreground,
        borderWidth: 1.5,
        borderDash: [4, 3],
        pointRadius: 5,
      },
    },
    {
      members: native,
      look: {
        label: accelerator ? `${accelerator.name} has it` : 'Some hardware has it',
        pointStyle: 'rectRot' as const,
        borderColor: palette.foreground,
        backgroundColor: palette.background,
        borderWidth: 2,
        pointRadius: 6,
      },
    },
    {
      members: [own],
      look: {
        label: 'This run',
        pointStyle: 'circle' as const,
        borderColor: palette.background,
        backgroundColor: palette.run,
        borderWidth: 2,
        pointRadius: 7,
      },
    },
  ].filter(({ members }) => members.length > 0);
  const law = input.laws.find(({ id }) => id === 'capybara');
  const support = law ? supportWords(law.forecast(point)) : null;
  const bestHere = best.find((each) => each.exponentBits + each.mantissaBits + 1 === width);
  return {
    chart: {
      type: 'line',
      data: {
        datasets: groups.map(({ members, look }, at): ChartDataset<'line', CurvePoint[]> => ({
          showLine: false,
          // The marks lie over the squares, the run's over all.
          order: groups.length - at,
          ...look,
          data: members.map(({ exponentBits: y, mantissaBits: x }) => ({ x, y })),
        })),
      },
      options: optionsOf(input),
    },
    table: {
      columns: ['Layout', 'Bits', 'Gap to BF16', 'D_crit (tokens)', 'Marks'],
      rows: squares.map((square) => {
        const marks = marksOf(square, own, best).join(', ');
        return [
          { text: splitName(square), value: splitName(square) },
          cell(square.exponentBits + square.mantissaBits + 1, String),
          cell(square.gap, lawGap),
          cell(square.criticalTokens, count),
          { text: marks, value: marks },
        ];
      }),
    },
    headline: null,
    asides: [
      ...(support === null ? [] : [`How far to lean on it for this run: ${support}.`]),
      sameValues,
    ],
    caption:
      `The gap of each layout at ${count(point.parameters)} linear parameters, ` +
      `${count(point.tokens)} tokens and ${scalingSentence(point, scaling)}, by the Capybara law, ` +
      `the only one that tells layouts apart${calibrationWords(input)}. Layouts of one width lie on ` +
      'a diagonal.',
    summary:
      `Gap to BF16 of every layout of up to ${mostExponentBits} exponent and ${mostMantissaBits} ` +
      `mantissa bits. The run’s ${splitName(own)} has ${lawGap(own.gap)}; the best of ${width} bits ` +
      `is ${bestHere ? `${splitName(bestHere)} with ${lawGap(bestHere.gap)}` : 'outside the map'}.`,
    describe(dataset, index) {
      const square = groups[dataset]?.members[index];
      if (!square) return '';
      const marks = marksOf(square, own, best);
      return [
        `${splitName(square)}: gap ${lawGap(square.gap)}`,
        `D_crit ${count(square.criticalTokens)} tokens`,
        ...marks,
      ].join(', ');
    },
    range: null,
    height: null,
  };
}

const upTo = (most: number): readonly number[] => Array.from({ length: most + 1 }, (_, at) => at);

function marksOf(square: Square, own: Square, best: readonly Square[]): readonly string[] {
  const isSame = (other: Split) => splitName(other) === splitName(square);
  return [
    ...(isSame(own) ? ['the run’s own'] : []),
    ...(best.some(isSame) ? ['best of its width'] : []),
    ...(square.hardware.length > 0 ? [`in hardware as ${square.hardware.join(', ')}`] : []),
  ];
}

/** The radius at which squares touch; Chart.js draws one with sides of √2 radii. */
function halfOfSquare({ chart }: ScriptableContext<'line'>): number {
  // Asked before the chart is laid out too, when there is none.
  const area = chart.chartArea as ChartArea | undefined;
  if (!area) return 0;
  const side = Math.min(area.width / (mostMantissaBits + 1), area.height / (mostExponentBits + 1));
  return Math.max(side - 2, 4) / Math.SQRT2;
}

function optionsOf({ palette }: PlotInput) {
  const { shared, scale } = sharedOptions(palette);
  const bits = (title: string, most: number) => {
    const { ticks, grid, ...rest } = scale(title);
    return {
      ...rest,
      type: 'linear' as const,
      min: -0.5,
      max: most + 0.5,
      grid: { ...grid, display: false },
      ticks: { ...ticks, autoSkip: false, precision: 0 },
      afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
        axis.ticks = upTo(most).map((value) => ({ value }));
      },
    };
  };
  return {
    ...shared,
    interaction: { mode: 'nearest' as const, intersect: false },
    scales: {
      x: bits('Mantissa bits M', mostMantissaBits),
      y: bits('Exponent bits E', mostExponentBits),
    },
  };
}
