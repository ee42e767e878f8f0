import { expect, it } from 'vitest';
import type { Plan, PlanRow } from '../../../src/core/analysis.ts';
import { candidateText, planTitle } from '../../../src/core/present/candidates.ts';
import { planJson } from '../../../src/core/present/planJson.ts';

const place = { file: 'a.yaml', start: 3, end: 6 };

const row: PlanRow = {
  format: 'fp8-e4m3',
  granularity: 'channel',
  block: null,
  gap: 0.0051,
  pooledGap: 0.004,
  range: { low: 0.0021, high: 0.0068, laws: 4 },
  criticalTokens: 5e12,
  ratio: 0.18,
  throughput: 2,
  native: true,
  speedupBound: 1.604,
  hours: 100,
  storedBits: 8,
  stateBytes: null,
  memoryPerDevice: null,
  lossInSameHours: null,
  isReady: true,
  current: false,
  recommended: false,
  findings: [],
  notes: [],
  write: { ok: true, edits: [{ place, newText: 'x' }] },
};

it('says gap, speed and keys of a candidate, in that order', () => {
  expect(candidateText(row)).toEqual({
    label: 'FP8 E4M3 per channel',
    description: 'gap +0.0051 (4 laws: 0.0021…0.0068) · ≤ 1.6× faster · 1 key changes',
    detail: '',
    section: 'ready',
  });
});

it('folds what the framework cannot write and what the hardware has not, with the reason', () => {
  const write = { ok: false, reason: 'The framework has no setting for it.' } as const;
  const text = candidateText({ ...row, write, speedupBound: null });
  expect(text).toMatchObject({ detail: write.reason, section: 'unwritable' });
  expect(text.description).toBe('gap +0.0051 (4 laws: 0.0021…0.0068)');
  expect(candidateText({ ...row, native: false }).section).toBe('other');
  expect(candidateText({ ...row, format: 'e3m4' }).section).toBe('layout');
});

it('says what would break once it is written', () => {
  expect(candidateText({ ...row, findings: ['some-rule'] }).detail).toBe('Would break some-rule.');
});

it('says when there is no gap, and when only other laws have one', () => {
  const words = (change: Partial<PlanRow>) =>
    candidateText({ ...row, speedupBound: null, current: true, ...change }).description;
  expect(words({ range: { low: 0, high: 0, laws: 8 }, gap: 0 })).toBe('no gap · current');
  expect(words({ gap: null })).toBe('gap 0.0021…0.0068 (4 laws) · current');
  expect(words({ gap: null, range: null })).toBe('no forecast · current');
  expect(words({ range: { low: 0.0051, high: 0.0051, laws: 1 } })).toBe('gap +0.0051 · current');
});

const plan: Plan = {
  objective: 'fastest',
  law: { law: 'capybara', calibration: null },
  hardware: 'h100',
  gapTarget: 0.01,
  rows: [{ ...row, current: true }, row],
  notes: [],
};

it('names objective, hardware, law and target in the title', () => {
  expect(planTitle(plan)).toMatch(
    /^fastest within the target on .*H100.*, by Capybara, target 0\.01 nats$/,
  );
});

it('places edits from line 1 and column 1 in JSON, with what they replace', () => {
  const { current, candidates } = planJson('a.yaml', plan, () => 'a:\nbcd: e\n');
  expect(current?.format).toBe('fp8-e4m3');
  expect(candidates).toHaveLength(1);
  expect(candidates[0]).toMatchObject({ expressible: true, range: [0.0021, 0.0068] });
  expect(candidates[0]?.edits).toEqual([
    { file: 'a.yaml', line: 2, column: 1, oldText: 'bcd', newText: 'x' },
  ]);
});
