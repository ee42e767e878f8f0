import { describe, expect, it } from 'vitest';
import { decode, quantise } from '../../../src/core/formats/codes.ts';
import { formatById, formats } from '../../../src/core/formats/registry.ts';
import type { NumberFormat } from '../../../src/core/formats/format.ts';

function format(id: string): NumberFormat {
  const found = formatById(id);
  if (!found) throw new Error(`no format ${id}`);
  return found;
}

function codes(of: NumberFormat): number[] {
  return Array.from({ length: 2 ** of.bits }, (_, code) => code);
}

/**
 * The non-negative values of a floating-point format by counting up instead of decoding: codes in
 * order are values in order, and the step doubles every 2^M codes once the subnormals and the
 * first normal exponent, which share one, are done.
 */
function byCounting(exponentBits: number, mantissaBits: number, step: number): number[] {
  const values = [0];
  let ulp = step;
  for (let code = 1; code < 2 ** (exponentBits + mantissaBits); code++) {
    const inBinade = 2 ** mantissaBits;
    if (code > 2 * inBinade && (code - 1) % inBinade === 0) ulp *= 2;
    values.push((values[code - 1] ?? NaN) + ulp);
  }
  return values;
}

describe('the shelf', () => {
  it('lists the ids of the command line in order', () => {
    expect(formats.map((one) => one.id).join(' ')).toBe(
      'fp32 tf32 bf16 fp16 fp8-e4m3 fp8-e5m2 fp6-e3m2 fp6-e2m3 fp4-e2m1 int8 int4 nf4 ' +
        'mxfp8-e4m3 mxfp8-e5m2 mxfp6-e3m2 mxfp6-e2m3 mxfp4 nvfp4',
    );
  });

  it('resolves any layout and aliases nothing', () => {
    expect(formatById('e3m4')).toMatchObject({ id: 'e3m4', bits: 8, exponentBits: 3 });
    expect(formatById('e0m7')).toMatchObject({ bits: 8, exponentBits: 0, mantissaBits: 7 });
    expect(formatById('e8m7')?.special).toBe('none');
    expect(formatById('int3')).toMatchObject({ id: 'int3', name: 'INT3', bits: 3, maximum: 3 });
    expect(formatById('int16')).toMatchObject({ exponentBits: null, maximum: 32767 });
    for (const id of [
      'int1',
      'int17',
      'int04',
      'int',
      'uint4',
      'fp8',
      'E4M3',
      'bfloat16',
      'e4m03',
      'e11m2',
      'e2m53',
      'em',
      '',
      'e4m3fn',
    ]) {
      expect(formatById(id)).toBeUndefined();
    }
  });

  // Largest value, smallest normal, smallest subnormal, bias, stored bits: IEEE 754, OCP OFP8
  // table 2, OCP MX v1.0 tables of FP6 and FP4.
  it.each([
    ['fp32', 32, 3.4028234663852886e38, 2 ** -126, 2 ** -149, 127, 32],
    ['tf32', 19, 3.4011621342146535e38, 2 ** -126, 2 ** -136, 127, 32],
    ['bf16', 16, 3.3895313892515355e38, 2 ** -126, 2 ** -133, 127, 16],
    ['fp16', 16, 65504, 2 ** -14, 2 ** -24, 15, 16],
    ['fp8-e4m3', 8, 448, 2 ** -6, 2 ** -9, 7, 8],
    ['fp8-e5m2', 8, 57344, 2 ** -14, 2 ** -16, 15, 8],
    ['fp6-e3m2', 6, 28, 0.25, 0.0625, 3, 6],
    ['fp6-e2m3', 6, 7.5, 1, 0.125, 1, 6],
    ['fp4-e2m1', 4, 6, 1, 0.5, 1, 4],
    ['int8', 8, 127, null, null, null, 8],
    ['int4', 4, 7, null, null, null, 4],
    ['nf4', 4, 1, null, null, null, 4],
    ['mxfp8-e4m3', 8, 448, 2 ** -6, 2 ** -9, 7, 8.25],
    ['mxfp8-e5m2', 8, 57344, 2 ** -14, 2 ** -16, 15, 8.25],
    ['mxfp6-e3m2', 6, 28, 0.25, 0.0625, 3, 6.25],
    ['mxfp6-e2m3', 6, 7.5, 1, 0.125, 1, 6.25],
    ['mxfp4', 4, 6, 1, 0.5, 1, 4.25],
    ['nvfp4', 4, 6, 1, 0.5, 1, 4.5],
    ['e4m3', 8, 480, 2 ** -6, 2 ** -9, 7, 8],
    ['e0m3', 4, 1.75, null, 0.25, 0, 4],
    ['e3m0', 4, 16, 0.25, null, 3, 4],
  ])('%s has the published range', (id, bits, maximum, normal, subnormal, bias, storedBits) => {
    expect(format(id)).toMatchObject({
      bits,
      maximum,
      smallestNormal: normal,
      smallestSubnormal: subnormal,
      bias,
      storedBits,
    });
  });

  it('gives block-scaled formats their block and scale', () => {
    expect(format('mxfp4').scaling).toEqual({ granularity: 'block', block: 32, scale: 'e8m0' });
    expect(format('nvfp4').scaling).toEqual({ granularity: 'block', block: 16, scale: 'e4m3' });
    expect(format('fp8-e4m3').scaling).toBeNull();
  });
});

describe('every code of every format of at most eight bits', () => {
  const fp4 = [0, 0.5, 1, 1.5, 2, 3, 4, 6];
  const fp6e2m3 = [
    ...[0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75],
    ...[1.875, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 3.75, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5],
  ];
  const fp6e3m2 = [
    ...[0, 0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.375, 0.4375, 0.5, 0.625, 0.75, 0.875],
    ...[1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28],
  ];
  const e4m3 = byCounting(4, 3, 2 ** -9);
  const ocpE4m3 = [...e4m3.slice(0, 127), NaN];
  const ocpE5m2 = [...byCounting(5, 2, 2 ** -16).slice(0, 124), Infinity, NaN, NaN, NaN];

  it.each([
    ['fp4-e2m1', fp4],
    ['mxfp4', fp4],
    ['nvfp4', fp4],
    ['fp6-e2m3', fp6e2m3],
    ['mxfp6-e2m3', fp6e2m3],
    ['fp6-e3m2', fp6e3m2],
    ['mxfp6-e3m2', fp6e3m2],
    ['fp8-e4m3', ocpE4m3],
    ['mxfp8-e4m3', ocpE4m3],
    ['fp8-e5m2', ocpE5m2],
    ['mxfp8-e5m2', ocpE5m2],
    ['e4m3', e4m3],
    ['e1m1', [0, 1, 2, 3]],
    ['e3m0', [0, 0.25, 0.5, 1, 2, 4, 8, 16]],
    ['e0m3', [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75]],
  ])('%s decodes to its table and, with the sign bit, to its negative', (id, table) => {
    const one = format(id);
    const expected = [...table, ...table.map((value) => -value)];
    expect(codes(one).map((code) => decode(one, code))).toEqual(expected);
  });

  it('decodes integers as two’s complement', () => {
    const eight = format('int8');
    expect(codes(eight).map((code) => decode(eight, code))).toEqual([
      ...new Int8Array(codes(eight)),
    ]);
    const four = format('int4');
    expect(codes(four).map((code) => decode(four, code))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1,
    ]);
  });

  it('decodes NF4 by its code book: ascending, −1 to 1, zero at code 7', () => {
    const nf4 = format('nf4');
    const values = codes(nf4).map((code) => decode(nf4, code));
    expect([values[0], values[7], values[8], values[15]]).toEqual([-1, 0, 0.07958029955625534, 1]);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });

  it('decodes wide formats as the platform does', () => {
    const view = new DataView(new ArrayBuffer(4));
    for (const code of [0x3f800000, 0x7f7fffff, 0x00000001, 0xc0490fdb, 0xff800000]) {
      view.setUint32(0, code);
      expect(decode(format('fp32'), code)).toBe(view.getFloat32(0));
      view.setUint32(0, code & 0xffff0000);
      expect(decode(format('bf16'), code >>> 16)).toBe(view.getFloat32(0));
    }
  });

  it('has no number for a code outside', () => {
    for (const code of [-1, 16, 1.5, NaN]) expect(decode(format('mxfp4'), code)).toBeNaN();
  });
});

describe('rounding', () => {
  it.each(formats.filter((one) => one.bits <= 8).map((one) => one.id))(
    '%s keeps its own values and takes the nearer of two neighbours',
    (id) => {
      const one = format(id);
      const values = codes(one)
        .map((code) => decode(one, code))
        .filter((value) => Math.abs(value) <= one.maximum)
        .sort((a, b) => a - b);
      values.forEach((value, index) => {
        expect(quantise(one, value) + 0).toBe(value + 0);
        const next = values[index + 1];
        if (next === undefined || next === value) return;
        expect(quantise(one, value + 0.49 * (next - value)) + 0).toBeCloseTo(value, 12);
        expect(quantise(one, value + 0.51 * (next - value)) + 0).toBeCloseTo(next, 12);
      });
    },
  );

  it('breaks ties to the even significand and saturates', () => {
    const e2m1 = format('fp4-e2m1');
    expect([0.25, 0.75, 1.25, 2.5, 3.5, 5, -5].map((value) => quantise(e2m1, value))).toEqual([
      0, 1, 1, 2, 4, 4, -4,
    ]);
    expect([7, -7, Infinity].map((value) => quantise(e2m1, value))).toEqual([6, -6, 6]);
    expect(quantise(format('fp8-e4m3'), 1e9)).toBe(448);
    expect(quantise(format('int8'), -200)).toBe(-127);
    expect(quantise(format('int8'), 2.5)).toBe(2);
    expect(quantise(e2m1, NaN)).toBeNaN();
  });
});
