import { describe, expect, it } from 'vitest';
import { chinchilla } from '../../../src/core/laws/chinchilla/chinchilla.ts';
import { gradeOf } from '../../../src/core/laws/law.ts';
import { pointOf, resultOf } from './pointOf.ts';

const bf16 = { format: 'bf16', parameters: 1e9, tokens: 20e9 };
const scaling = { granularity: 'block', block: 128 } as const;

describe('the Chinchilla law', () => {
  it.each([
    [1e9, 20e9, 2.52921],
    [7e9, 140e9, 2.17268],
    [70e9, 1.4e12, 1.97342],
  ])('gives the loss of %d parameters and %d tokens by Besiroglu’s constants', (N, D, loss) => {
    const found = chinchilla.forecast(pointOf({ format: 'bf16', parameters: N, tokens: D }));
    expect(found.loss).toBeCloseTo(loss, 5);
    expect(found).toMatchObject({ gap: 0, criticalTokens: null, hasCriticalSize: false });
  });

  it('knows no number format', () => {
    for (const request of [
      { ...bf16, format: 'fp8-e4m3' },
      { ...bf16, format: 'nvfp4' },
      { ...bf16, block: 128 },
    ]) {
      const point = pointOf(request);
      expect(chinchilla.forecast(point)).toMatchObject({
        ...{ loss: null, bf16Loss: null, gap: null, hasCriticalSize: false },
        notes: ['The Chinchilla law knows no number format.'],
      });
      expect(chinchilla.formula(point)).toEqual([]);
      expect(chinchilla.curve(point)(1e10)).toEqual({ loss: null, bf16Loss: null, gap: null });
    }
    for (const format of ['bf16', 'fp16', 'tf32', 'fp32']) {
      expect(chinchilla.forecast(pointOf({ ...bf16, format })).gap).toBe(0);
    }
  });

  it('grades by the points of Hoffmann’s figure', () => {
    expect(gradeOf(chinchilla.forecast(pointOf(bf16)))).toBe('inside');
    const beyond = chinchilla.forecast(pointOf({ ...bf16, parameters: 70e9, tokens: 1.4e12 }));
    expect(beyond.extrapolated).toEqual(['parameters', 'tokens']);
    expect(gradeOf(beyond)).toBe('beyond');
  });

  it('draws its curve and its formula through the forecast', () => {
    const point = pointOf(bf16);
    const { loss } = chinchilla.forecast(point);
    expect(chinchilla.curve(point)(point.tokens).loss).toBe(loss);
    expect(resultOf(chinchilla.formula(point)[2])).toEqual({ term: loss });
  });
});

describe('its optimum', () => {
  it('is the least loss on C = 6·N·D', () => {
    const found = chinchilla.optimum?.({ scaling, fixed: 'compute', compute: 1e21 });
    expect(found?.bits).toBe(16);
    const N = found?.parameters ?? 0;
    expect(6 * N * (found?.tokens ?? 0)).toBeCloseTo(1e21, -8);
    const lossAt = (parameters: number) =>
      chinchilla.forecast(pointOf({ ...bf16, parameters, tokens: 1e21 / (6 * parameters) })).loss;
    expect(found?.loss).toBeCloseTo(lossAt(N) ?? 0, 12);
    for (const other of [0.5, 0.9, 1.1, 2]) {
      expect(lossAt(N * other)).toBeGreaterThan(found?.loss ?? Infinity);
    }
  });

  it('trains about 20 tokens a parameter at Chinchilla’s own budget, as Besiroglu et al. find', () => {
    const found = chinchilla.optimum?.({ scaling, fixed: 'compute', compute: 5.76e23 });
    const ratio = (found?.tokens ?? 0) / (found?.parameters ?? 1);
    expect(ratio).toBeGreaterThan(15);
    expect(ratio).toBeLessThan(25);
  });

  it('leaves open what the question leaves open', () => {
    expect(chinchilla.optimum?.({ scaling, fixed: 'tokens', tokens: 1e12 })).toMatchObject({
      ...{ bits: 16, parameters: null, tokens: 1e12, compute: null, loss: null },
    });
    const sized = { scaling, fixed: 'parameters', parameters: 1e9, compute: 1.2e20 } as const;
    const found = chinchilla.optimum?.(sized);
    expect(found).toMatchObject({ bits: 16, parameters: 1e9, tokens: 20e9, compute: 1.2e20 });
    expect(found?.loss).toBeCloseTo(2.52921, 5);
  });
});

describe('other constants', () => {
  it('move the loss, and the forecast says where they come from', () => {
    const hoffmann = { A: 406.4, B: 410.7, E: 1.69, alpha: 0.34, beta: 0.28 };
    const law = chinchilla.withConstants(hoffmann, 'calibration.json');
    const found = law.forecast(pointOf(bf16));
    expect(found.calibration).toBe('calibration.json');
    expect(found.loss).toBeCloseTo(1.69 + 406.4 / 1e9 ** 0.34 + 410.7 / 20e9 ** 0.28, 12);
    expect(law.constants).toEqual(hoffmann);
    expect(chinchilla.forecast(pointOf(bf16)).calibration).toBeNull();
  });
});
