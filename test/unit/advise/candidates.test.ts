import { describe, expect, it } from 'vitest';
import {
  candidates,
  cheapestFirst,
  layoutsOfWidth,
  withinGap,
} from '../../../src/core/advise/candidates.ts';
import type { Candidate } from '../../../src/core/advise/candidates.ts';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import type { RunPoint } from '../../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';

function point(request: Partial<PointRequest>): RunPoint {
  const found = pointFor({ parameters: 7e9, tokens: 2e12, format: 'bf16', ...request });
  if (!found) throw new Error('no point');
  return found;
}

function nameOf(row: Candidate): string {
  return `${row.format} ${row.granularity}${row.block === null ? '' : ` ${row.block}`}`;
}

const b200 = acceleratorById('b200') ?? null;
const h100 = acceleratorById('h100') ?? null;

describe('candidates', () => {
  it('are ranked by the law’s gap', () => {
    const rows = candidates(capybara, point({}), null);
    // log2 B times the penalty over E4M3 (E5M2 1.42, E3M2 6.03, E2M3 6.53, E2M1 79.8), with
    // log2 B = 26.8 tensor-wise at this N / D: 5, 7, 7.1, 13.2, 18.7, 26.8, 30, 33, 38, 319, …
    expect(rows.map(nameOf)).toEqual([
      'bf16 none',
      'mxfp8-e4m3 block 32',
      'fp8-e4m3 block 128',
      'mxfp8-e5m2 block 32',
      'fp8-e4m3 channel',
      'fp8-e5m2 channel',
      'fp8-e4m3 tensor',
      'mxfp6-e3m2 block 32',
      'mxfp6-e2m3 block 32',
      'fp8-e5m2 tensor',
      'nvfp4 block 16',
      'mxfp4 block 32',
      'fp4-e2m1 channel',
    ]);
    const gaps = rows.map((row) => row.forecast.gap ?? NaN);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(rows.every((row) => row.throughput === null && row.native === null)).toBe(true);
  });

  it('forecast the same run in the other format', () => {
    const rows = candidates(capybara, point({ operands: ['weights'], format: 'nvfp4' }), null);
    for (const row of rows) {
      const { format, granularity, block } = row;
      const same = point({ format, granularity, block, operands: ['weights'] });
      expect(row.point).toEqual(same);
      expect(row.forecast).toEqual(capybara.forecast(same));
    }
  });

  it('mark the run’s own format, and add it when it is not offered', () => {
    const mine = (request: Partial<PointRequest>): string[] =>
      candidates(capybara, point(request), null)
        .filter((row) => row.current)
        .map(nameOf);
    expect(mine({})).toEqual(['bf16 none']);
    expect(mine({ format: 'fp8-e4m3', granularity: 'tensor' })).toEqual(['fp8-e4m3 tensor']);
    expect(mine({ format: 'fp4-e2m1', block: 64 })).toEqual(['fp4-e2m1 block 64']);
    expect(mine({ format: 'int8', granularity: 'tensor' })).toEqual(['int8 tensor']);
    expect(candidates(capybara, point({ format: 'int8' }), null).at(-1)?.forecast.gap).toBeNull();
  });

  it('keep the run’s own scales on its own row', () => {
    const own = point({ format: 'fp8-e4m3', block: 128, scale: 'power of two' });
    const row = candidates(capybara, own, null).find((one) => one.current);
    expect(row?.point).toBe(own);
  });

  it('know what the accelerator runs natively, and how fast', () => {
    const on = (accelerator: typeof b200): Record<string, unknown> =>
      Object.fromEntries(
        candidates(capybara, point({}), accelerator).map((row) => [
          row.format,
          [row.throughput, row.native],
        ]),
      );
    expect(on(b200)).toMatchObject({
      bf16: [1, true],
      'fp8-e4m3': [2, true],
      nvfp4: [4, true],
      'fp4-e2m1': [null, false],
    });
    expect(on(h100)).toMatchObject({ 'fp8-e4m3': [2, true], 'mxfp8-e4m3': [null, false] });
  });

  it('count the scales in the stored bits', () => {
    const bits = new Map(
      candidates(capybara, point({}), null).map((row) => [nameOf(row), row.storedBits]),
    );
    expect(bits.get('bf16 none')).toBe(16);
    expect(bits.get('fp8-e4m3 tensor')).toBe(8);
    expect(bits.get('fp8-e4m3 block 128')).toBe(8.25);
    expect(bits.get('mxfp8-e4m3 block 32')).toBe(8.25);
    expect(bits.get('nvfp4 block 16')).toBe(4.5);
  });

  it('say that blocks of FP8 run below the peak rate', () => {
    const noted = candidates(capybara, point({}), h100).filter((row) => row.notes.length > 0);
    expect(noted.map(nameOf)).toEqual(['fp8-e4m3 block 128']);
  });
});

describe('the cheapest candidates', () => {
  it('are the fastest native ones, then the smallest', () => {
    const rows = cheapestFirst(candidates(capybara, point({}), b200));
    expect(rows.slice(0, 3).map(nameOf)).toEqual([
      'mxfp4 block 32',
      'nvfp4 block 16',
      'mxfp6-e3m2 block 32',
    ]);
    expect(rows.slice(-2).map(nameOf)).toEqual(['bf16 none', 'fp4-e2m1 channel']);
    expect(cheapestFirst(candidates(capybara, point({}), null)).map(nameOf)[0]).toBe(
      'fp4-e2m1 channel',
    );
  });

  it('stay within a gap, the limit included', () => {
    const rows = candidates(capybara, point({}), h100);
    const limit = rows.find((row) => nameOf(row) === 'fp8-e4m3 channel')?.forecast.gap ?? NaN;
    const names = (gap: number): string[] => withinGap(rows, gap).map(nameOf);
    expect(names(limit)).toContain('fp8-e4m3 channel');
    expect(names(limit * 0.9999)).not.toContain('fp8-e4m3 channel');
    expect(names(limit)[0]).toBe('fp8-e4m3 channel');
    expect(names(0)).toEqual(['bf16 none']);
  });

  it('leave out what the law cannot speak of', () => {
    const rows = candidates(capybara, point({ format: 'int8' }), null);
    expect(withinGap(rows, 100).map((row) => row.format)).not.toContain('int8');
  });
});

describe('layoutsOfWidth', () => {
  it('ranks the other splits of the width by gap, under the run’s own scaling', () => {
    const rows = layoutsOfWidth(capybara, point({ format: 'mxfp4' }), b200);
    expect(rows.map(nameOf)).toEqual(['e1m2 block 32', 'e3m0 block 32', 'e0m3 block 32']);
    expect(rows.every((row) => row.native === false && !row.current)).toBe(true);
  });

  it('offers none for a run without scaling factors', () => {
    expect(layoutsOfWidth(capybara, point({ format: 'bf16' }), null)).toEqual([]);
  });
});
