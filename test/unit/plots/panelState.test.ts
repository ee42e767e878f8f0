import { describe, expect, it } from 'vitest';
import { initialState } from '../../../src/protocol/state.ts';
import {
  received,
  runOf,
  withOverrides,
  withRun,
  type PanelState,
} from '../../../webview/state.ts';
import {
  fp8Point,
  pointOf,
  runAnalysis,
  snapshotOf,
  usualSnapshot,
} from '../../webview/snapshots.ts';

const empty: PanelState = { snapshot: null, gone: false, view: initialState };
const shown = received(empty, usualSnapshot);

describe('the panel’s state', () => {
  it('takes the first snapshot and its run', () => {
    expect(shown.view.uri).toBe(usualSnapshot.uri);
    expect(runOf(shown)).toBe(usualSnapshot.analysis.runs[0]);
  });

  it('drops a stale version, takes the same and a later one', () => {
    expect(received(shown, { ...usualSnapshot, version: 2 })).toBe(shown);
    const same = { ...usualSnapshot, name: 'renamed.yaml' };
    expect(received(shown, same).snapshot).toBe(same);
    expect(received(shown, { ...usualSnapshot, version: 4 }).snapshot?.version).toBe(4);
  });

  it('counts versions anew once the document was gone', () => {
    const gone = received(shown, { type: 'gone', uri: usualSnapshot.uri });
    expect(gone.gone).toBe(true);
    const back = received(gone, { ...usualSnapshot, version: 1 });
    expect(back.gone).toBe(false);
    expect(back.snapshot?.version).toBe(1);
  });

  it('ignores the end of another document', () => {
    expect(received(shown, { type: 'gone', uri: 'file:///other.yaml' })).toBe(shown);
    expect(received(empty, { type: 'gone', uri: 'file:///other.yaml' }).gone).toBe(true);
  });

  it('keeps the sliders over a new version of the same document, not over another one', () => {
    const moved = withOverrides(shown, { tokens: 1e12 });
    const later = received(moved, { ...usualSnapshot, version: 4 });
    expect(later.view.overrides).toEqual({ tokens: 1e12 });
    const other = received(moved, { ...usualSnapshot, uri: 'file:///other.yaml' });
    expect(other.view.overrides).toEqual({});
  });

  it('forgets a format override once the file has that format', () => {
    const moved = withOverrides(shown, { format: 'mxfp4' });
    const mxfp4 = pointOf({
      ...fp8Point,
      format: 'mxfp4',
      granularity: 'block',
      block: 32,
      scale: null,
    });
    const written = snapshotOf([runAnalysis(mxfp4)], { version: 4 });
    expect(moved.view.overrides).toEqual({ format: 'mxfp4' });
    expect(received(moved, written).view.overrides).toEqual({});
  });

  it('restores the run and the sliders of a remembered view', () => {
    const view = {
      ...initialState,
      uri: usualSnapshot.uri,
      runIndex: 1,
      overrides: { parameters: 1e9 },
    };
    const two = snapshotOf([runAnalysis(fp8Point), runAnalysis(fp8Point)]);
    const restored = received({ ...empty, view }, two);
    expect(restored.view.runIndex).toBe(1);
    expect(restored.view.overrides).toEqual({ parameters: 1e9 });
  });

  it('keeps the run chosen in the panel until the host opens another', () => {
    const runs = [runAnalysis(fp8Point), runAnalysis(fp8Point), runAnalysis(fp8Point)];
    const chosen = withRun(received(empty, snapshotOf(runs)), 1);
    expect(received(chosen, snapshotOf(runs, { version: 4 })).view.runIndex).toBe(1);
    expect(received(chosen, snapshotOf(runs, { version: 4, runIndex: 2 })).view.runIndex).toBe(2);
    expect(received(chosen, snapshotOf(runs.slice(0, 1), { version: 4 })).view.runIndex).toBe(0);
  });

  it('takes an override back with undefined', () => {
    const moved = withOverrides(shown, { format: 'nvfp4', block: 64, granularity: 'block' });
    expect(
      withOverrides(moved, { format: 'mxfp4', block: undefined, granularity: undefined }).view
        .overrides,
    ).toEqual({ format: 'mxfp4' });
  });
});
