import { drawPoint } from 'chart.js/helpers';
import type { PointStyle } from 'chart.js';
import { element } from './dom.ts';
import { drawHeading, headingOf } from './heading.ts';
import type { Palette, PlotChart } from './plots/plot.ts';

/** How one dataset looks: enough to draw a short piece of it. */
export interface LegendItem {
  readonly name: string;
  readonly color: string;
  readonly fill: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly line: boolean;
  readonly marker: PointStyle | null;
}

const swatch = { width: 34, height: 14 } as const;

/** The legend of a chart of curves; bars need none, their labels stand beside them. */
export function legendOf(chart: PlotChart): readonly LegendItem[] {
  if (chart.type !== 'line') return [];
  return chart.data.datasets.map((dataset): LegendItem => {
    const line = dataset.showLine !== false;
    const { label, borderColor, backgroundColor, borderWidth, borderDash, pointStyle } = dataset;
    return {
      name: label ?? '',
      color: textOf(borderColor),
      fill: textOf(backgroundColor),
      width: typeof borderWidth === 'number' ? borderWidth : 2,
      dash: numbersOf(borderDash),
      line,
      marker: typeof pointStyle === 'string' && pointStyle !== 'line' ? pointStyle : null,
    };
  });
}

function numbersOf(dash: unknown): readonly number[] {
  return Array.isArray(dash) ? dash.filter((each) => typeof each === 'number') : [];
}

function textOf(color: unknown): string {
  return typeof color === 'string' ? color : '';
}

/** Puts the legend into a list of the page, so that it can be read and wraps with the panel. */
export function fillLegend(list: HTMLUListElement, items: readonly LegendItem[]): void {
  list.replaceChildren(
    ...items.map((item) => {
      const scale = Math.max(1, window.devicePixelRatio);
      const canvas = element('canvas', {
        'aria-hidden': 'true',
        width: String(Math.round(swatch.width * scale)),
        height: String(Math.round(swatch.height * scale)),
      });
      const context = canvas.getContext('2d');
      context?.scale(scale, scale);
      if (context) drawSwatch(context, item);
      return element('li', {}, canvas, item.name);
    }),
  );
}

/** Where each item of a legend stands when it is drawn in rows of at most `width` pixels. */
function placesOf(
  context: CanvasRenderingContext2D,
  items: readonly LegendItem[],
  width: number,
): { places: readonly { x: number; y: number }[]; height: number } {
  const row = 20;
  let x = 0;
  let y = 0;
  const places = items.map(({ name }) => {
    const own = swatch.width + 6 + context.measureText(name).width + 16;
    if (x > 0 && x + own > width) {
      x = 0;
      y += row;
    }
    const place = { x, y };
    x += own;
    return place;
  });
  return { places, height: items.length > 0 ? y + row : 0 };
}

/** A copy of a chart's canvas over the theme's background, its legend under it, what it is above. */
export function withLegend(
  picture: HTMLCanvasElement,
  items: readonly LegendItem[],
  sentences: readonly string[],
  palette: Palette,
): HTMLCanvasElement {
  const { background, foreground, font } = palette;
  const scale = picture.width / Math.max(1, picture.clientWidth);
  const copy = document.createElement('canvas');
  const context = copy.getContext('2d');
  if (!context) return picture;
  const text = `${font.size}px ${font.family}`;
  const margin = 12;
  context.font = text;
  const width = picture.clientWidth - 2 * margin;
  const { places, height } = placesOf(context, items, width);
  const heading = headingOf(context, sentences, width);
  const top = heading.height + margin;
  copy.width = picture.width;
  copy.height = picture.height + Math.ceil((top + height + margin) * scale);
  context.fillStyle = background;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(picture, 0, Math.round(top * scale));
  context.scale(scale, scale);
  context.translate(margin, margin / 2);
  drawHeading(context, heading, palette);
  context.font = text;
  context.translate(0, top + picture.height / scale);
  context.textBaseline = 'middle';
  items.forEach((item, at) => {
    const { x, y } = places[at] ?? { x: 0, y: 0 };
    context.save();
    context.translate(x, y);
    drawSwatch(context, item);
    context.fillStyle = foreground;
    context.fillText(item.name, swatch.width + 6, swatch.height / 2);
    context.restore();
  });
  return copy;
}

function drawSwatch(context: CanvasRenderingContext2D, item: LegendItem): void {
  const middle = swatch.height / 2;
  context.strokeStyle = item.color;
  context.fillStyle = item.fill;
  context.lineWidth = item.width;
  if (item.line) {
    context.setLineDash([...item.dash]);
    context.beginPath();
    context.moveTo(1, middle);
    context.lineTo(swatch.width - 1, middle);
    context.stroke();
    context.setLineDash([]);
  }
  if (item.marker !== null) {
    const mark = { pointStyle: item.marker, radius: item.line ? 4 : 5, borderWidth: item.width };
    drawPoint(context, mark, swatch.width / 2, middle);
  }
}
