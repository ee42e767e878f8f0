import type { RunAnalysis } from '../src/core/analysis.ts';
import { verdictOf as judge } from '../src/core/advise/verdict.ts';
import { acceleratorById } from '../src/core/hardware/registry.ts';
import { lawsInForce } from '../src/core/laws/calibration.ts';
import type { Forecast, Law } from '../src/core/laws/law.ts';
import { fineTuneSummary } from '../src/core/present/fineTune.ts';
import { formatName } from '../src/core/present/formats.ts';
import { supportWords } from '../src/core/present/lawsTable.ts';
import { verdictParts } from '../src/core/present/verdict.ts';
import { count } from '../src/core/present/numbers.ts';
import { lawLabel } from '../src/core/present/words.ts';
import type { Place } from '../src/core/syntax/tree.ts';
import type { Settable, Snapshot } from '../src/protocol/messages.ts';
import { dropdown } from './controls.ts';
import { element, setText } from './dom.ts';
import { markOf, type Explored, type Mark, type Quantity } from './explored.ts';
import { speakerOf } from './plots/plot.ts';

/** What is known of the run in view, ready to be shown. */
interface HeaderContent {
  readonly snapshot: Snapshot;
  readonly run: RunAnalysis;
  readonly runIndex: number;
  readonly pinned: boolean;
  readonly law: Law;
  readonly explored: Explored | null;
}

export interface Header {
  readonly element: HTMLElement;
  /** How far the law can be leant on: stands below the pictures, which answer first. */
  readonly aside: HTMLElement;
  readonly show: (content: HeaderContent) => void;
}

/** The config's name, what the run is, and what the law says of it as the sliders have it. */
export function header(events: {
  readonly run: (index: number) => void;
  readonly reveal: (place: Place) => void;
  readonly set: (what: Settable) => void;
  readonly pin: (pinned: boolean) => void;
}): Header {
  const name = element('h1');
  const pinTitle = 'Stay with this config while others are edited';
  const pin = element('button', { class: 'chip', type: 'button', title: pinTitle }, 'Pin');
  pin.addEventListener('click', () => events.pin(pin.getAttribute('aria-pressed') !== 'true'));
  const runs = dropdown('Run', (id) => events.run(Number(id)));
  const chips = element('ul', { class: 'chips', 'aria-label': 'The run' });
  const verdict = element('p', { class: 'verdict' });
  const caveats = element('summary');
  const notes = element('ul');
  const aside = element('details', { class: 'aside' }, caveats, notes);
  return {
    element: element(
      'header',
      {},
      element(
        'div',
        { class: 'title' },
        name,
        element('div', { class: 'pair' }, runs.element, pin),
      ),
      ...[chips, verdict],
    ),
    aside,
    show(content) {
      const { snapshot, run, explored, law, runIndex, pinned } = content;
      pin.setAttribute('aria-pressed', String(pinned));
      setText(name, snapshot.name);
      const all = snapshot.analysis.runs;
      runs.element.hidden = all.length < 2;
      runs.set(
        all.map((each, at) => ({ id: String(at), name: runName(each, at) })),
        String(runIndex),
      );
      chips.replaceChildren(...chipsOf(content).map((chip) => chipElement(chip, events)));
      const forecast = explored && law.forecast(explored.point);
      const unforecast = run.run.role === 'finetune' ? fineTuneSummary(run) : '';
      setText(verdict, forecast ? verdictOf(run, explored, law, forecast) : unforecast);
      verdict.classList.toggle('critical', (forecast?.ratio ?? 0) > 1);
      aside.hidden = !forecast || forecast.notes.length === 0;
      if (!forecast) return;
      setText(caveats, caveatOf(forecast));
      notes.replaceChildren(...forecast.notes.map((note) => element('li', {}, note)));
    },
  };
}

interface Chip {
  readonly label: string;
  readonly text: string;
  readonly mark: Mark | null;
  /** What a click does: shows where the file says it, asks for another one, or nothing. */
  readonly leadsTo: Place | Settable | null;
}

function chipsOf({ run, law, explored }: HeaderContent): readonly Chip[] {
  const { anchors } = run.run;
  const hardware = run.hardware === null ? 'not set' : acceleratorById(run.hardware)?.name;
  const speaker = explored ? speakerOf(law, explored.point) : { law: law.id, calibration: null };
  const settings: readonly Chip[] = [
    { label: 'Law', text: lawLabel(speaker), mark: null, leadsTo: 'law' },
    {
      label: 'Hardware',
      text: hardware ?? run.hardware ?? '',
      mark: null,
      // Where the config names it itself that place is shown.
      leadsTo: run.hardwarePlace ?? 'hardware',
    },
  ];
  // No law is asked of a run that none covers.
  if (!explored) return settings.slice(1);
  const { point } = explored;
  const chip = (label: string, text: string, what: Quantity, place: Place | null): Chip => {
    const mark = markOf(explored, what);
    const settable = what === 'tokens' && mark === 'placeholder' && canBeSet(run);
    return { label, text, mark, leadsTo: settable ? what : mark === null ? place : null };
  };
  return [
    chip('N', `${count(point.parameters)} linear`, 'parameters', anchors.parameters),
    chip('D', `${count(point.tokens)} tokens`, 'tokens', anchors.tokens),
    chip('Format', formatName(point), 'format', anchors.precision),
    ...settings,
  ];
}

/** Whether an assumption would settle how many tokens the run sees. */
function canBeSet({ run }: RunAnalysis): boolean {
  return run.tokens.settledBy.length > 0;
}

function chipElement(
  { label, text, mark, leadsTo }: Chip,
  { reveal, set }: { reveal: (place: Place) => void; set: (what: Settable) => void },
) {
  const words = [
    element('span', { class: 'chip-label' }, label),
    ' ',
    text,
    ...(mark === null ? [] : [element('span', { class: 'yours' }, ` (${mark})`)]),
    ...(leadsTo === 'tokens' ? [' ', element('span', { class: 'deed' }, 'Set it…')] : []),
  ];
  if (!leadsTo) return element('li', {}, element('span', { class: 'chip' }, ...words));
  const asks = typeof leadsTo === 'string';
  const title = asks ? 'Choose another' : 'Show in the file';
  const link = element('button', { class: 'chip', type: 'button', title }, ...words);
  link.addEventListener('click', () => (asks ? set(leadsTo) : reveal(leadsTo)));
  return element('li', {}, link);
}

/** The lens's words for the run as the sliders have it, and the mark itself. */
function verdictOf(run: RunAnalysis, explored: Explored, law: Law, forecast: Forecast): string {
  const { point } = explored;
  const critical = forecast.criticalTokens;
  const mark = markOf(explored, 'tokens');
  const forecasts = lawsInForce(run.calibration).map((each) => each.forecast(point));
  const verdict = judge(point, forecasts, law, run.verdict?.chance?.target ?? 0);
  return [
    ...verdictParts({ point, forecast, forecasts, verdict }),
    ...(critical === null ? [] : [`D_crit ${count(critical)} tokens`]),
    ...(mark === null ? [] : [`at ${count(point.tokens)} tokens (${mark})`]),
  ].join(' · ');
}

function caveatOf(forecast: Forecast): string {
  const support = supportWords(forecast);
  return support === null ? 'Why there is no number' : `How far to lean on it: ${support}`;
}

function runName(run: RunAnalysis, at: number): string {
  const name = run.definition?.name ?? run.run.model?.value;
  return `${at + 1}: ${name ?? run.frameworkName}`;
}
