import { describe, expect, it } from 'vitest';
import { hints } from '../../../src/core/present/hints.ts';
import { lens } from '../../../src/core/present/lens.ts';
import { status } from '../../../src/core/present/status.ts';
import { stated } from '../../../src/core/run/known.ts';
import { analysisOf, bf16, delayedScaling, placeOfWord, ranksUnknown } from './exampleRun.ts';
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
  it('shows N, D, format, gap and share of D_crit, rough where scaling is tensor-wise', () => {
    expect(lens(analysisOf())).toEqual({
      summary:
        'N 6.66 B · D 134 B tokens · FP8 E4M3 per tensor · gap +0.0024 (loss 2.36) · 2.2 % of D_crit (rough)',
      action: 'optimise',
      actionTitle: 'Optimize precision…',
    });
  });
  it('is not rough with blocks', () => {
    expect(lens(analysisOf({ precision: nvfp4, tokens: longTokens })).summary).toBe(
      'N 6.66 B · D 15.0 T tokens · NVFP4 (block 16) · gap +0.172 (loss 2.42) · 14× D_crit',
    );
  });
  it('shows the loss alone where nothing is quantised', () => {
    expect(lens(analysisOf({ precision: bf16 })).summary).toBe(
      'N 6.66 B · D 134 B tokens · BF16 · loss 2.36',
    );
  });
  it('says what is missing, as an action', () => {
    expect(lens(analysisOf({ tokens: ranksUnknown }))).toEqual({
      summary: 'N 6.66 B · D 524 M tokens × data-parallel ranks · FP8 E4M3 per tensor',
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
      'mpt-7b · N 6.66 B · FP8 E4M3 per tensor · D unknown: global batch needs the number of GPUs · no scaling law covers fine-tuning',
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
  it('shows the share of D_crit and warns past it', () => {
    expect(status(analysisOf())).toEqual({
      text: '2.2 % of D_crit',
      level: 'normal',
      tooltip:
        'LLM Foundry: N 6.66 B · D 134 B tokens · FP8 E4M3 per tensor · gap +0.0024 (loss 2.36) · ' +
        '2.2 % of D_crit (rough)\nBy the Capybara law.',
    });
    expect(status(analysisOf({ precision: nvfp4, tokens: longTokens }))).toMatchObject({
      text: '14× D_crit',
      level: 'warning',
    });
  });
  it('shows the most that is known without a forecast', () => {
    expect(status(analysisOf({ tokens: ranksUnknown })).text).toBe('D unknown');
    expect(status(analysisOf({ role: 'model' })).text).toBe('N 6.66 B');
    expect(status(analysisOf({ role: 'model', parameters: null })).text).toBe('LLM Foundry');
    expect(status(analysisOf({ precision: bf16 })).text).toBe('loss 2.36');
  });
});
