import { describe, expect, it } from 'vitest';
import {
  finerScalings,
  formatsBelowCritical,
  mostTokens,
} from '../../../src/core/advise/criticalSize.ts';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import type { RunPoint } from '../../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';

function point(request: Partial<PointRequest>): RunPoint {
  const found = pointFor({ parameters: 1e9, tokens: 1e12, format: 'fp4-e2m1', ...request });
  if (!found) throw new Error('no point');
  return found;
}

function ratioAt(run: RunPoint, tokens: number): number {
  return capybara.forecast({ ...run, tokens }).ratio ?? NaN;
}

describe('the most tokens below D_crit', () => {
  it('is D_crit in whole tokens where it does not move with D', () => {
    const run = point({ block: 128 });
    expect(mostTokens(capybara, run)).toBe(
      Math.floor(capybara.forecast(run).criticalTokens ?? NaN),
    );
    expect((mostTokens(capybara, run) ?? 0) / 1e9).toBeCloseTo(392.845, 3);
  });

  it.each([0.5, 1])('is found where it does, at a ratio of %d', (ratio) => {
    const run = point({
      parameters: 70e9,
      format: 'fp8-e4m3',
      granularity: 'tensor',
      tokens: 500e12,
    });
    const tokens = mostTokens(capybara, run, ratio) ?? NaN;
    expect(ratioAt(run, tokens)).toBeLessThanOrEqual(ratio);
    expect(ratioAt(run, tokens * 1.000001)).toBeGreaterThan(ratio);
    // Cut to D_crit as forecast at 500 T, the run would stand past its new D_crit.
    const naive = (capybara.forecast(run).criticalTokens ?? NaN) * ratio;
    expect(ratioAt(run, naive)).toBeGreaterThan(ratio * 1.1);
  });

  it('is capped at what a number can count', () => {
    const run = point({ format: 'fp32', block: 128 });
    expect(mostTokens(capybara, run)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('does not exist without a critical size or a forecast', () => {
    expect(mostTokens(capybara, point({ format: 'bf16' }))).toBeNull();
    expect(mostTokens(capybara, point({ format: 'int8' }))).toBeNull();
  });
});

describe('formats below the critical size', () => {
  const names = (run: RunPoint, hardware: string | null, ratio?: number): string[] =>
    formatsBelowCritical(
      capybara,
      run,
      hardware === null ? null : (acceleratorById(hardware) ?? null),
      ratio,
    ).map((row) => `${row.format} ${row.granularity}`);

  it('come nearest first, scaled as the run is, up to BF16', () => {
    expect(names(point({ format: 'mxfp4', tokens: 5e12 }), null)).toEqual([
      'mxfp6-e3m2 block',
      'mxfp6-e2m3 block',
      'mxfp8-e4m3 block',
      'mxfp8-e5m2 block',
      'fp8-e4m3 block',
      'fp8-e4m3 channel',
      'fp8-e4m3 tensor',
      'fp8-e5m2 channel',
      'fp8-e5m2 tensor',
      'bf16 none',
    ]);
    expect(names(point({ granularity: 'channel', tokens: 5e12 }), null)[2]).toBe(
      'fp8-e4m3 channel',
    );
  });

  it('are those the accelerator has', () => {
    expect(names(point({ format: 'mxfp4', tokens: 1e12 }), 'h100')[0]).toBe('fp8-e4m3 block');
    expect(names(point({ format: 'mxfp4', tokens: 100e12 }), 'h100')).toEqual(['bf16 none']);
  });

  it('hold the ratio, the limit included', () => {
    const run = point({ format: 'mxfp4' });
    const ratio = ratioAt(point({ format: 'mxfp6-e3m2' }), 1e12);
    expect(names(run, null, ratio)).toContain('mxfp6-e3m2 block');
    expect(names(run, null, ratio * 0.999)).not.toContain('mxfp6-e3m2 block');
  });
});

describe('finer scalings', () => {
  const scalings = (run: RunPoint, ratio?: number): unknown[] =>
    finerScalings(capybara, run, ratio).map((row) => row.block ?? row.granularity);

  it('start at the coarsest that keeps the run below D_crit', () => {
    // D_crit of E2M1 at 1 B: 213 G per channel, 393 G at 128, 448 G at 64, 544 G at 32, 676 G at 16.
    const channel = { granularity: 'channel' } as const;
    expect(scalings(point({ ...channel, tokens: 392e9 }))).toEqual([128, 64, 32, 16]);
    expect(scalings(point({ ...channel, tokens: 394e9 }))).toEqual([64, 32, 16]);
    expect(scalings(point({ ...channel, tokens: 675e9 }))).toEqual([16]);
    expect(scalings(point({ ...channel, tokens: 676e9 }))).toEqual([]);
    expect(scalings(point({ ...channel, tokens: 270e9 }), 0.5)).toEqual([32, 16]);
  });

  it('are finer than the run’s own', () => {
    expect(scalings(point({ block: 64, tokens: 1e11 }))).toEqual([32, 16]);
    expect(scalings(point({ granularity: 'tensor', tokens: 1e11 }))).toEqual([
      ...['channel', 128, 64, 32, 16],
    ]);
  });

  it('do not exist for formats whose block is their own, or without scaling', () => {
    expect(scalings(point({ format: 'mxfp4', tokens: 1e11 }))).toEqual([]);
    expect(scalings(point({ format: 'bf16' }))).toEqual([]);
  });
});
