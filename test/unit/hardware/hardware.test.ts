import { describe, expect, it } from 'vitest';
import { formatById } from '../../../src/core/formats/registry.ts';
import type { Accelerator } from '../../../src/core/hardware/accelerator.ts';
import { isNative, rateOf, speedupOverBf16 } from '../../../src/core/hardware/rates.ts';
import { acceleratorNamed } from '../../../src/core/hardware/named.ts';
import { acceleratorById, accelerators } from '../../../src/core/hardware/registry.ts';

function accelerator(id: string): Accelerator {
  const found = acceleratorById(id);
  if (!found) throw new Error(`no accelerator ${id}`);
  return found;
}

describe('the shelf', () => {
  it('finds an accelerator by its id as it is written', () => {
    expect(acceleratorById('h100')?.name).toMatch(/H100/);
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
    ['gb200', 80, 1250, 2500, 5000, 5000, 5000, 5000, 10000, 10000],
    ['b300', 75, 1125, 2250, 4500, 150, 4500, 4500, 14000, 14000],
    ['rtx5090', 104.8, null, 209.5, 419, 838, null, null, 1676, 1676],
    ['rtxpro6000', 126, 251.9, 503.8, 1007.6, 1007.6, null, null, 2015, 2015],
    ['l40s', 91.6, 183, 362.05, 733, 733, null, null, null, null],
    ['l4', 30.3, 60, 121, 242.5, 242, null, null, null, null],
    ['rtx4090', 82.6, 82.6, 165.2, 330.3, 660.6, null, null, null, null],
    ['mi325x', null, null, 1307.4, 2614.9, 2614.9, null, null, null, null],
    ['mi350x', null, null, 2306.9, 4613.7, 4613.7, 4613.7, 9227.5, 9227.5, null],
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

  it.each([
    ['tpu-v5e', { bf16: 197, int8: 393 }],
    ['tpu-v5p', { bf16: 459, 'fp8-e4m3': 459, 'fp8-e5m2': 459 }],
    ['tpu-v6e', { bf16: 918, 'fp8-e4m3': 918, 'fp8-e5m2': 918, int8: 1836 }],
    ['tpu7x', { bf16: 2307, 'fp8-e4m3': 4614, 'fp8-e5m2': 4614 }],
    ['trn2', { fp32: 181, tf32: 667, bf16: 667, fp16: 667 }],
    [
      'trn3',
      {
        ...{ fp32: 183, tf32: 671, bf16: 671, fp16: 671 },
        ...{ 'mxfp8-e4m3': 2517, 'mxfp8-e5m2': 2517, mxfp4: 2517 },
      },
    ],
    ['gaudi2', { bf16: 432, 'fp8-e4m3': 865, 'fp8-e5m2': 865 }],
    ['gaudi3', { bf16: 1835, 'fp8-e4m3': 1835, 'fp8-e5m2': 1835 }],
  ])('%s, which has few formats', (id, rates) => {
    const own = accelerator(id).rates.map((rate) => [rate.format, rate.teraflops]);
    expect(Object.fromEntries(own)).toEqual(rates);
  });

  it('has INT4 units on the A100 and Ada alone', () => {
    expect(accelerators.filter((one) => isNative(one, 'int4')).map((one) => one.id)).toEqual([
      'a100',
      'rtx4090',
      'l4',
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
    ['b200', 180e9, 7.672e12],
    ['gb200', 186e9, 8e12],
    ['b300', 288e9, 8e12],
    ['rtx4090', 24e9, 1.008e12],
    ['l4', 24e9, 0.3e12],
    ['l40s', 48e9, 0.864e12],
    ['rtx5090', 32e9, 1.792e12],
    ['rtxpro6000', 96e9, 1.792e12],
    ['mi325x', 256e9, 6e12],
    ['mi350x', 288e9, 8e12],
    ['tpu-v5e', 16e9, 0.819e12],
    ['tpu-v5p', 102e9, 2.765e12],
    ['tpu-v6e', 34.4e9, 1.638e12],
    ['tpu7x', 206e9, 7.38e12],
    ['trn2', 103e9, 2.9e12],
    ['trn3', 155e9, 4.9e12],
    ['gaudi2', 96e9, 2.46e12],
    ['gaudi3', 128e9, 3.67e12],
    ['gb300', 288e9, 8e12],
    ['mi300x', 192e9, 5.3e12],
    ['mi355x', 288e9, 8e12],
  ])('%s', (id, memoryBytes, bandwidth) => {
    expect(accelerator(id)).toMatchObject({ memoryBytes, bandwidth });
  });
});

describe('names as people write them', () => {
  it.each([
    ['H100:8', 'h100'],
    ['nvidia-h100-80gb-hbm3', 'h100'],
    ['gpu:h100:8', 'h100'],
    ['8xH200', 'h200'],
    ['h800', 'h100'],
    ['A800', 'a100'],
    ['gb200', 'gb200'],
    ['NVIDIA GeForce RTX 4090', 'rtx4090'],
    ['rtx-4090', 'rtx4090'],
    ['NVIDIA RTX PRO 6000 Blackwell', 'rtxpro6000'],
    ['AMD Instinct MI325X', 'mi325x'],
    ['v5p-256', 'tpu-v5p'],
    ['v5litepod-16', 'tpu-v5e'],
    ['tpu-v6e-8', 'tpu-v6e'],
    ['trn2.48xlarge', 'trn2'],
    ['gaudi3', 'gaudi3'],
    ['l4', 'l4'],
  ])('%s', (text, id) => {
    expect(acceleratorNamed(text)?.id).toBe(id);
  });

  it.each([
    'v100',
    'gpu',
    'gpu:8',
    'h100|a100',
    'h100-pcie',
    'NVIDIA H100 NVL',
    'A100-SXM4-40GB',
    'l40',
    '',
  ])('“%s” names none of the shelf', (text) => {
    expect(acceleratorNamed(text)).toBeNull();
  });
});
