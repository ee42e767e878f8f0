import { ChartCanvas, type ActivePoint } from './chart.ts';
import { button, dropdown, textField } from './controls.ts';
import { toBase64, toCsv } from './csv.ts';
import { element, setText, uniqueId } from './dom.ts';
import { fillLegend, legendOf } from './legend.ts';
import type { Palette, Plot, PlotView, Range, Table } from './plots/plot.ts';
import { count } from '../src/core/present/numbers.ts';
import { parseCount } from '../src/core/run/units.ts';
import type { SavedMime } from '../src/protocol/messages.ts';

/** What a person does with a plot. */
export interface FigureEvents {
  variant(id: string): void;
  /** Null asks for the range that the plot chooses. */
  range(range: Range | null): void;
  save(ending: string, mime: SavedMime, base64: string): void;
}

export interface Figure {
  readonly element: HTMLElement;
  show(view: PlotView, variant: string, palette: Palette): void;
  /** Frees the chart of a figure that is no longer in view. */
  hide(): void;
}

/** Builds one plot's figure: choices, picture, words, table and exports. */
export function figureOf(plot: Plot, events: FigureEvents): Figure {
  const helpId = uniqueId('help');
  const canvas = element('canvas', {
    role: 'img',
    tabindex: '0',
    'aria-describedby': helpId,
  });
  const chart = new ChartCanvas(canvas);
  const frame = element('div', { class: 'canvas' }, canvas);
  const legend = element('ul', { class: 'legend', 'aria-label': 'Legend' });
  const empty = element('p', { class: 'empty' });
  const spoken = element('p', { class: 'spoken', 'aria-live': 'polite' });
  const caption = element('figcaption');
  const help = element(
    'p',
    { class: 'help', id: helpId },
    'With the picture in focus, the arrow keys move along a curve and between curves; Escape leaves.',
  );
  const table = element('table');
  const scroller = element(
    'div',
    { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': `${plot.title}, table` },
    table,
  );
  const details = element('details', {}, element('summary', {}, 'Numbers as a table'), scroller);

  let view: PlotView | null = null;
  let active: ActivePoint | null = null;

  const variant = dropdown(plot.variantLabel, (id) => events.variant(id));
  const bound = (end: 0 | 1, label: string) =>
    textField(`${label} of the horizontal axis`, (text) => {
      const value = parseCount(text);
      if (value === null || !view?.range) return 'Not a number above zero.';
      const range: Range = end === 0 ? [value, view.range[1]] : [view.range[0], value];
      if (range[0] * 1.5 > range[1]) return 'The axis must run from less to more.';
      events.range(range);
      return null;
    });
  const from = bound(0, 'Start');
  const to = bound(1, 'End');
  const whole = button('Whole range', 'secondary', () => events.range(null));
  const words = (text: string) => element('span', { class: 'label', 'aria-hidden': 'true' }, text);
  const axis = element(
    'div',
    { class: 'axis' },
    ...[words('From'), from.element, words('to'), to.element, whole.element],
  );
  const png = button('Save PNG', 'secondary', () => events.save('png', 'image/png', chart.png()));
  const csv = button('Save CSV', 'secondary', () => {
    if (view) events.save('csv', 'text/csv', toBase64(toCsv(view.table)));
  });
  const exports = element('div', { class: 'exports' }, png.element, csv.element);

  const activate = (point: ActivePoint | null): void => {
    active = point;
    chart.activate(point);
    setText(spoken, point && view ? view.describe(point.dataset, point.index) : '');
  };
  canvas.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const moved = event.key === 'Escape' ? null : move(active, event.key, chart.lengths);
    if (moved === undefined) return;
    event.preventDefault();
    activate(moved);
  });
  canvas.addEventListener('blur', () => {
    if (active) activate(null);
  });

  return {
    element: element(
      'figure',
      {},
      element('div', { class: 'toolbar' }, variant.element, axis, exports),
      ...[frame, legend, empty, spoken, caption, help, details],
    ),
    show(shown, variantId, palette) {
      view = shown;
      variant.set(plot.variants, variantId);
      axis.hidden = shown.range === null;
      from.set(shown.range ? count(shown.range[0]) : '');
      to.set(shown.range ? count(shown.range[1]) : '');
      const drawn = shown.chart !== null;
      for (const part of [frame, legend, help, details, exports]) part.hidden = !drawn;
      setText(empty, drawn ? '' : shown.summary);
      setText(caption, shown.caption);
      canvas.setAttribute('aria-label', shown.summary);
      if (!shown.chart) {
        chart.clear();
        return;
      }
      // By the object model, which the content policy allows; a style attribute it would not.
      frame.style.height = shown.height === null ? '' : `${shown.height}px`;
      chart.draw(shown.chart, palette, (dataset, index) => shown.describe(dataset, index));
      fillLegend(legend, legendOf(shown.chart));
      fillTable(table, shown.table);
      const point = active;
      if (point) activate(point.index < (chart.lengths[point.dataset] ?? 0) ? point : null);
    },
    hide() {
      active = null;
      setText(spoken, '');
      chart.clear();
    },
  };
}

/**
 * Where an arrow key leads from a point: left and right along a dataset, up and down between
 * datasets, or along it where there is but one. Undefined for a key that means nothing here.
 */
export function move(
  from: ActivePoint | null,
  key: string,
  lengths: readonly number[],
): ActivePoint | undefined {
  const step = steps[key];
  const first = lengths.findIndex((length) => length > 0);
  if (!step || first < 0) return undefined;
  if (!from) return { dataset: first, index: 0 };
  const along = step.along + (lengths.length === 1 ? step.between : 0);
  const last = (lengths[from.dataset] ?? 1) - 1;
  if (lengths.length > 1 && step.between !== 0) {
    const dataset = (from.dataset + step.between + lengths.length) % lengths.length;
    // Curves are sampled alike, so the same share of the way is about the same place on the axis.
    const other = (lengths[dataset] ?? 1) - 1;
    return { dataset, index: last > 0 ? Math.round((from.index / last) * other) : 0 };
  }
  return { dataset: from.dataset, index: Math.min(last, Math.max(0, from.index + along)) };
}

const steps: Readonly<Record<string, { readonly along: number; readonly between: number }>> = {
  ArrowLeft: { along: -1, between: 0 },
  ArrowRight: { along: 1, between: 0 },
  ArrowUp: { along: 0, between: -1 },
  ArrowDown: { along: 0, between: 1 },
  PageUp: { along: -10, between: 0 },
  PageDown: { along: 10, between: 0 },
  Home: { along: -Infinity, between: 0 },
  End: { along: Infinity, between: 0 },
};

function fillTable(table: HTMLTableElement, { columns, rows }: Table): void {
  table.replaceChildren(
    element(
      'thead',
      {},
      element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column))),
    ),
    element(
      'tbody',
      {},
      ...rows.map((row) =>
        element(
          'tr',
          {},
          ...row.map((each, at) =>
            at === 0
              ? element('th', { scope: 'row' }, each.text)
              : element('td', { class: typeof each.value === 'string' ? 'words' : '' }, each.text),
          ),
        ),
      ),
    ),
  );
}
