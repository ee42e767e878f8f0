import { describe, expect, it } from 'vitest';
import { capybara, noMinimumInPublicRuns } from '../../../src/core/laws/capybara.ts';
import type { Forecast } from '../../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';
import { lawById, laws } from '../../../src/core/laws/registry.ts';

/** Inside the fit in every respect, unless told otherwise. */
function forecast(request: Partial<PointRequest>): Forecast {
  const point = pointFor({
    parameters: 154_140_672,
    tokens: 52_428_800_000,
    format: 'e3m2',
    granularity: 'channel',
    operands: ['weights'],
    ...request,
  });
  if (!point) throw new Error('no point');
  return capybara.forecast(point);
}

describe('the shelf', () => {
  it('finds a law by its id', () => {
    expect(laws[0]).toBe(capybara);
    expect(lawById('capybara')).toBe(capybara);
    expect(lawById('Capybara')).toBeUndefined();
  });
});

describe('a forecast', () => {
  it('gives the numbers of the documented example', () => {
    const found = forecast({
      parameters: 6_442_450_944,
      tokens: 134_217_728_000,
      format: 'fp8-e4m3',
      granularity: 'tensor',
      operands: ['weights', 'activations', 'gradients'],
      gradientFormat: 'fp8-e5m2',
    });
    expect(found.loss).toBeCloseTo(2.36207, 5);
    expect(found.bf16Loss).toBeCloseTo(2.35967, 5);
    expect(found.gap).toBeCloseTo(0.0024015, 7);
    expect((found.criticalTokens ?? 0) / 1e12).toBeCloseTo(6.13808, 5);
    expect(found.ratio).toBeCloseTo(0.0218664, 7);
    expect(found.hasCriticalSize).toBe(true);
    expect(found.extrapolated).toEqual(['parameters', 'tokens', 'granularity', 'operands']);
    expect(found.notes).toContain(
      'The gradients are in FP8 E5M2, but the law knows one layout, here the forward one: an ' +
        'approximation.',
    );
  });

  it('has no gap and no critical size for 16 and 32 bits without scaling', () => {
    for (const format of ['bf16', 'fp16', 'tf32', 'fp32', 'e8m7']) {
      const found = forecast({ format, granularity: 'none', operands: ['weights', 'gradients'] });
      expect(found).toMatchObject({
        gap: 0,
        criticalTokens: null,
        hasCriticalSize: false,
        ratio: null,
        extrapolated: [],
      });
      expect(found.loss).toBe(found.bf16Loss);
    }
  });

  it('evaluates the term of BF16 when a block is stated: 1730 T at 1 B', () => {
    const found = forecast({ parameters: 1e9, format: 'bf16', granularity: 'block', block: 128 });
    expect((found.criticalTokens ?? 0) / 1e12).toBeCloseTo(1729.55, 2);
    expect(found.extrapolated).toContain('format');
  });

  it('has no term with a scale for every value', () => {
    const found = forecast({ format: 'fp4-e2m1', granularity: 'block', block: 1 });
    expect(found).toMatchObject({ gap: 0, criticalTokens: null, hasCriticalSize: false });
  });

  it('cannot speak of integers and code books, and says so', () => {
    for (const [format, name] of [
      ['int8', 'INT8'],
      ['nf4', 'NF4'],
    ] as const) {
      expect(forecast({ format })).toEqual({
        law: 'capybara',
        loss: null,
        bf16Loss: null,
        gap: null,
        criticalTokens: null,
        hasCriticalSize: true,
        ratio: null,
        extrapolated: [],
        notes: [
          `${name} has no exponent and mantissa bits, which are what the Capybara law is about.`,
        ],
      });
    }
    expect(forecast({ format: 'e0m7' }).gap).toBeGreaterThan(0);
  });

  it('cannot speak of a narrow format whose scaling is unknown', () => {
    const found = forecast({ format: 'fp8-e4m3', granularity: 'none' });
    expect(found).toMatchObject({ gap: null, criticalTokens: null, hasCriticalSize: true });
    expect(found.notes[0]).toContain('how many values share a scale');
  });
});

describe('what a point is extrapolated in', () => {
  it('is nothing inside the fit, at either end of it', () => {
    for (const parameters of [40_894_464, 679_477_248]) {
      for (const tokens of [10_485_760_000, 104_857_600_000]) {
        expect(forecast({ parameters, tokens }).extrapolated).toEqual([]);
      }
    }
  });

  it.each([
    [{ parameters: 40_894_463 }, ['parameters']],
    [{ parameters: 679_477_249 }, ['parameters']],
    [{ tokens: 10_485_759_999 }, ['tokens']],
    [{ tokens: 104_857_600_001 }, ['tokens']],
    [{ format: 'e2m2' }, ['format']],
    [{ format: 'e1m0' }, ['format']],
    [{ format: 'fp8-e5m2' }, []],
    [{ granularity: 'tensor' }, ['granularity']],
    [{ format: 'e1m1', granularity: 'block', block: 32 }, []],
    [{ format: 'e1m1', granularity: 'block', block: 512 }, []],
    [{ format: 'e1m1', granularity: 'block', block: 16 }, ['granularity']],
    [{ format: 'fp8-e4m3', granularity: 'block', block: 128 }, ['granularity']],
    [{ operands: ['weights', 'activations'] }, ['operands']],
    [{ operands: ['weights', 'kv'] }, ['operands']],
    [{ scale: 'fp32' }, []],
    [{ scale: 'e8m0' }, ['scale']],
    [{ format: 'mxfp4', granularity: 'block', block: 32 }, ['granularity', 'scale']],
  ] as const)('%o', (request, expected) => {
    expect(forecast(request).extrapolated).toEqual(expected);
  });
});

describe('what a forecast notes', () => {
  const joined = (request: Partial<PointRequest>): string => forecast(request).notes.join(' ');

  it('is only the missing error bars inside the fit', () => {
    expect(forecast({}).notes).toEqual([
      'The paper publishes no error bars, so this forecast has none.',
    ]);
  });

  it.each([
    [{ parameters: 7e9 }, '41 to 679 M'],
    [{ tokens: 15e12 }, '10.5 to 105 B'],
    [{ parameters: 1e12 }, 'fewer tokens than parameters'],
    [{ format: 'fp8-e4m3' }, 'precision term of E4M3 is at most 0.003 nats'],
    [{ format: 'e2m2' }, 'No run in E2M2'],
    [{ granularity: 'tensor' }, 'figure 12'],
    [{ granularity: 'block', block: 128 }, 'fitted on E1M1 alone'],
    [{ operands: ['gradients'] }, 'not modelled'],
    [{ scale: 'power of two' }, 'Quantised scales'],
    [{ gradientFormat: 'fp8-e5m2' }, 'approximation'],
  ] as const)('%o', (request, words) => {
    expect(joined(request)).toContain(words);
    expect(joined({})).not.toContain(words);
  });

  it('offers the sentence that public runs disagree', () => {
    expect(noMinimumInPublicRuns).toMatch(/^Published laws disagree: .*D\^0\.06 to D\^0\.18.*\.$/);
  });
});

describe('the curve through a point', () => {
  it('passes through the forecast and is least at its D_crit, tensor-wise too', () => {
    for (const granularity of ['tensor', 'channel'] as const) {
      const point = pointFor({ parameters: 7e9, tokens: 2e12, format: 'fp8-e4m3', granularity });
      if (!point) throw new Error('no point');
      const { loss, bf16Loss, gap, criticalTokens } = capybara.forecast(point);
      const curve = capybara.curve(point);
      expect(curve(2e12)).toEqual({ loss, bf16Loss, gap });
      const least = curve(criticalTokens ?? NaN).loss ?? NaN;
      for (const factor of [0.9, 0.99, 1.01, 1.1]) {
        expect(curve((criticalTokens ?? NaN) * factor).loss).toBeGreaterThan(least);
      }
    }
  });

  it('is the unquantised loss without scaling and null without a forecast', () => {
    const bf16 = pointFor({ parameters: 1e9, tokens: 1e11, format: 'bf16' });
    const int8 = pointFor({ parameters: 1e9, tokens: 1e11, format: 'int8' });
    if (!bf16 || !int8) throw new Error('no point');
    expect(capybara.curve(bf16)(2e11).gap).toBe(0);
    expect(capybara.curve(int8)(2e11)).toEqual({ loss: null, bf16Loss: null, gap: null });
  });
});
