import { describe, expect, it } from 'vitest';
import { gradeOf, type Forecast } from '../../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';
import { pooled } from '../../../src/core/laws/pooled/pooled.ts';
import {
  backwardCosts,
  forwardCosts,
  gapAtInfinity,
  pooledConstants,
  pooledEffective,
  type OperandErrors,
} from '../../../src/core/laws/pooled/formulas.ts';
import { quartetGap } from '../../../src/core/laws/quartet/formulas.ts';

function pointOf(request: Partial<PointRequest>) {
  const point = pointFor({
    parameters: 102_777_856,
    tokens: 10e9,
    format: 'nvfp4',
    ...request,
  });
  if (!point) throw new Error('no point');
  return point;
}

function forecast(request: Partial<PointRequest>): Forecast {
  return pooled.forecast(pointOf(request));
}

const forward = { operands: ['weights', 'activations'] } as const;
const nothing: OperandErrors = { qw: 0, qx: 0, qe1: 0, qwb: 0, qe2: 0, qxb: 0 };

/** Errors of NVIDIA's NVFP4 recipe, which is a variant of the law's NVFP4. */
const nvidia = {
  qw: 0.012411,
  qx: 0.0085903,
  qe1: 0.024808,
  qwb: 0,
  qe2: 0.023608,
  qxb: 0.0090279,
};

describe('the formulas', () => {
  it('give h and the shares of N and D of the reference recipes', () => {
    const { effN, effD } = pooledEffective(nvidia);
    expect(forwardCosts(nvidia)).toBeCloseTo(0.37221, 5);
    expect(effN).toBeCloseTo(0.6708, 4);
    expect(effD).toBeCloseTo(0.9733, 4);
    expect(backwardCosts(nothing)).toBe(0);
    expect(pooledEffective(nothing)).toEqual({ effN: 1, effD: 1 });
  });

  it('bend to a power of the error where s is 0', () => {
    const straight = { ...pooledConstants, s: 0, c: 3.05, p: 0.612 };
    expect(forwardCosts({ ...nothing, qw: 0.01 }, straight)).toBeCloseTo(3.05 * 0.01 ** 0.612, 12);
  });

  it('give the gaps of NVIDIA’s recipe, 85 % of the layers quantised or all', () => {
    const gap = (N: number, D: number, phi: number): number =>
      quartetGap(N, D, pooledEffective(nvidia, phi));
    expect(gap(8e9, 1e12, 0.85)).toBeCloseTo(0.027175, 6);
    expect(gap(8e9, 15e12, 1)).toBeCloseTo(0.040415, 6);
    expect(gap(30_482_560, 3e9, 1)).toBeCloseTo(0.081513, 6);
  });

  it('give the gap that more tokens lead up to', () => {
    expect(gapAtInfinity(1e8, nvidia)).toBeCloseTo(0.089531, 6);
    const far = quartetGap(1e8, 1e30, pooledEffective(nvidia));
    expect(far).toBeCloseTo(gapAtInfinity(1e8, nvidia), 6);
  });
});

describe('a forecast by recipe', () => {
  it.each([
    [{ format: 'nvfp4' }, 0.064065, 'NVFP4 fwd+bwd, SR grads'],
    [{ format: 'mxfp4' }, 0.084605, 'MXFP4 QuEST fwd, SR bwd'],
    [{ format: 'mxfp8-e4m3' }, 0.008347, 'MXFP8 E4M3 all'],
    [{ format: 'fp8-e4m3', granularity: 'tensor' }, 0.008828, 'FP8 E4M3 tensor, E5M2 grads'],
    [{ format: 'int8', ...forward }, 0.001709, 'INT8 W8A8 rms+H fwd'],
    [{ format: 'int4', operands: ['weights'] }, 0.030962, 'INT4 weight only'],
    [{ format: 'bf16', block: 128 }, 0.00013, 'BF16 (E8M7)'],
  ] as const)('%o gives the reference gap and says which recipe', (request, gap, recipe) => {
    const found = forecast(request);
    expect(found.gap).toBeCloseTo(gap, 6);
    expect(found.notes.join(' ')).toContain(`is taken as the pooled fit’s recipe “${recipe}”`);
    expect(found.hasCriticalSize).toBe(false);
    expect(found.criticalTokens).toBeNull();
  });

  it('comes within a quarter of the gap that QuEST measured in two and three bits', () => {
    // W3A3 and W2A2 with a rotation, 102.8 M parameters (gaps of its public runs to their twins).
    const gap = (format: string): number => forecast({ format, ...forward }).variants[0]?.gap ?? 0;
    expect(Math.abs(Math.log(gap('int3') / 0.15084))).toBeLessThan(0.25);
    expect(Math.abs(Math.log(gap('int2') / 0.3495))).toBeLessThan(0.25);
  });

  it('leaves out the operands that are not quantised', () => {
    // Reference h of NVFP4 is 0.3305: effN 0.7186 and effD 1.
    const found = forecast(forward);
    const expected = quartetGap(102_777_856, 10e9, { effN: Math.exp(-0.3305), effD: 1 });
    expect(found.gap).toBeCloseTo(expected, 5);
    const weights = forecast({ operands: ['weights'] }).gap ?? 0;
    expect(weights).toBeLessThan((found.gap ?? 0) * 0.6);
  });

  it('gives NVIDIA’s recipe as another reading of NVFP4', () => {
    const [variant] = forecast({ parameters: 8e9, tokens: 1e12 }).variants;
    expect(variant?.gap).toBeCloseTo(0.027175, 6);
    expect(variant?.reading).toContain('85 %');
  });

  it('gives integers of four bits with a rotation as another reading', () => {
    const { gap, variants, notes } = forecast({ format: 'int4', block: 128, ...forward });
    expect(variants[0]?.gap).toBeCloseTo(0.063963, 6);
    expect(variants[0]?.reading).toContain('INT4 W4A4 rms+H fwd');
    expect(gap).toBeGreaterThan(0.063963 * 1.3);
    expect(notes.join(' ')).toContain('was computed for INT4');
  });

  it.each(['int2', 'int3', 'int4'])('lets the gap of %s grow with the block', (format) => {
    const gaps = [127, 128, 129, 256, 4096].map(
      (block) => forecast({ format, block, ...forward }).gap ?? 0,
    );
    const channel = forecast({ format, granularity: 'channel', ...forward }).gap ?? 0;
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(channel).toBeGreaterThan(gaps[2] ?? Infinity);
  });
});

describe('a forecast by computed errors', () => {
  it('takes the errors of the table for another block', () => {
    // q of INT4 in blocks of 32 under FP32 scales: 0.009411 normal, 0.01468 Laplace.
    const found = forecast({ format: 'int4', block: 32, ...forward });
    const effective = pooledEffective({ ...nothing, qw: 0.009411, qx: 0.01468 });
    const expected = quartetGap(102_777_856, 10e9, effective);
    expect(Math.abs((found.gap ?? 0) / expected - 1)).toBeLessThan(0.01);
    expect(found.notes.join(' ')).toContain('was computed for INT4');
    expect(found.interval).toBeNull();
    expect(found.extrapolated).toEqual(['granularity']);
  });

  it('takes the gradients’ own format beside a recipe', () => {
    // q of MXFP8 E5M2 gradients, power-of-two scales rounded up: 0.002778 Laplace.
    const found = forecast({ format: 'mxfp8-e4m3', gradientFormat: 'mxfp8-e5m2' });
    const [qw, qx, qe] = [0.0007025, 0.00070402, 0.002778];
    const errors = { qw, qx, qe1: qe, qwb: qw, qe2: qe, qxb: qx };
    const expected = quartetGap(102_777_856, 10e9, pooledEffective(errors));
    expect(found.gap).toBeCloseTo(expected, 5);
    expect(found.notes.join(' ')).toContain('with the error of the gradients computed');
  });

  it('rounds gradients of four bits stochastically', () => {
    // E2M1 in blocks of 128: SR of Laplace values is about twice their 0.01463 to nearest.
    const full = forecast({ format: 'fp4-e2m1' }).gap ?? 0;
    const [qw, qx] = [0.01187, 0.01463];
    const twice = { qw, qx, qe1: 2 * qx, qwb: qw, qe2: 2 * qx, qxb: qx };
    const expected = quartetGap(102_777_856, 10e9, pooledEffective(twice));
    expect(Math.abs(full / expected - 1)).toBeLessThan(0.02);
  });
});

describe('a silent forecast', () => {
  it('says why', () => {
    const unscaled = forecast({ format: 'fp8-e4m3', granularity: 'none' });
    expect(unscaled).toMatchObject({ gap: null, loss: null, hasCriticalSize: false });
    expect(unscaled.notes[0]).toContain('scaling of the format is not known');
    expect(forecast({ operands: ['kv'] }).gap).toBeNull();
  });

  it('has no gap for BF16 without scaling', () => {
    expect(forecast({ format: 'bf16' })).toMatchObject({ gap: 0, hasCriticalSize: false });
  });
});

describe('the interval', () => {
  const widths = (request: Partial<PointRequest>): number[] | null => {
    const { gap, interval } = forecast(request);
    if (!interval || gap === null) return null;
    const [low, high] = interval;
    return [Math.log(gap / (low + 0.0025)), Math.log((high - 0.0025) / gap)];
  };

  it.each([
    ['the fitted runs', {}, 0.25],
    ['sizes up to 2 B', { parameters: 1.6e9, tokens: 38e9 }, 0.35],
    ['sizes above', { parameters: 8e9, tokens: 1e12 }, 1.1],
    ['eight bits above', { format: 'mxfp8-e4m3', parameters: 8e9 }, 1.1],
    ['eight bits', { format: 'mxfp8-e4m3' }, 0.5],
    ['gradients alone', { operands: ['gradients'] }, 0.7],
  ] as const)('of %s is as wide as the runs held out were far', (_, request, width) => {
    const found = widths(request);
    expect(found?.[0]).toBeCloseTo(width, 6);
    expect(found?.[1]).toBeCloseTo(width, 6);
  });

  it('is none where no run supports one', () => {
    expect(widths({ format: 'fp6-e3m2' })).toBeNull();
    expect(widths({ format: 'fp4-e2m1', granularity: 'channel', ...forward })).toBeNull();
    expect(widths({ format: 'int4' })).toBeNull();
    expect(widths({ operands: ['weights', 'activations', 'kv'] })).toBeNull();
  });
});

describe('the domain', () => {
  it('is the fitted runs', () => {
    expect(forecast({}).extrapolated).toEqual([]);
    expect(gradeOf(forecast({}))).toBe('inside');
    expect(forecast({ format: 'mxfp4' }).extrapolated).toEqual([]);
    expect(forecast({ format: 'int8', ...forward }).extrapolated).toEqual([]);
    expect(gradeOf(forecast({ parameters: 8e9, tokens: 1e12 }))).toBe('beyond');
    expect(forecast({ parameters: 8e9, tokens: 1e12 }).extrapolated).toEqual([
      'parameters',
      'tokens',
    ]);
  });

  it('does not have eight-bit floats, other blocks or scales, and caches in it', () => {
    expect(forecast({ format: 'mxfp8-e4m3' }).extrapolated).toEqual(['format', 'operands']);
    expect(forecast({ format: 'fp8-e4m3', ...forward }).extrapolated).toEqual([
      'format',
      'granularity',
    ]);
    expect(forecast({ scale: 'e8m0' }).extrapolated).toEqual(['scale']);
    expect(forecast({ operands: ['weights', 'kv'] }).extrapolated).toEqual(['operands']);
  });

  it('is told when a run is longer than any', () => {
    const notes = forecast({ tokens: 79e9, parameters: 31e6 }).notes;
    expect(notes).toContain('No fitted run has more than 1575 tokens a parameter.');
  });
});

describe('the law', () => {
  it('says whose fit it is', () => {
    expect(pooled.fit).toBe('own');
    expect(pooled.source).toContain('not published');
    expect(forecast({}).notes[0]).toContain('Our own fit');
    expect(pooled.criticalSize.exists).toBe(false);
  });

  it('has a curve through its forecast, on which the gap rises towards its limit', () => {
    const point = pointOf({});
    const { loss, bf16Loss, gap } = forecast({});
    const curve = pooled.curve(point);
    expect(curve(point.tokens)).toEqual({ loss, bf16Loss, gap });
    const gaps = [1e10, 1e12, 1e14].map((tokens) => curve(tokens).gap ?? 0);
    expect(gaps[1]).toBeGreaterThan(gaps[0] ?? 1);
    expect(gaps[2]).toBeGreaterThan(gaps[1] ?? 1);
    const note = forecast({}).notes.at(-1) ?? '';
    const limit = Number(/towards ([\d.]+) nats/.exec(note)?.[1]);
    expect(gaps[2]).toBeLessThan(limit);
    expect(gaps[2]).toBeGreaterThan(limit * 0.97);
  });

  it('shows its formula with the run’s numbers', () => {
    const terms = pooled
      .formula(pointOf({}))
      .flatMap((line) =>
        line.flatMap((piece) => (typeof piece === 'object' && 'term' in piece ? [piece.term] : [])),
      );
    expect(terms.at(-1)).toBe(forecast({}).gap);
    expect(terms.some((term) => Math.abs(term - 0.3305) < 1e-5)).toBe(true);
    expect(pooled.formula(pointOf({ format: 'fp8-e4m3', granularity: 'none' }))).toEqual([]);
  });

  it('takes other constants and says whose', () => {
    const calibrated = pooled.withConstants({ c: 2 * 5.9247, E: 1.6 }, 'runs/calibration.json');
    const found = calibrated.forecast(pointOf({}));
    expect(found.calibration).toBe('runs/calibration.json');
    expect(found.gap).toBeGreaterThan((forecast({}).gap ?? 0) * 1.3);
    expect(found.bf16Loss).toBeCloseTo((forecast({}).bf16Loss ?? 0) + 0.25, 10);
    expect(calibrated.constants).toMatchObject({ c: 11.8494, p: 0.7439, alpha: 0.589 });
  });
});
