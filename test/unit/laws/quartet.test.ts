import { describe, expect, it } from 'vitest';
import { gradeOf, type Forecast } from '../../../src/core/laws/law.ts';
import type { PointRequest } from '../../../src/core/laws/point.ts';
import { quartet } from '../../../src/core/laws/quartet/quartet.ts';
import { quartetGap } from '../../../src/core/laws/quartet/formulas.ts';
import { pointOf, resultOf } from './pointOf.ts';

/** The paper's smallest model at 100 tokens a parameter, in MXFP4 throughout. */
function request(changes: Partial<PointRequest>): PointRequest {
  return { parameters: 30_482_560, tokens: 3_048_256_000, format: 'mxfp4', ...changes };
}
const forecast = (changes: Partial<PointRequest>): Forecast =>
  quartet.forecast(pointOf(request(changes)));

describe('the complete method at 30 M parameters', () => {
  it.each([
    [25, 3.4731, 3.3975, 3.49],
    [50, 3.374, 3.2906, 3.38],
    [100, 3.2978, 3.2072, 3.29],
    [200, 3.2406, 3.1437, 3.24],
    [400, 3.1985, 3.0964, 3.2],
  ])('loses at %d tokens a parameter %d, beside %d in BF16', (ratio, loss, bf16Loss, table3) => {
    const found = forecast({ tokens: 30_482_560 * ratio });
    expect(found.loss).toBeCloseTo(loss, 4);
    expect(found.bf16Loss).toBeCloseTo(bf16Loss, 4);
    expect(found.hasCriticalSize).toBe(false);
    expect(found.criticalTokens).toBeNull();
    expect(Math.abs(loss - table3)).toBeLessThan(0.02);
  });
});

describe('the passes', () => {
  const gapWith = (effN: number, effD: number) =>
    quartetGap(30_482_560, 3_048_256_000, { effN, effD });

  it('have the efficiencies of table 2', () => {
    const all = forecast({});
    expect(all.gap).toBe(gapWith(0.65, 0.95));
    expect(all.variants[0]).toEqual({
      reading: 'with rounding to nearest in both passes',
      gap: gapWith(0.59, 0.93),
      criticalTokens: null,
    });
    const forward = forecast({ operands: ['weights', 'activations'] });
    expect(forward.gap).toBe(gapWith(0.64, 1));
    expect(forward.variants[0]?.gap).toBe(gapWith(0.59, 1));
    const backward = forecast({ operands: ['gradients'] });
    expect(backward.gap).toBe(gapWith(1, 0.93));
    expect(backward.variants[0]?.gap).toBe(gapWith(1, 0.88));
  });

  it('come with efficiencies of one’s own runs', () => {
    const law = quartet.withConstants({ effN: 0.7, effNForward: 0.72 }, 'ours.json');
    const found = law.forecast(pointOf(request({})));
    expect(found.gap).toBe(gapWith(0.7, 0.95));
    expect(found.calibration).toBe('ours.json');
    const forward = law.forecast(pointOf(request({ operands: ['weights', 'activations'] })));
    expect(forward.gap).toBe(gapWith(0.72, 1));
  });

  it('keep silent where one’s constants leave nothing of a run', () => {
    const absurd = quartet.withConstants({ effN: 0, effNNearest: -1 }, 'ours.json');
    const point = pointOf(request({}));
    const reason = 'With these constants the law leaves the run no parameters or no tokens.';
    expect(absurd.forecast(point)).toMatchObject({ loss: null, gap: null, notes: [reason] });
    expect(absurd.curve(point)(1e10).loss).toBeNull();
    expect(absurd.formula(point)).toEqual([]);
    const forward = pointOf(request({ operands: ['weights', 'activations'] }));
    expect(absurd.forecast(forward)).toMatchObject({ gap: gapWith(0.64, 1), variants: [] });
  });
});

describe('what it speaks of', () => {
  it('has no gap for 16 bits without scaling', () => {
    const found = forecast({ format: 'bf16' });
    expect(found).toMatchObject({ gap: 0, hasCriticalSize: false, variants: [], notes: [] });
    expect(found.loss).toBe(found.bf16Loss);
    expect(quartet.formula(pointOf(request({ format: 'bf16' })))).toHaveLength(2);
  });

  it.each([
    [{ format: 'fp8-e4m3' }, 'The Quartet law is of FP4 E2M1, not of FP8 E4M3.'],
    [{ format: 'int4' }, 'The Quartet law is of FP4 E2M1, not of INT4.'],
    [{ format: 'bf16', block: 128 }, 'The Quartet law is of FP4 E2M1, not of BF16.'],
    ...([['weights'], ['activations', 'gradients'], []] as const).map(
      (operands) =>
        [
          { operands },
          'The Quartet law is of weights and activations together, of gradients, or of all three.',
        ] as const,
    ),
  ] satisfies (readonly [Partial<PointRequest>, string])[])(
    'keeps silent on %o',
    (changes, reason) => {
      const point = pointOf(request(changes));
      expect(quartet.forecast(point)).toMatchObject({
        ...{ gap: null, loss: null, hasCriticalSize: false },
        notes: [reason],
      });
      expect(quartet.formula(point)).toEqual([]);
      expect(quartet.curve(point)(1e10).loss).toBeNull();
    },
  );

  it('calls another scaling than MXFP4’s outside of the fit', () => {
    expect(forecast({}).extrapolated).toEqual([]);
    expect(gradeOf(forecast({}))).toBe('inside');
    const nvfp4 = forecast({ format: 'nvfp4' });
    expect(nvfp4.gap).toBe(forecast({}).gap);
    expect(nvfp4.extrapolated).toEqual(['granularity', 'scale']);
    expect(nvfp4.notes).toContain('The efficiencies are of MXFP4; this is another scaling.');
    const cached = forecast({ operands: ['weights', 'activations', 'kv', 'gradients'] });
    expect(cached.extrapolated).toEqual(['operands']);
    expect(forecast({ parameters: 8e9, tokens: 15e12 }).extrapolated).toEqual([
      ...['parameters', 'tokens'],
    ]);
  });
});

describe('the formula', () => {
  it('is Quartet’s equation with the run’s numbers in it', () => {
    const point = pointOf(request({}));
    const lines = quartet.formula(point);
    const { loss, gap } = quartet.forecast(point);
    expect(lines[0]).toEqual(['L = (A/(N·effN)^α + B/(D·effD)^β)^γ + E']);
    expect(lines[1]).toContainEqual(' · 0.65)');
    expect(lines[1]).toContainEqual(' · 0.95)');
    expect(resultOf(lines[1])).toEqual({ term: loss });
    expect(resultOf(lines[2])).toEqual({ term: gap });
    expect(quartet.curve(point)(point.tokens)).toMatchObject({ loss, gap });
  });
});
