import { describe, expect, it } from 'vitest';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { lawInForce, lawsInForce } from '../../../src/core/laws/calibration.ts';
import { gradeOf, type Forecast } from '../../../src/core/laws/law.ts';
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
        interval: null,
        criticalTokens: null,
        hasCriticalSize: true,
        ratio: null,
        extrapolated: [],
        variants: [],
        calibration: null,
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

describe('a hybrid recipe', () => {
  it('has the backward layout as its other reading: E5M2 costs 1.42 times E4M3', () => {
    const found = forecast({ format: 'fp8-e4m3', gradientFormat: 'fp8-e5m2' });
    expect(found.variants).toHaveLength(1);
    const [variant] = found.variants;
    expect(variant?.reading).toBe('with the backward layout FP8 E5M2 in place of the forward one');
    // g of E4M3 is 4929, of E5M2 3462 (E + 0.5)^δ·(M + 0.5)^ν.
    expect((variant?.gap ?? 0) / (found.gap ?? 1)).toBeCloseTo(4929 / 3462, 3);
    expect(variant?.criticalTokens).toBe(
      forecast({ format: 'fp8-e5m2', gradientFormat: null }).criticalTokens,
    );
  });

  it('has none with one layout throughout, or gradients without a layout', () => {
    expect(forecast({ gradientFormat: 'e3m2' }).variants).toEqual([]);
    expect(forecast({ gradientFormat: 'int8' }).variants).toEqual([]);
    expect(
      forecast({ gradientFormat: 'bf16', format: 'fp16', granularity: 'none' }).variants,
    ).toEqual([]);
  });
});

describe('the law with other constants', () => {
  const tensor = pointFor({
    parameters: 679_477_248,
    tokens: 10_485_760_000,
    format: 'e1m1',
    granularity: 'tensor',
    operands: ['weights'],
  });

  it('takes the constants of tensor-wise scaling, N^ω / (ξ·D^η), which the paper leaves out', () => {
    if (!tensor) throw new Error('no point');
    // What the stand-in reads off figure 12 as constants: the same number, no longer rough.
    const same = capybara.withConstants({ omega: 0.245, xi: 1 / 107, eta: 0.245 }, 'c.json');
    expect(same.forecast(tensor).gap).toBeCloseTo(capybara.forecast(tensor).gap ?? 0, 10);
    expect(same.forecast(tensor).calibration).toBe('c.json');
    expect(same.forecast(tensor).notes).toContain(
      'The constants of tensor-wise scaling are those given; the paper prints none.',
    );
    const half = capybara.withConstants({ omega: 0.245, xi: 2 / 107, eta: 0.245 }, 'c.json');
    expect(half.forecast(tensor).gap).toBeCloseTo((capybara.forecast(tensor).gap ?? 0) / 2, 10);
    // Without all three the stand-in stays.
    const partly = capybara.withConstants({ omega: 0.5 }, 'c.json').forecast(tensor);
    expect(partly.gap).toBe(capybara.forecast(tensor).gap);
  });

  it('keeps the constants that are not named, and changes no other law', () => {
    if (!tensor) throw new Error('no point');
    const other = capybara.withConstants({ epsilon: 1 }, 'c.json');
    expect(other.constants).toMatchObject({ epsilon: 1, alpha: 0.2368, omega: null });
    expect((capybara.forecast(tensor).loss ?? 0) - (other.forecast(tensor).loss ?? 0)).toBeCloseTo(
      0.9061,
      10,
    );
    expect(
      (capybara.curve(tensor)(1e12).loss ?? 0) - (other.curve(tensor)(1e12).loss ?? 0),
    ).toBeCloseTo(0.9061, 10);
    expect(lawInForce('capybara', null)).toBe(capybara);
    const calibration = {
      file: 'c.json',
      law: 'capybara',
      constants: { epsilon: { value: 1, low: null, high: null } },
    };
    expect(lawInForce('capybara', calibration)?.constants.epsilon).toBe(1);
    expect(lawInForce('kumar', calibration)).toBe(lawById('kumar'));
    expect(lawsInForce(calibration).map(({ id }) => id)).toEqual(laws.map(({ id }) => id));
  });
});

describe('the formula', () => {
  it('is equation 18, then the run’s numbers in it', () => {
    const point = pointFor({
      ...{ parameters: 6_442_450_944, tokens: 134_217_728_000 },
      ...{ format: 'fp8-e4m3', granularity: 'block', block: 128 },
    });
    if (!point) throw new Error('no point');
    const lines = capybara.formula(point);
    expect(lines.map(([first]) => first)).toEqual([
      'L = n/N^α + d/D^β + ε + gap',
      '  = 69.2343/',
      '  = ',
      'gap = D^β/N^α · log2 B / (γ (E+0.5)^δ (M+0.5)^ν)',
      '    = ',
    ]);
    const { loss, gap } = capybara.forecast(point);
    expect(lines[2]?.at(-1)).toEqual({ term: loss });
    expect(lines[4]?.at(-1)).toEqual({ term: gap });
    expect(lines[1]).toContainEqual({ size: 6_442_450_944 });
  });
});

describe('the grade of a forecast', () => {
  it('tells inside, beyond in size, and a form that no data support', () => {
    expect(gradeOf(forecast({}))).toBe('inside');
    expect(gradeOf(forecast({ parameters: 7e9 }))).toBe('beyond');
    expect(gradeOf(forecast({ operands: ['weights', 'activations'] }))).toBe('unsupported');
    expect(gradeOf(forecast({ parameters: 7e9, scale: 'e8m0' }))).toBe('unsupported');
    expect(gradeOf(forecast({ format: 'int8' }))).toBeNull();
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
    [{ parameters: 7e9 }, '40.9 M to 679 M'],
    [{ tokens: 15e12 }, '10.5 B to 105 B'],
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

  it('is held against by public runs, first of all', () => {
    const [size, growth] = capybara.evidence.against;
    expect(size).toMatch(/^Public FP4 runs, .* 12 B .* 10 T tokens .* show no token count past /);
    expect(growth).toMatch(/30 to 822 M .* D\^0\.06 to D\^0\.18, not as D\^0\.52; .* D\^0\.48/);
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
