import { describe, expect, it } from 'vitest';
import { hints } from '../../../src/core/present/hints.ts';
import { lens } from '../../../src/core/present/lens.ts';
import { status } from '../../../src/core/present/status.ts';
import { stated } from '../../../src/core/run/known.ts';
import {
  analysisOf,
  bf16,
  delayedScaling,
  halved,
  placeOfWord,
  ranksUnknown,
} from './exampleRun.ts';
import { need } from '../../../src/core/run/need.ts';

const nvfp4 = {
  ...delayedScaling,
  format: stated('nvfp4', placeOfWord('amp_fp8')),
  granularity: 'block',
  block: 16,
  scale: 'e4m3',
} as const;
const longTokens = {
  total: stated(15e12, placeOfWord('64000ba')),
  perRank: null,
  needs: [],
  settledBy: [],
};

describe('lens', () => {
  it('shows the gap that the laws agree on, rough where scaling is tensor-wise, then the size', () => {
    const first =
      'gap +0.0024 (4 laws agree, rough) · loss 2.36 by Capybara · D is 2.2 % of D_crit';
    expect(lens(analysisOf())).toEqual({
      summary: `N 6.66 B · D 134 B tokens · FP8 E4M3 per tensor · ${first}`,
      first,
      size: 'N 6.66 B · D 134 B tokens · FP8 E4M3 per tensor',
      action: 'optimise',
      actionTitle: 'Optimize precision…',
    });
  });
  it('shows from where to where the laws go that disagree, and how many are past D_crit', () => {
    expect(lens(analysisOf({ precision: nvfp4, tokens: longTokens })).first).toBe(
      'gap +0.03…0.17 (7 laws, Capybara +0.17: loss 2.42) · D is 14× D_crit by 1 of 7',
    );
  });
  it('prints no loss of a run too short for one', () => {
    const short = (tokens: number) =>
      lens(
        analysisOf({ tokens: { ...longTokens, total: stated(tokens, placeOfWord('64000ba')) } }),
      );
    expect(short(0.99e9).first).not.toContain('loss');
    expect(short(1.01e9).first).toMatch(/: loss \d+\.\d+\)/);
    expect(short(0.09 * 6.44e9).first).not.toContain('loss');
  });
  it('marks what D was assumed to be', () => {
    const assumed = { ...longTokens, assumed: [{ key: 'world-size', value: 64 }] } as const;
    expect(lens(analysisOf({ tokens: assumed })).size).toBe(
      'N 6.66 B · D 15.0 T tokens (assumed 64 GPUs) · FP8 E4M3 per tensor',
    );
    expect(hints(analysisOf({ tokens: assumed }))[1]?.text).toBe('= 15.0 T (assumed 64 GPUs)');
  });
  it('shows the loss alone where nothing is quantised', () => {
    expect(lens(analysisOf({ precision: bf16 })).summary).toBe(
      'N 6.66 B · D 134 B tokens · BF16 · loss 2.36 by Capybara',
    );
  });
  it('says what is missing, as an action', () => {
    const first = 'N 6.66 B · D 524 M tokens × data-parallel ranks · FP8 E4M3 per tensor';
    expect(lens(analysisOf({ tokens: ranksUnknown }))).toEqual({
      summary: first,
      first,
      size: null,
      action: 'set',
      actionTitle: 'Set it…',
    });
  });
  it('asks for nothing that a setting cannot settle', () => {
    const tokens = {
      ...ranksUnknown,
      perRank: null,
      needs: [need('tokens', 'the duration is open')],
      settledBy: [],
    };
    const shown = lens(analysisOf({ tokens, parameters: null, precision: null }));
    expect(shown.summary).toBe(
      'N unknown · D unknown: the duration is open · number format not stated',
    );
    expect(shown.action).toBeNull();
  });
  it('says why a fine-tuning run has no forecast', () => {
    expect(lens(analysisOf({ role: 'finetune', tokens: ranksUnknown })).summary).toBe(
      'mpt-7b · N 6.66 B · FP8 E4M3 per tensor · D needs the number of GPUs · no scaling law covers fine-tuning',
    );
  });
});

describe('hints', () => {
  it('annotates the three fields in at most 40 characters', () => {
    const shown = hints(analysisOf());
    expect(shown).toEqual([
      { kind: 'precision', place: placeOfWord('amp_fp8'), text: 'E4M3 · +0.0024' },
      { kind: 'tokens', place: placeOfWord('64000ba'), text: '= 134 B · 2.2 % of D_crit' },
      { kind: 'parameters', place: placeOfWord('mpt-7b'), text: 'N = 6.66 B' },
    ]);
    expect(Math.max(...shown.map((hint) => hint.text.length))).toBeLessThanOrEqual(40);
  });
  it('has none on a format without a gap and on unknown tokens', () => {
    const kinds = (change: Parameters<typeof analysisOf>[0]) =>
      hints(analysisOf(change)).map((hint) => hint.kind);
    expect(kinds({ precision: bf16 })).toEqual(['tokens', 'parameters']);
    expect(kinds({ tokens: ranksUnknown })).toEqual(['parameters']);
  });
});

describe('status', () => {
  it('shows the share of D_crit, and warns past it where a second voice says so', () => {
    expect(status(analysisOf())).toEqual({
      text: '2.2 % of D_crit',
      level: 'normal',
      tooltip:
        'LLM Foundry: N 6.66 B · D 134 B tokens · FP8 E4M3 per tensor · gap +0.0024 (4 laws ' +
        'agree, rough) · loss 2.36 by Capybara · D is 2.2 % of D_crit\nBy the Capybara law.',
    });
    const past = { precision: nvfp4, tokens: longTokens };
    const expected = { text: '14× D_crit (1 of 7)', level: 'normal' };
    expect(status(analysisOf(past))).toMatchObject(expected);
    expect(status(analysisOf(past, 'capybara', halved)).level).toBe('warning');
  });
  it('shows the most that is known without a forecast', () => {
    expect(status(analysisOf({ tokens: ranksUnknown })).text).toBe('D unknown');
    expect(status(analysisOf({ role: 'model' })).text).toBe('N 6.66 B');
    expect(status(analysisOf({ role: 'model', parameters: null })).text).toBe('LLM Foundry');
    expect(status(analysisOf({ precision: bf16 })).text).toBe('loss 2.36 by Capybara');
  });
});
