import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  type ChartConfiguration,
} from 'chart.js';
import annotation from 'chartjs-plugin-annotation';
import type { ActivePoint } from './keyboard.ts';
import { legendOf, withLegend } from './legend.ts';
import type { Palette, PlotChart } from './plots/plot.ts';

// Only what the plots draw with: the rest of Chart.js stays out of the bundle.
Chart.register(
  ...[BarController, BarElement, CategoryScale, LinearScale, LineController],
  ...[LineElement, LogarithmicScale, PointElement, Filler, Tooltip, annotation],
);

/** A canvas with a chart on it, as long as its element is in the page. */
export class ChartCanvas {
  readonly canvas: HTMLCanvasElement;
  #chart: Chart | null = null;
  #drawn: { readonly config: PlotChart; readonly palette: Palette } | null = null;
  #describe: (dataset: number, index: number) => string = () => '';

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  /** Draws `config` now, in this frame. */
  draw(config: PlotChart, palette: Palette, describe: (at: number, index: number) => string): void {
    this.#describe = describe;
    const before = this.#drawn?.config.type;
    this.#drawn = { config, palette };
    const tooltip = {
      backgroundColor: palette.background,
      borderColor: palette.muted,
      borderWidth: 1,
      titleColor: palette.foreground,
      bodyColor: palette.foreground,
      bodyFont: { ...palette.font },
      displayColors: false,
      callbacks: {
        title: () => '',
        label: ({ datasetIndex, dataIndex }: { datasetIndex: number; dataIndex: number }) =>
          this.#describe(datasetIndex, dataIndex),
      },
    };
    const options = { ...config.options, plugins: { ...config.options?.plugins, tooltip } };
    // One chart holds one type for life; the union of ours is one of Chart.js's own.
    const whole = { ...config, options } as ChartConfiguration;
    if (this.#chart && before === config.type) {
      this.#chart.data = whole.data;
      this.#chart.options = whole.options ?? {};
      this.#chart.update('none');
      return;
    }
    this.#chart?.destroy();
    this.#chart = new Chart(this.canvas, whole);
  }

  clear(): void {
    this.#chart?.destroy();
    this.#chart = null;
    this.#drawn = null;
  }

  /** Where the points of each dataset stand on the axis; a bar stands at its number. */
  get places(): readonly (readonly number[])[] {
    const config = this.#drawn?.config;
    if (!config) return [];
    return config.type === 'line'
      ? config.data.datasets.map((dataset) => dataset.data.map(({ x }) => x))
      : config.data.datasets.map((dataset) => dataset.data.map((_, at) => at + 1));
  }

  /** Marks one point and opens its tooltip, or takes the mark away. */
  activate(point: ActivePoint | null): void {
    const chart = this.#chart;
    if (!chart) return;
    const active = point ? [{ datasetIndex: point.dataset, index: point.index }] : [];
    const mark = point && chart.getDatasetMeta(point.dataset).data[point.index];
    chart.setActiveElements(active);
    chart.tooltip?.setActiveElements(active, { x: mark?.x ?? 0, y: mark?.y ?? 0 });
    chart.update('none');
  }

  /** The picture, what it is and its legend as PNG over the theme's background, base64. */
  png(heading: readonly string[]): string {
    if (!this.#drawn) return '';
    const { config, palette } = this.#drawn;
    const whole = withLegend(this.canvas, legendOf(config), heading, palette);
    return whole.toDataURL('image/png').replace(/^[^,]*,/, '');
  }
}
