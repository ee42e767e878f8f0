import { acceleratorById } from '../src/core/hardware/registry.ts';
import type { Law } from '../src/core/laws/law.ts';
import { lawInForce, lawsInForce } from '../src/core/laws/calibration.ts';
import { defaultLaw } from '../src/core/laws/registry.ts';
import type { RunAnalysis } from '../src/core/analysis.ts';
import { formatName } from '../src/core/present/formats.ts';
import { count } from '../src/core/present/numbers.ts';
import { visible } from '../src/core/present/plain.ts';
import { lawLabel } from '../src/core/present/words.ts';
import { needWords } from '../src/core/present/needs.ts';
import type { SavedMime, Settable, Snapshot } from '../src/protocol/messages.ts';
import type { Place } from '../src/core/syntax/tree.ts';
import { tabs } from './controls.ts';
import { element, setText } from './dom.ts';
import { explore, markOf, whyNotApply, type Explored, type Quantity } from './explored.ts';
import { figureOf, type Figure } from './figure.ts';
import { header } from './header.ts';
import { openingOf } from './question.ts';
import { memorySection } from './memory.ts';
import { speakerOf, type Palette, type Plot, type PlotInput, type Range } from './plots/plot.ts';
import { plots } from './plots/registry.ts';
import { sliders, type SliderEvents } from './sliders.ts';
import { runOf, type PanelState } from './state.ts';

/** Everything a person can do in the panel. */
export interface ViewEvents extends SliderEvents {
  run(index: number): void;
  reveal(place: Place): void;
  pin(pinned: boolean): void;
  /** Asks for what the file leaves open, or for another law or accelerator. */
  set(what: Settable): void;
  plot(id: string): void;
  variant(plot: Plot, id: string): void;
  range(plot: Plot, range: Range | null): void;
  save(plot: Plot, ending: string, mime: SavedMime, base64: string): void;
  /** Asks for the run's own losses. */
  measure(): void;
}

export interface View {
  show(state: PanelState, palette: Palette): void;
  /** Says how something ended, in one sentence. */
  say(sentence: string): void;
}

/** From which width on the controls stand beside the picture; the styles say the same. */
const wide = '(min-width: 960px)';

/** Builds the page once, into `root`; `show` then only changes what differs. */
export function buildView(root: HTMLElement, events: ViewEvents): View {
  const head = header(events);
  const notice = element('div', { class: 'notice', role: 'status' });
  const controls = sliders(events);
  const figures = new Map<Plot, Figure>();
  const shelf = tabs(
    'Plots',
    plots.map(({ id, title }) => ({ id, name: title })),
    (id) => events.plot(id),
  );
  const spoken = element('p', { class: 'said', role: 'status' });
  // The picture first: beside it the controls where there is room, else folded below it.
  const trying = element(
    'details',
    { class: 'trying' },
    element('summary', {}, 'Try other numbers'),
    controls.element,
  );
  const room = matchMedia(wide);
  const unfold = () => (trying.open = room.matches);
  room.addEventListener('change', unfold);
  unfold();
  const body = element('div', { class: 'body' }, shelf.element, trying);
  const memory = memorySection();
  root.replaceChildren(head.element, notice, body, memory.element, head.aside, spoken);
  let openPlot: Plot | null = null;

  /** A plot's figure, made when it is first looked at: the first picture waits for no other. */
  function figureFor(plot: Plot): Figure {
    const known = figures.get(plot);
    if (known) return known;
    const figure = figureOf(plot, {
      variant: (id) => events.variant(plot, id),
      range: (range) => events.range(plot, range),
      save: (ending, mime, base64) => events.save(plot, ending, mime, base64),
      say: (sentence) => setText(spoken, sentence),
      load: () => events.measure(),
    });
    figures.set(plot, figure);
    shelf.fill(plot.id, figure.element);
    return figure;
  }

  return {
    show(state, palette) {
      const { snapshot } = state;
      const run = runOf(state);
      const explored = run && explore(run, state.view.overrides);
      head.element.hidden = !snapshot || !run;
      body.hidden = !explored;
      memory.element.hidden = !run;
      showNotices(notice, noticesOf(state, run, explored));
      if (!snapshot || !run) return;
      const law = lawOf(run, snapshot);
      const { runIndex, pinned } = state.view;
      head.show({ snapshot, run, runIndex, pinned, law, explored });
      memory.show(run, !explored);
      if (!explored) return;
      const moved = Object.keys(state.view.overrides).length > 0;
      controls.show(explored, state.gone ? closed : whyNotApply(run, explored), moved);
      const open =
        plots.find(({ id }) => id === state.view.plot) ??
        plots.find(({ id }) => id === openingOf(state).plot) ??
        plots[0];
      if (openPlot && openPlot !== open) figureFor(openPlot).hide();
      openPlot = open;
      const figure = figureFor(open);
      shelf.show(open.id);
      const variant = variantOf(open, state);
      const input = {
        explored,
        law,
        laws: lawsInForce(run.calibration),
        accelerator: run.hardware === null ? null : (acceleratorById(run.hardware) ?? null),
        gapTarget: snapshot.settings.gapTarget,
        pricePerHour: snapshot.settings.pricePerHour,
        measured: snapshot.measured,
        name: snapshot.name,
        compared: snapshot.compared,
        variant,
        range: state.view.ranges[rangeKey(open, variant)] ?? null,
        palette,
      };
      figure.show(open.config(input), variant, palette, aboutPicture(open, input));
    },
    say: (sentence) => setText(spoken, sentence),
  };
}

/** The variant of a plot: as chosen, else the one that answers the run's question, else its first. */
export function variantOf(plot: Plot, state: PanelState): string {
  const opening = openingOf(state);
  const asked = opening.plot === plot.id ? opening.variant : undefined;
  const chosen = state.view.variants[plot.id] ?? asked;
  const known = plot.variants.find((variant) => variant.id === chosen) ?? plot.variants[0];
  return known?.id ?? '';
}

/** What stands above an exported picture: the plot, the run, and whose numbers they are. */
function aboutPicture(
  plot: Plot,
  { explored, law, name, variant, accelerator }: PlotInput,
): readonly string[] {
  const { point } = explored;
  const shown = plot.variants.find(({ id }) => id === variant)?.name;
  const marked = (words: string, what: Quantity) => {
    const mark = markOf(explored, what);
    return mark === null ? words : `${words} (${mark})`;
  };
  return [
    shown === undefined ? plot.title : `${plot.title}: ${shown}`,
    [
      name,
      marked(`N ${count(point.parameters)} linear`, 'parameters'),
      marked(`D ${count(point.tokens)} tokens`, 'tokens'),
      marked(formatName(point), 'format'),
    ].join(' · '),
    [
      `${lawLabel(speakerOf(law, point))} law`,
      ...(accelerator ? [accelerator.name] : []),
      'Floatcast',
    ].join(' · '),
  ].map(visible);
}

/** Under which key the range of a plot's variant is remembered: their axes differ. */
export function rangeKey(plot: Plot, variant: string): string {
  return `${plot.id}/${variant}`;
}

const closed = 'The file is closed.';
const quantities: Readonly<Record<Quantity, string>> = {
  parameters: 'parameters N',
  tokens: 'tokens D',
  format: 'a number format',
};

/** The law in force: a line in the file may name another one than the setting. */
function lawOf(run: RunAnalysis, snapshot: Snapshot): Law {
  const id = run.forecast?.law ?? snapshot.settings.law;
  return lawInForce(id, run.calibration) ?? defaultLaw;
}

/** What stands between the file and its forecast, each a sentence. */
function noticesOf(
  { snapshot, gone }: PanelState,
  run: RunAnalysis | null,
  explored: Explored | null,
): readonly string[] {
  if (!snapshot) {
    return [
      gone
        ? 'The file is closed, or it describes no training run.'
        : 'Waiting for the analysis of a training config.',
    ];
  }
  const { analysis, name } = snapshot;
  const last = `${name} is closed or describes no run any more; this is the last that was read of it.`;
  const sentences = gone ? [last] : [];
  sentences.push(...analysis.notices.map((each) => each.message));
  if (!run) {
    return [...sentences, `${name} describes no training run.`, ...analysis.explanation];
  }
  if (!explored || explored.missing.length > 0)
    sentences.push(...run.needs.map((need) => asSentence(needWords(need))));
  if (explored && explored.missing.length > 0) {
    const absent = explored.missing.map((what) => quantities[what]).join(' and ');
    sentences.push(
      `The file does not settle ${absent}: the plots stand at a placeholder, marked so, which the ` +
        'sliders move.',
    );
  }
  return sentences;
}

function asSentence(need: string): string {
  const text = need.charAt(0).toUpperCase() + need.slice(1);
  return text.endsWith('.') ? text : `${text}.`;
}

function showNotices(box: HTMLElement, sentences: readonly string[]): void {
  box.hidden = sentences.length === 0;
  if (box.textContent === sentences.map(visible).join('')) return;
  box.replaceChildren(...sentences.map((sentence) => element('p', {}, sentence)));
}
