import { describe, expect, it } from 'vitest';
import { acceleratorHours, runCost } from '../../../src/core/advise/cost.ts';
import { acceleratorsFilled, trainingMemory } from '../../../src/core/advise/memory.ts';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import type { Accelerator } from '../../../src/core/hardware/accelerator.ts';
import type { RunPoint } from '../../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';

function point(request: Partial<PointRequest>): RunPoint {
  const found = pointFor({ parameters: 7e9, tokens: 2e12, format: 'bf16', ...request });
  if (!found) throw new Error('no point');
  return found;
}

function accelerator(id: string): Accelerator {
  const found = acceleratorById(id);
  if (!found) throw new Error(id);
  return found;
}

const b200 = accelerator('b200');
const h100 = accelerator('h100');
const none = { accelerator: null, pricePerHour: null };

describe('the bit-linear cost', () => {
  it('is 6·N·D at 16 bits, with and without scales', () => {
    const cost = runCost(point({}), 16, none);
    expect(cost.bitLinear).toBeCloseTo(6 * 7e9 * 2e12, -8);
    expect(cost.bitLinearWithScales).toBe(cost.bitLinear);
    const tf32 = runCost(point({ format: 'tf32' }), 32, none);
    expect(tf32.bitLinearWithScales / ((6 / 16) * 19 * 7e9 * 2e12)).toBeCloseTo(1, 12);
  });

  // b = 8 scale bits over the block: MXFP8 0.25, MXFP4 0.25, NVFP4 0.5.
  it.each([
    ['mxfp8-e4m3', 8.25],
    ['mxfp4', 4.25],
    ['nvfp4', 4.5],
  ])('counts the scales of %s: %d bits', (format, bits) => {
    const cost = runCost(point({ format }), bits, none);
    expect(cost.bitLinearWithScales / cost.bitLinear).toBeCloseTo(bits / Math.floor(bits), 12);
    expect(cost.bitLinearWithScales).toBeCloseTo((6 / 16) * bits * 7e9 * 2e12, -9);
  });
});

describe('accelerator-hours', () => {
  // 6 · 7e9 · 2e12 = 8.4e22 FLOP; 989.5 TFLOP/s · 0.4 · 3600 s = 1.42488e18 FLOP an hour.
  it('are 6·N·D over 40 % of the peak rate: 58,952 on an H100 in BF16', () => {
    expect(acceleratorHours(h100, point({}))).toBeCloseTo(8.4e22 / 1.42488e18, 6);
    expect(acceleratorHours(h100, point({}))).toBeCloseTo(58952.333, 3);
  });

  it('halve in FP8 and quarter in NVFP4 on a B200, whose table has 2250, 4500 and 9000', () => {
    const bf16 = acceleratorHours(b200, point({})) ?? NaN;
    expect(acceleratorHours(b200, point({ format: 'mxfp8-e4m3' }))).toBeCloseTo(bf16 / 2, 8);
    expect(acceleratorHours(b200, point({ format: 'nvfp4' }))).toBeCloseTo(bf16 / 4, 8);
  });

  it('take the slower of two formats, and BF16 for what is left in 16 bits', () => {
    const bf16 = acceleratorHours(b200, point({})) ?? NaN;
    const hours = (request: Partial<PointRequest>) =>
      (acceleratorHours(b200, point({ format: 'nvfp4', ...request })) ?? NaN) / bf16;
    // Forward 2·N·D at four times the rate, backward 4·N·D with an FP8 operand at twice.
    expect(hours({ gradientFormat: 'fp8-e5m2' })).toBeCloseTo(1 / 3 / 4 + 2 / 3 / 2, 12);
    expect(hours({ operands: ['weights', 'activations'] })).toBeCloseTo(1 / 3 / 4 + 2 / 3, 12);
    expect(hours({ operands: ['weights'] })).toBeCloseTo(1, 12);
  });

  it('are unknown where a format is not native, and cost nothing known', () => {
    expect(acceleratorHours(h100, point({ format: 'nvfp4' }))).toBeNull();
    const cost = runCost(point({ format: 'nvfp4' }), 4.5, { accelerator: h100, pricePerHour: 2 });
    expect(cost).toMatchObject({ hours: null, money: null });
  });

  it('cost the price of an hour each', () => {
    const cost = runCost(point({}), 16, { accelerator: h100, pricePerHour: 2.5 });
    expect(cost.money).toBeCloseTo(2.5 * 58952.333, 2);
    expect(runCost(point({}), 16, { accelerator: h100, pricePerHour: null }).money).toBeNull();
  });
});

describe('memory', () => {
  // ZeRO, arXiv 1910.02054, section 3.1 and figure 1: 16 bytes a parameter, 120 GB for 7.5 B.
  it('is 120 GB for 7.5 B parameters in BF16', () => {
    const memory = trainingMemory({ total: 7.5e9, linear: 7e9 }, point({}), 16);
    expect(memory).toEqual({
      weights: 15e9,
      scales: 0,
      masterWeights: 30e9,
      gradients: 15e9,
      optimizer: 60e9,
      total: 120e9,
    });
    expect(acceleratorsFilled(memory, h100)).toBe(2);
  });

  it('shrinks by the linear weights alone: NVFP4 stores 4 bits and an 8-bit scale per 16', () => {
    const stored = { total: 8e9, linear: 7e9 };
    const memory = trainingMemory(stored, point({ format: 'nvfp4' }), 4.5);
    expect(memory.weights).toBe(7e9 / 2 + 1e9 * 2);
    expect(memory.scales).toBe(7e9 / 16);
    expect(memory.total).toBe(5.5e9 + 0.4375e9 + 14 * 8e9);
  });

  it('keeps weights in 16 bits that are not quantised', () => {
    const activations = point({ format: 'fp8-e4m3', operands: ['activations'] });
    const memory = trainingMemory({ total: 8e9, linear: 7e9 }, activations, 8.25);
    expect([memory.weights, memory.scales]).toEqual([16e9, 0]);
  });

  it('is 16 bytes a parameter in FP32 too, without master weights', () => {
    const memory = trainingMemory({ total: 1e9, linear: 1e9 }, point({ format: 'tf32' }), 32);
    expect([memory.weights, memory.masterWeights, memory.gradients]).toEqual([4e9, 0, 4e9]);
    expect(memory.total).toBe(16e9);
  });
});
