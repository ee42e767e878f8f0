import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';
import { quartetGap } from '../../../src/core/laws/quartet/formulas.ts';
import { unified } from '../../../src/core/laws/unified/unified.ts';
import { capacity } from '../../../src/core/laws/unified/formulas.ts';

function pointOf(request: Partial<PointRequest>) {
  const point = pointFor({
    parameters: 102_777_856,
    tokens: 10e9,
    format: 'int4',
    operands: ['weights'],
    ...request,
  });
  if (!point) throw new Error('no point');
  return point;
}

function forecast(request: Partial<PointRequest>): Forecast {
  return unified.forecast(pointOf(request));
}

describe('the capacity', () => {
  // The paper's capacities of QuEST's weights (arXiv 2506.01863), with the errors simulated.
  it.each([
    [2, 0.11919, 0.57],
    [3, 0.03759, 0.75],
    [4, 0.01161, 0.87],
    [8, 9e-5, 0.99],
  ])('of %i bits is the one that the paper prints', (_, gmse, printed) => {
    expect(Math.abs(capacity(gmse) - printed)).toBeLessThan(0.0045);
  });

  it('is nothing where the error is as large as the values, and all where there is none', () => {
    expect(capacity(1)).toBe(0);
    expect(capacity(1.6)).toBe(0);
    expect(capacity(1e-30)).toBeCloseTo(1, 10);
  });
});

describe('a forecast', () => {
  it('takes the printed capacity of the weights away from N', () => {
    const { gap, notes, hasCriticalSize, extrapolated } = forecast({});
    const expected = quartetGap(102_777_856, 10e9, { effN: 0.87, effD: 1 });
    expect(Math.abs((gap ?? 0) / expected - 1)).toBeLessThan(0.03);
    expect(hasCriticalSize).toBe(false);
    expect(extrapolated).toEqual([]);
    expect(notes[0]).toContain('our own fit');
  });

  it('multiplies the capacities of weights and activations', () => {
    const one = forecast({}).gap ?? 0;
    const both = forecast({ operands: ['weights', 'activations'] });
    const effN = 0.8669 ** 2;
    expect(both.gap).toBeCloseTo(quartetGap(102_777_856, 10e9, { effN, effD: 1 }), 4);
    expect(both.gap).toBeGreaterThan(2 * one);
    expect(both.extrapolated).toEqual(['operands']);
  });

  it('knows a format by its error under its scaling', () => {
    // q of E2M1 on normal values: 0.009035 in 16 under E4M3, 0.0119 in 128, 0.0199 per tensor.
    const gapAt = (gmse: number): number =>
      quartetGap(102_777_856, 10e9, { effN: capacity(gmse), effD: 1 });
    expect((forecast({ format: 'nvfp4' }).gap ?? 0) / gapAt(0.009035)).toBeCloseTo(1, 2);
    expect((forecast({ format: 'fp4-e2m1' }).gap ?? 0) / gapAt(0.01187)).toBeCloseTo(1, 2);
    expect(forecast({ format: 'nvfp4' }).extrapolated).toEqual(['format', 'granularity', 'scale']);
  });

  it('does not model gradients and caches', () => {
    const all = forecast({ operands: ['weights', 'activations', 'gradients', 'kv'] });
    expect(all.gap).toBe(forecast({ operands: ['weights', 'activations'] }).gap);
    expect(all.notes.join(' ')).toContain('are not modelled');
    expect(forecast({ operands: ['gradients'] }).gap).toBeNull();
  });

  it('is silent, with the reason, where it has no error to go by', () => {
    const unscaled = forecast({ format: 'fp8-e4m3', granularity: 'none' });
    expect(unscaled).toMatchObject({ gap: null, hasCriticalSize: false });
    expect(unscaled.notes[0]).toContain('scaling of the format is not known');
    expect(forecast({ format: 'e0m0', block: 16, operands: ['gradients'] }).gap).toBeNull();
  });

  it('has no gap for BF16 without scaling', () => {
    expect(forecast({ format: 'bf16' })).toMatchObject({ gap: 0, hasCriticalSize: false });
  });
});

describe('the law', () => {
  it('says whose fit its constants are', () => {
    expect(unified.fit).toBe('own');
    expect(unified.constants).toMatchObject({ F: 0.4003, C: 0.9351, A: 1.52e5 });
  });

  it('has a curve and a formula that agree with its forecast', () => {
    const point = pointOf({ operands: ['weights', 'activations'] });
    const { loss, bf16Loss, gap } = unified.forecast(point);
    expect(unified.curve(point)(point.tokens)).toEqual({ loss, bf16Loss, gap });
    const terms = unified
      .formula(point)
      .flatMap((line) =>
        line.flatMap((piece) => (typeof piece === 'object' && 'term' in piece ? [piece.term] : [])),
      );
    expect(terms[0]).toBeCloseTo(0.8669, 3);
    expect(terms.at(-1)).toBeCloseTo(gap ?? 0, 6);
  });

  it('takes other constants and says whose', () => {
    const found = unified.withConstants({ F: 0.3 }, 'calibration.json').forecast(pointOf({}));
    expect(found.calibration).toBe('calibration.json');
    expect(found.gap).toBeGreaterThan(forecast({}).gap ?? 1);
  });
});
