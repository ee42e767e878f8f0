import type { ChartDataset } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { Scaling } from '../../../src/core/laws/law.ts';
import { sharedOptions, type CurvePoint, type Palette, type Range } from '../plot.ts';

type Dataset = ChartDataset<'line', CurvePoint[]>;

/** Said where an optimum has fewer tokens than parameters. */
export const fewTokens =
  'Dotted: fewer tokens than parameters (D / N below 1), an artefact of extrapolating far past the ' +
  'sizes that were fitted.';

/** A line of bits over a budget. */
export function bitsLine(
  label: string,
  data: CurvePoint[],
  color: string,
  look: Pick<Dataset, 'borderDash' | 'stepped'>,
): Dataset {
  return {
    label,
    data,
    borderColor: color,
    backgroundColor: color,
    borderWidth: 2.5,
    pointRadius: 0,
    pointHoverRadius: 5,
    pointHitRadius: 8,
    pointStyle: 'line',
    ...look,
  };
}

/** One marked point: the optimum as a star, the run as a disc. */
export function bitsDot(
  label: string,
  at: CurvePoint,
  color: string,
  { background }: Palette,
  style: 'circle' | 'star',
): Dataset {
  return {
    label,
    data: [at],
    showLine: false,
    pointRadius: 7,
    pointHoverRadius: 9,
    pointStyle: style,
    borderWidth: 2,
    borderColor: style === 'star' ? color : background,
    backgroundColor: color,
  };
}

/** Closed forms exist for blocks and channels alone; anything else is shown as the nearest of them. */
export function closedFormScaling({ granularity, block }: Scaling): Scaling {
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

/** Axes of bits over a budget, with the usual widths ruled, and names on the lines if any. */
export function bitsOptions(
  palette: Palette,
  horizontal: { readonly title: string; readonly range: Range; write(value: number): string },
  bits: readonly number[],
  named: readonly AnnotationOptions[] = [],
) {
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
  return {
    ...shared,
    interaction: { mode: 'nearest' as const, intersect: false },
    scales: {
      x: logarithmic(horizontal.title, horizontal.range, (value) => horizontal.write(value)),
      y: {
        ...scale('Bits P = E + M + 1'),
        type: 'linear' as const,
        min: Math.floor(Math.min(2, ...bits)),
        max: Math.ceil(Math.max(...bits) + 1),
      },
    },
    plugins: { annotation: { clip: true, annotations: [...annotations, ...named] } },
  };
}
