import type { RunAnalysis } from '../src/core/analysis.ts';
import type { Snapshot, ToPanel } from '../src/protocol/messages.ts';
import type { Overrides, ViewState } from '../src/protocol/state.ts';
import { pruneOverrides } from './explored.ts';

/** Everything the panel shows: the host's last word, and the person's own view of it. */
export interface PanelState {
  readonly snapshot: Snapshot | null;
  /** Whether the document was closed or deleted since. */
  readonly gone: boolean;
  readonly view: ViewState;
}

/** The run in view, or null while there is none. */
export function runOf({ snapshot, view }: PanelState): RunAnalysis | null {
  return snapshot?.analysis.runs[view.runIndex] ?? null;
}

/** Takes in a snapshot or the end of a document; a stale or foreign one changes nothing. */
export function received(
  state: PanelState,
  message: Exclude<ToPanel, { readonly type: 'answer' }>,
): PanelState {
  const { snapshot, view } = state;
  if (message.type === 'gone') {
    return snapshot && snapshot.uri !== message.uri ? state : { ...state, gone: true };
  }
  // A document that was gone counts its versions anew when it is opened again.
  const last = !state.gone && snapshot?.uri === message.uri ? snapshot.version : 0;
  if (message.version < last) return state;
  const same = view.uri === message.uri;
  // The host names the run a panel was opened for; a choice made since in the panel stands.
  const opened = !same || (snapshot !== null && snapshot.runIndex !== message.runIndex);
  const wanted = opened ? message.runIndex : view.runIndex;
  const runIndex = wanted < message.analysis.runs.length ? wanted : 0;
  const run = message.analysis.runs[runIndex];
  const kept = same && runIndex === view.runIndex ? view.overrides : {};
  const overrides = run ? pruneOverrides(run, kept) : kept;
  const ranges = same ? view.ranges : {};
  return {
    snapshot: message,
    gone: false,
    view: {
      ...view,
      uri: message.uri,
      runIndex,
      overrides,
      ranges,
      pinned: message.pinned,
      compared: message.compared.map(({ uri, runIndex }) => ({ uri, runIndex })),
      measuredFrom: message.measuredFrom,
    },
  };
}

/** Looks at another run of the document, as the file has it. */
export function withRun(state: PanelState, runIndex: number): PanelState {
  return { ...state, view: { ...state.view, runIndex, overrides: {}, ranges: {} } };
}

/** Moves sliders: `moved` goes over what they say already; undefined takes one back. */
export function withOverrides(
  state: PanelState,
  moved: { readonly [K in keyof Overrides]: Overrides[K] | undefined },
): PanelState {
  const merged = Object.fromEntries(
    Object.entries({ ...state.view.overrides, ...moved }).filter(
      ([, value]) => value !== undefined,
    ),
  ) as Overrides;
  const run = runOf(state);
  const overrides = run ? pruneOverrides(run, merged) : merged;
  return { ...state, view: { ...state.view, overrides } };
}
