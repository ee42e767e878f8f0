import { describe, expect, it } from 'vitest';
import { initialState, restoreState, type ViewState } from '../../../src/protocol/state.ts';

const kept: ViewState = {
  version: 1,
  uri: 'file:///workspace/a.yaml',
  runIndex: 2,
  pinned: true,
  plot: 'layouts',
  variants: { layouts: 'gap' },
  ranges: { 'loss-against-tokens/loss': [1e9, 1e13] },
  overrides: {
    parameters: 7e9,
    tokens: 15e12,
    format: 'nvfp4',
    granularity: 'block',
    block: 16,
    compute: 1e24,
  },
  compared: [{ uri: 'file:///workspace/b.yaml', runIndex: 1 }],
  measuredFrom: ['file:///workspace/losses.csv'],
};

describe('the remembered view', () => {
  it('comes back as it was, over JSON', () => {
    expect(restoreState(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  });

  it.each([undefined, null, 'text', 3, [], {}, { ...kept, version: 0 }, { ...kept, version: 2 }])(
    'starts afresh from %j',
    (value) => {
      expect(restoreState(value)).toEqual(initialState);
    },
  );

  it('lets each part that cannot be read fall back alone', () => {
    const spoilt = {
      ...kept,
      uri: 5,
      runIndex: -1,
      pinned: 1,
      plot: null,
      variants: { layouts: 'gap', other: 1 },
      ranges: { a: [1, 2], b: [2, 1], c: [0, 5], d: [1], e: '1-2', f: [1, null] },
      compared: [{ uri: 'b', runIndex: 0 }, { uri: 'c', runIndex: -1 }, 'd'],
      measuredFrom: ['a', 3, ''],
      overrides: { ...kept.overrides, tokens: -1, granularity: 'row', block: 1.5, compute: '1e24' },
    };
    expect(restoreState(spoilt)).toEqual({
      ...initialState,
      variants: { layouts: 'gap' },
      ranges: { a: [1, 2] },
      overrides: { parameters: 7e9, format: 'nvfp4' },
      compared: [{ uri: 'b', runIndex: 0 }],
      measuredFrom: ['a'],
    });
  });

  it('takes no overrides from what is none', () => {
    expect(restoreState({ ...kept, overrides: [1] }).overrides).toEqual({});
  });
});
