// Adds the marks to the options of a chart.
import type {} from 'chartjs-plugin-annotation';
import { defaultLaw, laws } from '../../../src/core/laws/registry.ts';
import type { PointRequest } from '../../../src/core/laws/point.ts';
import type { Overrides } from '../../../src/protocol/state.ts';
import { explore, type Explored } from '../../../webview/explored.ts';
import type { CurvePoint, PlotInput, PlotView } from '../../../webview/plots/plot.ts';
import { pointOf, runAnalysis } from '../../webview/snapshots.ts';

/** What a plot is given for the run of `request`, as the sliders have it. */
export function inputOf(
  request: PointRequest,
  changes: Partial<PlotInput> & { readonly overrides?: Overrides } = {},
): PlotInput {
  const { overrides = {}, ...rest } = changes;
  return {
    explored: exploredOf(request, overrides),
    law: defaultLaw,
    laws,
    accelerator: null,
    gapTarget: 0.01,
    pricePerHour: null,
    measured: null,
    name: 'configs/7b.yaml',
    compared: [],
    variant: '',
    range: null,
    palette: {
      foreground: '#111111',
      muted: '#222222',
      grid: '#333333',
      background: '#ffffff',
      run: '#0000ff',
      twin: '#777777',
      critical: '#ff0000',
      candidates: ['#00aa00', '#aa00aa', '#aa5500'],
      shade: '#eeeeee',
      band: '#0000ff26',
      shades: ['#0000ffbf', '#0000ff59', '#ff000059', '#ff0000bf'],
      hatch: '#0000fe',
      font: { family: 'sans-serif', size: 12 },
    },
    ...rest,
  };
}

export function exploredOf(request: PointRequest, overrides: Overrides = {}): Explored {
  const explored = explore(runAnalysis(pointOf(request)), overrides);
  if (!explored) throw new Error('The run cannot be explored.');
  return explored;
}

/** The points of the curve with this name; fails the test when there is none. */
export function curveNamed(view: PlotView, name: string): readonly CurvePoint[] {
  const found =
    view.chart?.type === 'line'
      ? view.chart.data.datasets.find((dataset) => dataset.label === name)
      : undefined;
  if (!found) throw new Error(`No curve named ${name}.`);
  return found.data;
}

export function curveNames(view: PlotView): readonly string[] {
  return view.chart?.data.datasets.map((dataset) => dataset.label ?? '') ?? [];
}

/** The value at which an annotated line stands, or undefined when it is not drawn. */
export function lineAt(view: PlotView, id: string): unknown {
  const annotations = view.chart?.options?.plugins?.annotation?.annotations;
  if (!Array.isArray(annotations)) throw new Error('Annotations are a list.');
  const found = annotations.find((each) => each.id === id);
  return found?.type === 'line' ? found.value : undefined;
}

/** The full number in a column of the row that begins with `heading`. */
export function tableValue(view: PlotView, heading: string, column: string): unknown {
  const at = view.table.columns.indexOf(column);
  if (at < 0) throw new Error(`No column ${column} in ${view.table.columns.join(', ')}.`);
  return view.table.rows.find((row) => row[0]?.text === heading)?.[at]?.value;
}
