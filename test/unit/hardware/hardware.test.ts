import { describe, expect, it } from 'vitest';
import { formatById } from '../../../src/core/formats/registry.ts';
import type { Accelerator } from '../../../src/core/hardware/accelerator.ts';
import { isNative, rateOf, speedupOverBf16 } from '../../../src/core/hardware/rates.ts';
import { acceleratorById, accelerators } from '../../../src/core/hardware/registry.ts';

function accelerator(id: string): Accelerator {
  const found = acceleratorById(id);
  if (!found) throw new Error(`no accelerator ${id}`);
  return found;
}

describe('the shelf', () => {
  it('lists the accelerators', () => {
    expect(accelerators.map((one) => one.id)).toEqual([
      ...['a100', 'h100', 'h200', 'b200', 'gb300', 'mi300x', 'mi355x'],
    ]);
    expect(acceleratorById('H100')).toBeUndefined();
  });

  it('rates formats of the formats shelf, each once', () => {
    for (const one of accelerators) {
      const ids = one.rates.map((rate) => rate.format);
      expect(ids.filter((id) => formatById(id)?.id !== id)).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

// Datasheets, dense: NVIDIA's figures with sparsity halved. Null = no such units.
describe('peak rates', () => {
  it.each([
    ['a100', 19.5, 156, 312, null, 624, null, null, null, null],
    ['h100', 67, 494.5, 989.5, 1979, 1979, null, null, null, null],
    ['h200', 67, 494.5, 989.5, 1979, 1979, null, null, null, null],
    ['b200', 75, 1125, 2250, 4500, 4500, 4500, 4500, 9000, 9000],
    ['gb300', 80, 1250, 2500, 5000, 165, 5000, 5000, 15000, 15000],
    ['mi300x', 163.4, 653.7, 1307.4, 2614.9, 2614.9, null, null, null, null],
    ['mi355x', 157.3, null, 2516.6, 5033.2, 5033.2, 5033.2, 10066.3, 10066.3, null],
  ])('%s', (id, fp32, tf32, bf16, fp8, int8, mxfp8, mxfp6, mxfp4, nvfp4) => {
    const rates = (ids: string): (number | null)[] =>
      ids.split(' ').map((format) => rateOf(accelerator(id), format));
    expect(rates('fp32 tf32 bf16 fp16 int8')).toEqual([fp32, tf32, bf16, bf16, int8]);
    expect(rates('fp8-e4m3 fp8-e5m2')).toEqual([fp8, fp8]);
    expect(rates('mxfp8-e4m3 mxfp8-e5m2')).toEqual([mxfp8, mxfp8]);
    expect(rates('mxfp6-e3m2 mxfp6-e2m3')).toEqual([mxfp6, mxfp6]);
    expect(rates('mxfp4 nvfp4 fp4-e2m1 nf4')).toEqual([mxfp4, nvfp4, null, null]);
  });

  it('has INT4 units on the A100 alone', () => {
    expect(accelerators.filter((one) => isNative(one, 'int4')).map((one) => one.id)).toEqual([
      'a100',
    ]);
    expect(rateOf(accelerator('a100'), 'int4')).toBe(1248);
  });

  // arXiv 2509.25149: FP4 at 4 times BF16 on GB200 (the ratio of B200 too), 6 times on GB300.
  it('gives the published speed-ups over BF16', () => {
    expect(speedupOverBf16(accelerator('b200'), 'nvfp4')).toBe(4);
    expect(speedupOverBf16(accelerator('gb300'), 'nvfp4')).toBe(6);
    expect(speedupOverBf16(accelerator('b200'), 'mxfp8-e4m3')).toBe(2);
    expect(speedupOverBf16(accelerator('h100'), 'fp8-e4m3')).toBe(2);
    expect(speedupOverBf16(accelerator('h100'), 'bf16')).toBe(1);
    expect(speedupOverBf16(accelerator('a100'), 'fp8-e4m3')).toBeNull();
  });

  it('tells native from not', () => {
    expect(isNative(accelerator('h100'), 'fp8-e5m2')).toBe(true);
    expect(isNative(accelerator('h100'), 'mxfp8-e4m3')).toBe(false);
    expect(isNative(accelerator('mi355x'), 'nvfp4')).toBe(false);
  });
});

describe('memory', () => {
  it.each([
    ['a100', 80e9, 2.039e12],
    ['h100', 80e9, 3.35e12],
    ['h200', 141e9, 4.8e12],
    ['b200', 180e9, 8e12],
    ['gb300', 288e9, 8e12],
    ['mi300x', 192e9, 5.3e12],
    ['mi355x', 288e9, 8e12],
  ])('%s', (id, memoryBytes, bandwidth) => {
    expect(accelerator(id)).toMatchObject({ memoryBytes, bandwidth });
  });
});
