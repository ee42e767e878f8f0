import { describe, expect, it } from 'vitest';
import { inWindows, lossAt, median, withBaseline } from '../../../src/core/advise/lossCurves.ts';
import {
  alignment,
  compareGap,
  endOf,
  predictedGaps,
} from '../../../src/core/advise/measuredGap.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { chinchilla } from '../../../src/core/laws/chinchilla/chinchilla.ts';
import { laws } from '../../../src/core/laws/registry.ts';
import { ouyang } from '../../../src/core/laws/ouyang/ouyang.ts';
import type { MeasuredLosses } from '../../../src/core/run/measured.ts';
import { pointOf } from '../../webview/snapshots.ts';

const point = pointOf({ parameters: 1e9, tokens: 1e11, format: 'nvfp4' });

/** A log of `rows` points to 100 B tokens whose gap is `gap` everywhere, scattered by `scatter`. */
function log(gap: number, scatter = 0, rows = 1000): MeasuredLosses {
  const tokens = Array.from({ length: rows }, (_, at) => (at + 1) * (1e11 / rows));
  const baseline = tokens.map((each) => ({ tokens: each, loss: 2 + 400 / each ** 0.3 }));
  const points = baseline.map(({ tokens: at, loss }, index) => ({
    tokens: at,
    loss: loss + gap + (index % 2 === 0 ? scatter : -scatter),
  }));
  return { name: 'run.csv', points, baseline, notes: [] };
}

describe('loss curves', () => {
  it('are read between their points, and not beyond them', () => {
    const points = [
      { tokens: 1e9, loss: 4 },
      { tokens: 2e9, loss: 3 },
      { tokens: 4e9, loss: 2 },
    ];
    expect([1e9, 1.5e9, 3e9, 4e9].map((tokens) => lossAt(points, tokens))).toEqual([
      4, 3.5, 2.5, 2,
    ]);
    expect([0.9e9, 4.1e9].map((tokens) => lossAt(points, tokens))).toEqual([null, null]);
    expect(lossAt([], 1e9)).toBeNull();
    expect(lossAt(points.slice(0, 1), 1e9)).toBe(4);
  });

  it('are smoothed by medians: a spike does not move them', () => {
    const points = [3, 3, 99, 3, 2, 2, 2, 50].map((loss, at) => ({ tokens: at + 1, loss }));
    expect(inWindows(points, 2)).toEqual([
      { tokens: 2.5, loss: 3 },
      { tokens: 6.5, loss: 2 },
    ]);
    expect(inWindows(points, 8)).toBe(points);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('take another log as their BF16 twin', () => {
    const other = { ...log(0), name: 'bf16.csv', notes: ['A note.'] };
    const both = withBaseline({ ...log(0.1), baseline: null, notes: ['A note.'] }, other);
    expect(both.name).toBe('run.csv and bf16.csv');
    expect(both.baseline).toBe(other.points);
    expect(both.notes).toEqual(['A note.']);
  });
});

describe('the end of a log', () => {
  it('is the median of its last twentieth, with the scatter of that median', () => {
    const points = Array.from({ length: 100 }, (_, at) => ({
      tokens: (at + 1) * 1e9,
      loss: at % 2 === 0 ? 2.9 : 3.1,
    }));
    const end = endOf(points);
    // 95 to 100 B tokens: six points, 3.0 ± 0.1.
    expect(end?.tokens).toBe(97.5e9);
    expect(end?.value).toBeCloseTo(3, 12);
    expect(end?.uncertainty).toBeCloseTo((1.645 * 1.2533 * 1.4826 * 0.1) / Math.sqrt(6), 12);
  });

  it('takes at least five points, and knows no scatter of one', () => {
    const points = [1, 2, 3].map((at) => ({ tokens: at * 1e9, loss: at }));
    expect(endOf(points)).toMatchObject({ tokens: 2e9, value: 2 });
    expect(endOf(points.slice(0, 1))).toEqual({ tokens: 1e9, value: 1, uncertainty: null });
    expect(endOf([])).toBeNull();
  });
});

describe('a measured gap', () => {
  it('is the difference of the two logs at the same tokens', () => {
    const found = compareGap(log(0.03), point, capybara, laws);
    expect(found?.end.value).toBeCloseTo(0.03, 12);
    expect(found?.course).toHaveLength(60);
    expect(found?.course.every(({ gap }) => Math.abs(gap - 0.03) < 1e-12)).toBe(true);
  });

  it('is compared with each law of training at the tokens where the log ends', () => {
    const found = compareGap(log(0.03), point, capybara, laws);
    const there = { ...point, tokens: found?.end.tokens ?? 0 };
    expect(found?.predicted[0]).toEqual(capybara.forecast(there));
    const ids = found?.predicted.map(({ law }) => law);
    expect(ids).toContain('chen');
    expect(ids).not.toContain(chinchilla.id);
    expect(ids).not.toContain(ouyang.id);
    expect(found?.overLead).toBeCloseTo(0.03 / (capybara.forecast(there).gap ?? NaN), 12);
    expect(predictedGaps(there, capybara, laws)).toEqual(found?.predicted);
  });

  it('lies inside, above or below the band, with the factor', () => {
    const band = compareGap(log(0.03), point, capybara, laws)?.band;
    const [low = NaN, high = NaN] = band ?? [];
    expect(low).toBeLessThan(0.03);
    expect(high).toBeGreaterThan(0.03);
    const place = (gap: number, scatter = 0) =>
      compareGap(log(gap, scatter), point, capybara, laws)?.place;
    expect(place(0.03)).toEqual({ kind: 'inside', factor: null });
    expect(place(2 * high)?.kind).toBe('above');
    expect(place(2 * high)?.factor).toBeCloseTo(2, 9);
    expect(place(low / 2)?.kind).toBe('below');
    expect(place(low / 2)?.factor).toBeCloseTo(2, 9);
    expect(place(-0.1)).toEqual({ kind: 'below', factor: null });
    // A gap that scatters more than it lies outside is not called outside.
    expect(place(high + 0.001, 0.05)?.kind).toBe('inside');
  });

  it('is none without a twin, or without tokens in common', () => {
    expect(compareGap({ ...log(0.03), baseline: null }, point, capybara, laws)).toBeNull();
    const late = [{ tokens: 1e15, loss: 2 }];
    expect(compareGap({ ...log(0.03), baseline: late }, point, capybara, laws)).toBeNull();
  });
});

describe('the alignment', () => {
  it('lays the BF16 twin on the law’s BF16 loss, or the run on the law’s loss', () => {
    const measured = log(0.03);
    const tokens = endOf(measured.points)?.tokens ?? NaN;
    const said = capybara.curve(point)(tokens);
    const twin = alignment(measured, point, capybara) ?? NaN;
    expect(twin + (endOf(measured.baseline ?? [])?.value ?? NaN)).toBeCloseTo(
      said.bf16Loss ?? NaN,
      6,
    );
    const alone = alignment({ ...measured, baseline: null }, point, capybara) ?? NaN;
    expect(alone + (endOf(measured.points)?.value ?? NaN)).toBeCloseTo(said.loss ?? NaN, 6);
    expect(alignment(measured, point, chinchilla)).toBeNull();
  });
});
