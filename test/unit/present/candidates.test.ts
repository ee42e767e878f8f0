import { expect, it } from 'vitest';
import type { CandidateRow } from '../../../src/core/analysis.ts';
import { candidateText } from '../../../src/core/present/candidates.ts';

const row: CandidateRow = {
  format: 'mxfp8-e4m3',
  granularity: 'block',
  block: 32,
  gap: 0.0031,
  criticalTokens: 5e12,
  ratio: 0.18,
  throughput: 1.8,
  native: true,
  tokenRatioToMatch: 1.0053,
  current: false,
  notes: [],
  write: { ok: true, edits: [] },
};

it('says gap, share of D_crit and throughput of a candidate', () => {
  expect(candidateText(row)).toEqual({
    label: 'MXFP8 E4M3 (block 32)',
    description:
      'gap +0.0031 · 18 % of D_crit · 1.8× BF16 throughput · 0.5 % more tokens for the loss of BF16',
    detail: '',
    section: 'native',
  });
});

it('says why the framework cannot say it, and what other hardware has', () => {
  const write = { ok: false, reason: 'The framework has no setting for it.' } as const;
  const text = candidateText({ ...row, write, throughput: null, native: false });
  expect(text.detail).toBe('The framework has no setting for it.');
  expect(text.description).toBe(
    'gap +0.0031 · 18 % of D_crit · 0.5 % more tokens for the loss of BF16',
  );
  expect(text.section).toBe('other');
});

it('says when no number of tokens makes the gap good, and nothing where there is none', () => {
  const description = (gap: number | null, tokenRatioToMatch: number | null) =>
    candidateText({ ...row, gap, tokenRatioToMatch, ratio: null, throughput: null }).description;
  expect(description(0.08, null)).toBe('gap +0.0800 · loss of BF16 out of reach');
  expect(description(0.08, 2.1077)).toBe('gap +0.0800 · 111 % more tokens for the loss of BF16');
  expect(description(0, 1)).toBe('no gap');
  expect(description(null, null)).toBe('no forecast');
});

it('marks the current one and puts bare layouts by themselves', () => {
  const text = candidateText({ ...row, format: 'e3m4', current: true, gap: 0, ratio: null });
  expect(text.description).toBe('no gap · 1.8× BF16 throughput · current');
  expect(text.section).toBe('layout');
});
