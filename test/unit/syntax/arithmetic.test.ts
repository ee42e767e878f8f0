import { describe, expect, it } from 'vitest';
import { arithmetic } from '../../../src/core/syntax/arithmetic.ts';

const names: Readonly<Record<string, number>> = { layers: 32, 'cfg.dim': 4096, $N: 8, '${M}': 3 };
const options = { lookup: (name: string) => names[name] ?? null, integers: false };

describe('arithmetic', () => {
  it.each([
    ['8*1024', 8192],
    ['2**40', 1099511627776],
    ['2 ** 3 ** 2', 512],
    ['-2**2', -4],
    ['2**-1', 0.5],
    ['int(1e12)', 1e12],
    ['int(7 / 2) + 1', 4],
    ['1_000 * (3 + 4) - 5', 6995],
    ['7 // 2 + 7 % 4', 6],
    ['-7 // 2', -4],
    ['10 / 4', 2.5],
    ['1 << 20', 1048576],
    ['layers * cfg.dim', 131072],
    ['$N * ${M}', 24],
    ['0x10 + .5', 16.5],
    ['8 - 3 - 2', 3],
  ])('works out %s', (text, value) => {
    expect(arithmetic(text, options)).toBe(value);
  });

  it('divides integers as a shell does when asked', () => {
    expect(arithmetic('7 / 2', { ...options, integers: true })).toBe(3);
    expect(arithmetic('-7 / 2', { ...options, integers: true })).toBe(-3);
    expect(arithmetic('-7 % 4', { ...options, integers: true })).toBe(-3);
    expect(arithmetic('-7 % 4', options)).toBe(1);
  });

  it.each([
    '',
    'unknown + 1',
    '1 +',
    '(1',
    '1)',
    '1 2',
    '1 / 0',
    'float(2)',
    'int(2',
    'a if b else c',
    '9 ** 9 ** 9',
    '"x" * 2',
    '(1, 2)',
    '('.repeat(900),
    `1${'+1'.repeat(600)}`,
  ])('refuses %j', (text) => {
    expect(arithmetic(text, options)).toBeNull();
  });
});
