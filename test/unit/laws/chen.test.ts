import { describe, expect, it } from 'vitest';
import { chen } from '../../../src/core/laws/chen/chen.ts';
import { gradeOf, type Forecast } from '../../../src/core/laws/law.ts';
import type { PointRequest } from '../../../src/core/laws/point.ts';
import type { Operand } from '../../../src/core/run/run.ts';
import { pointOf, resultOf } from './pointOf.ts';

const both: readonly Operand[] = ['weights', 'activations'];

/** Inside the fit in every respect, unless told otherwise. */
function request(changes: Partial<PointRequest>): PointRequest {
  const size = { parameters: 595e6, tokens: 100e9 };
  return { ...size, format: 'int4', block: 128, operands: both, ...changes };
}
const forecast = (changes: Partial<PointRequest>): Forecast =>
  chen.forecast(pointOf(request(changes)));

describe('the five settings of table 1', () => {
  it.each([
    [74e6, 10e9, 32, [0.05858, 0.02719, 0.03886, 0.04715, 0.02505]],
    [595e6, 100e9, 128, [0.05728, 0.021, 0.03996, 0.0381, 0.02161]],
    [7e9, 2e12, 32, [0.03215, 0.01247, 0.02027, 0.02367, 0.01335]],
  ])('give the gaps of %d parameters, %d tokens and blocks of %d', (N, D, block, gaps) => {
    const size = { parameters: N, tokens: D, block };
    const w4a4 = forecast(size);
    const w4a16 = forecast({ ...size, operands: ['weights'] });
    const w16a4 = forecast({ ...size, operands: ['activations'] });
    const found = [w4a4.gap, w4a16.gap, w16a4.gap, w4a4.variants[0]?.gap, w16a4.variants[0]?.gap];
    for (const [index, gap] of gaps.entries()) expect(found[index]).toBeCloseTo(gap, 5);
    expect(w4a16.variants).toEqual([]);
    expect(w4a4.notes).toContain('Read as W4A4 of the paper’s table 1.');
  });

  it('have W4A4 about 0.906 of its two halves, as the paper notes', () => {
    const halves = (['weights', 'activations'] as const).map(
      (operand) => forecast({ operands: [operand], block: 32 }).gap ?? 0,
    );
    const sum = halves.reduce((total, each) => total + each, 0);
    expect(Math.abs((forecast({ block: 32 }).gap ?? 0) / sum - 0.906)).toBeLessThan(0.03);
  });
});

describe('the critical size', () => {
  it.each([
    [1e9, 7.71364e14],
    [7e9, 2.386008e15],
  ])('of W4A4 in blocks of 32 at %d parameters is %d tokens (derived)', (parameters, critical) => {
    const found = forecast({ parameters, block: 32 });
    expect((found.criticalTokens ?? 0) / critical).toBeCloseTo(1, 5);
    expect(found.ratio).toBeCloseTo(100e9 / critical, 9);
    const curve = chen.curve(pointOf(request({ parameters, block: 32 })));
    const least = curve(critical).loss ?? 0;
    expect(curve(critical / 2).loss).toBeGreaterThan(least);
    expect(curve(critical * 2).loss).toBeGreaterThan(least);
  });

  it('does not exist where the gap does not grow with the tokens', () => {
    const flat = chen.withConstants({ gammaDW4A4: 0 }, 'ours.json');
    const found = flat.forecast(pointOf(request({})));
    expect(found).toMatchObject({ criticalTokens: null, hasCriticalSize: false, ratio: null });
    expect(found.gap).toBeGreaterThan(0);
    expect(found.calibration).toBe('ours.json');
  });
});

describe('absurd constants', () => {
  it('make it keep silent rather than say infinity', () => {
    const absurd = chen.withConstants({ gammaDW4A4: 1e3, gammaDW4A4Fc2: 1e3 }, 'ours.json');
    const point = pointOf(request({}));
    expect(absurd.forecast(point)).toMatchObject({ gap: null, loss: null, variants: [] });
    expect(absurd.curve(point)(1e11).gap).toBeNull();
  });
});

describe('what it speaks of', () => {
  it('has no gap for 16 bits without scaling, nor with a scale for every value', () => {
    const base = 237.7042 / 595e6 ** 0.3022 + 596.249 / 100e9 ** 0.3022 + 1.9279;
    const found = forecast({ format: 'bf16', block: null });
    expect(found).toMatchObject({ gap: 0, criticalTokens: null, hasCriticalSize: false });
    expect(found.bf16Loss).toBeCloseTo(base, 12);
    expect(forecast({ block: 1 })).toMatchObject({ gap: 0, criticalTokens: null });
  });

  it('takes FP4 as INT4 and a channel as 1024 values, and says so', () => {
    const fp4 = forecast({ format: 'fp4-e2m1' });
    expect(fp4.gap).toBe(forecast({}).gap);
    expect(fp4.notes[1]).toBe(
      'The law takes FP4 E2M1 as INT4, which its authors find to be alike.',
    );
    const channel = forecast({ granularity: 'channel', block: null });
    expect(channel.gap).toBeCloseTo(forecast({ block: 1024 }).gap ?? 0, 12);
    expect(gradeOf(channel)).toBe('inside');
    expect(gradeOf(forecast({ block: 1024 }))).toBe('unsupported');
  });

  it.each([
    [{ format: 'int8' }, 'The Chen law is of INT4 and FP4 E2M1, not of INT8.'],
    [{ format: 'nf4' }, 'The Chen law is of INT4 and FP4 E2M1, not of NF4.'],
    [{ format: 'mxfp8-e4m3' }, 'The Chen law is of INT4 and FP4 E2M1, not of MXFP8 E4M3.'],
    [
      { granularity: 'tensor', block: null },
      'The Chen law was fitted on blocks and channels that share a scale, on nothing else.',
    ],
    [
      { operands: ['gradients'] },
      'The Chen law is of quantised weights and activations, and here neither is.',
    ],
  ] satisfies [Partial<PointRequest>, string][])('keeps silent on %o', (changes, reason) => {
    const point = pointOf(request(changes));
    expect(chen.forecast(point)).toMatchObject({ gap: null, loss: null, notes: [reason] });
    expect(chen.formula(point)).toEqual([]);
    expect(chen.curve(point)(1e11).loss).toBeNull();
  });

  it('says in which respects a point lies outside of the fit', () => {
    expect(forecast({}).extrapolated).toEqual([]);
    expect(forecast({ parameters: 973e6, tokens: 200e9 }).extrapolated).toEqual([
      ...['parameters', 'tokens'],
    ]);
    expect(forecast({ parameters: 973e6, tokens: 200e9 }).notes.slice(-2)).toEqual([
      'N is 1.64× the largest of the fit (74 M to 595 M parameters).',
      'D is 2× the largest of the fit (10 B to 100 B tokens).',
    ]);
    const nvfp4 = forecast({ format: 'nvfp4', block: null, operands: [...both, 'gradients'] });
    expect(nvfp4.extrapolated).toEqual(['granularity', 'operands', 'scale']);
    expect(nvfp4.notes).toContain(
      'Quantised gradients and caches are not modelled: the law is of the forward pass.',
    );
  });

  it('comes to the figures of the public FP4 runs at 8 B and 12 B parameters', () => {
    const operands: readonly Operand[] = ['weights', 'activations', 'gradients'];
    const run = { operands, block: null, parameters: 8e9, tokens: 1e12 };
    expect(forecast({ ...run, format: 'nvfp4' }).gap).toBeCloseTo(0.025, 3);
    expect(forecast({ ...run, format: 'mxfp4' }).gap).toBeCloseTo(0.03, 3);
    const long = { ...run, format: 'nvfp4', parameters: 12e9, tokens: 10e12 };
    expect(forecast(long).gap).toBeCloseTo(0.027, 3);
  });
});

describe('the formula', () => {
  it('is the base and δ with the run’s numbers in it', () => {
    const point = pointOf(request({}));
    const lines = chen.formula(point);
    const { loss, gap } = chen.forecast(point);
    expect(lines[0]).toEqual(['L = A/N^α + B/D^β + E + δ']);
    expect(lines[3]).toEqual(['δ = k · D^γD · (log2 G)^γG / N^γN, W4A4']);
    expect(resultOf(lines[2])).toEqual({ term: loss });
    expect(resultOf(lines[4])).toEqual({ term: gap });
    expect(chen.curve(point)(point.tokens).gap).toBe(gap);
    const bf16 = pointOf(request({ format: 'bf16', block: null }));
    expect(chen.formula(bf16)).toHaveLength(3);
  });
});
