import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import {
  capybaraConstantsIn,
  layouts as listLayouts,
  type LayoutRow,
} from '../../../src/core/advise/layouts.ts';
import {
  criticalBits,
  leastLoss,
  log2Block,
  precisionFactor,
  type CapybaraConstants,
} from '../../../src/core/laws/capybara/formulas.ts';
import type { RunPoint, Scaling } from '../../../src/core/laws/law.ts';
import { count, lossNats, percent, plain } from '../../../src/core/present/numbers.ts';
import {
  cell,
  nothingToDraw,
  roundCount,
  sharedOptions,
  type Plot,
  type PlotInput,
  type PlotView,
  type Range,
  lawGap,
} from '../plot.ts';
import { heatMap } from './heatMap.ts';
import { calibrationWords, hardwareNames, scalingAt, scalingSentence, splitName } from './parts.ts';

/** Every split of a width into exponent and mantissa, with what hardware has and what is best. */
export const layouts: Plot = {
  id: 'layouts',
  title: 'Layouts',
  variantLabel: 'Compare',
  variants: [
    { id: 'widths', name: 'All widths' },
    { id: 'critical', name: 'Critical data size' },
    { id: 'gap', name: 'Gap to BF16' },
  ],
  config,
};

interface Bar extends LayoutRow {
  readonly name: string;
  /** Formats of hardware with this layout, empty when there is none. */
  readonly hardware: readonly string[];
  readonly current: boolean;
}

function config(input: PlotInput): PlotView {
  const { explored, accelerator, palette } = input;
  const { point } = explored;
  if (point.exponentBits === null || point.mantissaBits === null) {
    return nothingToDraw('An integer format has no exponent bits to weigh against mantissa bits.');
  }
  if (input.variant === 'widths') return heatMap(input, point.exponentBits, point.mantissaBits);
  const width = point.exponentBits + point.mantissaBits + 1;
  const scaling = scalingAt(point);
  const constants = capybaraConstantsIn(input.laws);
  const found = listLayouts({ bits: width, size: point, scaling }, constants);
  const gap = input.variant === 'gap';
  const bars = found.layouts
    .map((row): Bar => ({
      ...row,
      name: splitName(row),
      hardware: hardwareNames(row, accelerator),
      current: row.exponentBits === point.exponentBits,
    }))
    .sort((a, b) => a.exponentBits - b.exponentBits);
  const values = bars.map((bar) => (gap ? bar.gap : bar.criticalTokens));
  if (values.every((value) => value === null)) {
    return nothingToDraw('With a scale for every value all layouts do alike: there is no gap.');
  }
  const best = bars.find((bar) => bar.optimal);
  const { exponentBits, mantissaBits } = found.continuous;
  const where = accelerator ? `${accelerator.name} has` : 'hardware has';
  const write = gap ? lawGap : (tokens: number) => `${count(tokens)} tokens`;
  return {
    chart: {
      type: 'bar',
      data: {
        labels: bars.map(labelOf),
        datasets: [
          {
            label: gap ? 'Gap to BF16' : 'Critical data size',
            data: values,
            backgroundColor: bars.map((bar) =>
              bar.hardware.length > 0 ? palette.hatch : palette.shade,
            ),
            borderColor: bars.map((bar) => (bar.current ? palette.run : palette.twin)),
            borderWidth: bars.map((bar) => (bar.current ? 3 : 1)),
            borderSkipped: false,
            maxBarThickness: 22,
          },
        ],
      },
      options: optionsOf(input, gap, values),
    },
    table: {
      columns: ['Layout', 'D_crit (tokens)', 'D / D_crit', 'Gap to BF16', 'Marks'],
      rows: bars.map((bar) => [
        { text: bar.name, value: bar.name },
        cell(bar.criticalTokens, count),
        cell(bar.criticalTokens && point.tokens / bar.criticalTokens, percent),
        cell(bar.gap, lawGap),
        { text: marksOf(bar).join(', '), value: marksOf(bar).join(', ') },
      ]),
    },
    headline: null,
    asides: [],
    caption:
      `Every split of ${width} bits (one is the sign) at ${count(point.parameters)} linear ` +
      `parameters and ${scalingSentence(point, scaling)}, by the Capybara law, the only one that ` +
      `tells layouts apart${calibrationWords(input)}. The best real-valued split is E_opt = ${plain(exponentBits)}, ` +
      `M_opt = ${plain(mantissaBits)}; the best whole one is marked ★. Hatched and marked ◆: what ` +
      `${where}. Outlined and marked ●: the run’s own layout. ` +
      limitWords(point, scaling, constants),
    summary:
      `${gap ? 'Gap to BF16' : 'Critical data size'} of the ${bars.length} layouts of ${width} ` +
      `bits. Best is ${best?.name ?? ''}, ${write((gap ? best?.gap : best?.criticalTokens) ?? 0)}; ` +
      `the run has E${point.exponentBits}M${point.mantissaBits}.`,
    describe(_, index) {
      const bar = bars[index];
      const value = values[index];
      if (!bar || value === null || value === undefined) return '';
      return [`${bar.name}: ${gap ? 'gap ' : 'D_crit '}${write(value)}`, ...marksOf(bar)].join(
        ', ',
      );
    },
    range: null,
    height: 90 + 30 * bars.length,
  };
}

/** What N and D leave to the layouts: both limits are derived from the law, not the paper's. */
function limitWords(point: RunPoint, scaling: Scaling, c: CapybaraConstants): string {
  const { parameters: N, tokens: D, exponentBits, mantissaBits } = point;
  const log2B = log2Block(scaling, N, D, c);
  const factor = precisionFactor({ E: exponentBits ?? 0, M: mantissaBits ?? 0, log2B }, c);
  return (
    `Derived from the law: layouts of fewer than ${plain(criticalBits(N, D, log2B, c))} bits are ` +
    `past their D_crit at ${count(D)} tokens, and the run’s own never gets below a loss of ` +
    `${lossNats(leastLoss(N, factor, c))}, at its D_crit.`
  );
}

function labelOf(bar: Bar): string {
  const signs = [bar.current && '●', bar.optimal && '★', bar.hardware.length > 0 && '◆'];
  return [...signs.filter((sign) => sign !== false), bar.name].join(' ');
}

function marksOf(bar: Bar): readonly string[] {
  return [
    ...(bar.current ? ['the run’s own'] : []),
    ...(bar.optimal ? ['best'] : []),
    ...(bar.hardware.length > 0 ? [`in hardware as ${bar.hardware.join(', ')}`] : []),
  ];
}

function optionsOf(
  { palette, explored, gapTarget }: PlotInput,
  gap: boolean,
  values: readonly (number | null)[],
) {
  const { shared, scale, logarithmic, label } = sharedOptions(palette);
  const { tokens } = explored.point;
  const y = scale('Layout');
  const line = gap ? gapTarget : tokens;
  const known = [...values.filter((value) => value !== null && value > 0), line] as number[];
  const annotations: AnnotationOptions[] = [
    {
      id: 'reference',
      type: 'line',
      scaleID: 'x',
      value: line,
      borderColor: palette.critical,
      borderWidth: 2,
      borderDash: [4, 4],
      label: {
        ...label(gap ? `gap target ${gapTarget}` : `D ${count(tokens)}`, palette.critical),
        position: 'start',
      },
    },
  ];
  // Bars on a logarithmic axis have no natural foot: a little below the least is theirs.
  const range: Range = [Math.min(...known) / 3, Math.max(...known) * 3];
  return {
    ...shared,
    indexAxis: 'y' as const,
    interaction: { mode: 'nearest' as const, axis: 'y' as const, intersect: false },
    scales: {
      x: gap
        ? logarithmic('Gap to BF16, nats per token', range, (power) => `${power}`)
        : logarithmic('Critical data size D_crit, tokens', range, roundCount),
      y: {
        ...y,
        title: { ...y.title, display: false },
        grid: { ...y.grid, display: false },
        ticks: { ...y.ticks, autoSkip: false },
      },
    },
    plugins: { annotation: { clip: true, annotations } },
  };
}
