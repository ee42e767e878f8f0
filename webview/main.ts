import { checkToPanel } from '../src/protocol/check.ts';
import type { Snapshot } from '../src/protocol/messages.ts';
import { initialState, restoreState, type ViewState } from '../src/protocol/state.ts';
import { registerControls } from './controls.ts';
import { explore, targetOf } from './explored.ts';
import { connectHost, listenToHost } from './host.ts';
import type { Range } from './plots/plot.ts';
import { received, runOf, withOverrides, withRun, type PanelState } from './state.ts';
import { readPalette, watchTheme } from './theme.ts';
import { buildView, rangeKey, variantOf } from './view.ts';

const host = connectHost();
const kept = host.load();
/** A page keeps nothing until it was shown. */
const isShownAgain = kept !== undefined && kept !== null;
let state: PanelState = {
  snapshot: null,
  gone: false,
  view: restoreState(kept),
};
let palette = readPalette();
let lastRequest = 0;
let drawAsked = false;
/** Whether the controls work: they wait for the first picture. */
let awake: 'no' | 'soon' | 'yes' = 'no';
/** What each unanswered request is about, in the words of its answer. */
const pending = new Map<number, string>();

function request(done: string): number {
  lastRequest += 1;
  pending.set(lastRequest, done);
  return lastRequest;
}

/** Takes a new state and draws it in the next frame; nothing is drawn while the panel is hidden. */
function become(next: PanelState): void {
  if (next.view !== state.view) host.store(next.view);
  state = next;
  draw();
}

function draw(): void {
  if (drawAsked || document.hidden) return;
  drawAsked = true;
  requestAnimationFrame(() => {
    drawAsked = false;
    // A second picture may set other values, which take the controls themselves.
    if (awake === 'soon') wake();
    view.show(state, palette);
    if (awake !== 'no' || !state.snapshot) return;
    awake = 'soon';
    // After the frame is painted.
    setTimeout(wake);
  });
}

function wake(): void {
  if (awake === 'yes') return;
  awake = 'yes';
  registerControls();
}

function look(change: Partial<ViewState>): void {
  become({ ...state, view: { ...state.view, ...change } });
}

function ranged(key: string, range: Range | null): ViewState['ranges'] {
  const others = Object.entries(state.view.ranges).filter(([other]) => other !== key);
  return Object.fromEntries(range ? [...others, [key, range] as const] : others);
}

const root = document.querySelector('main');
if (!root) throw new Error('The page has no <main> to draw in.');
const view = buildView(root, {
  run: (index) => become(withRun(state, index)),
  reveal: (place) => host.post({ type: 'reveal', place }),
  pin(pinned) {
    look({ pinned });
    host.post({ type: 'pin', pinned });
  },
  set: (what) => host.post({ type: 'set', what, runIndex: state.view.runIndex }),
  plot: (plot) => look({ plot }),
  variant: (plot, id) => look({ variants: { ...state.view.variants, [plot.id]: id } }),
  range: (plot, range) => look({ ranges: ranged(rangeKey(plot, variantOf(plot, state)), range) }),
  move: (overrides) => become(withOverrides(state, overrides)),
  reset: () => look({ overrides: initialState.overrides }),
  apply() {
    const { snapshot } = state;
    const run = runOf(state);
    const explored = run && explore(run, state.view.overrides);
    if (!snapshot || !explored) return;
    const { uri, version } = snapshot;
    const target = targetOf(explored.point);
    const requestId = request('Written into the file.');
    host.post({
      type: 'apply',
      requestId,
      uri,
      version,
      runIndex: state.view.runIndex,
      target,
    });
  },
  measure: () =>
    host.post({
      type: 'measure',
      requestId: request('Read the losses.'),
      runIndex: state.view.runIndex,
    }),
  save(plot, ending, mime, base64) {
    const stem = (state.snapshot?.name ?? '').replace(/[^\w.-]+/g, '-').replace(/^[^\w]+/, '');
    const name = `${stem.slice(0, 60) || 'run'}-${plot.id}.${ending}`;
    host.post({ type: 'save', requestId: request(`Saved ${name}.`), name, mime, base64 });
  },
});

listenToHost((message) => {
  if (message.type !== 'answer') {
    become(received(state, message));
    return;
  }
  const done = pending.get(message.requestId);
  if (done === undefined) return;
  pending.delete(message.requestId);
  view.say(message.ok ? (message.message ?? done) : (message.message ?? 'That did not work.'));
});
watchTheme(() => {
  palette = readPalette();
  draw();
});
document.addEventListener('visibilitychange', draw);

const first = broughtAlong();
if (first) become(received(state, first));
else draw();
host.post({
  type: 'ready',
  state: state.view,
  ...(first && { version: first.version }),
});

/** The snapshot in the page; a page that is shown again may have an old one, and asks instead. */
function broughtAlong(): Snapshot | null {
  const text = isShownAgain ? null : document.getElementById('first')?.textContent;
  const message = text ? checkToPanel(JSON.parse(text)) : null;
  return message?.type === 'snapshot' ? message : null;
}
