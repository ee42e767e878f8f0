import { count } from '../src/core/present/numbers.ts';
import { parseCount } from '../src/core/run/units.ts';
import type { SavedMime } from '../src/protocol/messages.ts';
import { ChartCanvas } from './chart.ts';
import { button, dropdown, textField } from './controls.ts';
import { copyPng } from './clipboard.ts';
import { toBase64, toCsv } from './csv.ts';
import { element, setText, uniqueId } from './dom.ts';
import { move, type ActivePoint } from './keyboard.ts';
import { fillLegend, legendOf } from './legend.ts';
import type { Palette, Plot, PlotView, Range, Table } from './plots/plot.ts';

/** What a person does with a plot. */
export interface FigureEvents {
  variant(id: string): void;
  /** Null asks for the range that the plot chooses. */
  range(range: Range | null): void;
  save(ending: string, mime: SavedMime, base64: string): void;
  /** Says how something ended that the panel did by itself. */
  say(sentence: string): void;
  /** Asks for the data that the plot is drawn over. */
  load(): void;
}

export interface Figure {
  readonly element: HTMLElement;
  /** `heading` says of an exported picture what it shows, sentence by sentence. */
  show(view: PlotView, variant: string, palette: Palette, heading: readonly string[]): void;
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
  const headline = element('p', { class: 'headline' });
  const frame = element('div', { class: 'canvas' }, canvas);
  const legend = element('ul', { class: 'legend', 'aria-label': 'Legend' });
  const empty = element('p', { class: 'empty' });
  const spoken = element('p', { class: 'spoken', 'aria-live': 'polite' });
  const caption = element('figcaption');
  const asides = element('ul', { class: 'asides' });
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
  let about: readonly string[] = [];

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
  const png = button('Save PNG', 'secondary', () =>
    events.save('png', 'image/png', chart.png(about)),
  );
  const copy = button('Copy PNG', 'secondary', () => {
    void copyPng(chart.png(about)).then((sentence) => events.say(sentence));
  });
  const csv = button('Save CSV', 'secondary', () => {
    if (view) events.save('csv', 'text/csv', toBase64(toCsv(view.table)));
  });
  const exports = element('div', { class: 'exports' }, copy.element, png.element, csv.element);
  const load =
    plot.load === undefined ? [] : [button(plot.load, 'secondary', () => events.load()).element];

  const activate = (point: ActivePoint | null): void => {
    active = point;
    chart.activate(point);
    setText(spoken, point && view ? view.describe(point.dataset, point.index) : '');
  };
  canvas.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const moved = event.key === 'Escape' ? null : move(active, event.key, chart.places);
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
      element('div', { class: 'toolbar' }, variant.element, ...load),
      ...[headline, frame, legend, empty, spoken],
      element('div', { class: 'toolbar' }, axis, exports),
      ...[caption, asides, help, details],
    ),
    show(shown, variantId, palette, heading) {
      view = shown;
      about = heading;
      variant.set(plot.variants, variantId);
      axis.hidden = shown.range === null;
      from.set(shown.range ? count(shown.range[0]) : '');
      to.set(shown.range ? count(shown.range[1]) : '');
      const drawn = shown.chart !== null;
      for (const part of [frame, legend, help, details, exports]) part.hidden = !drawn;
      setText(empty, drawn ? '' : shown.summary);
      headline.hidden = shown.headline === null;
      setText(headline, shown.headline ?? '');
      setText(caption, shown.caption);
      asides.hidden = shown.asides.length === 0;
      asides.replaceChildren(...shown.asides.map((sentence) => element('li', {}, sentence)));
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
      if (point) activate(chart.places[point.dataset]?.[point.index] === undefined ? null : point);
    },
    hide() {
      active = null;
      setText(spoken, '');
      chart.clear();
    },
  };
}

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
