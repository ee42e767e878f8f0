import { expect, it } from 'vitest';
import { parseCount } from '../../../src/core/run/units.ts';

it.each([
  ['8e9', 8e9],
  ['8B', 8e9],
  ['15T', 15e12],
  ['1.1T', 1_100_000_000_000],
  ['0.31 B', 310_000_000],
  ['2**40', 1_099_511_627_776],
  ['1_000_000', 1e6],
  ['1,000', 1000],
  ['1.5e+12', 1.5e12],
  ['64', 64],
])('reads %s as %d', (text, value) => {
  expect(parseCount(text)).toBe(value);
});

it.each(['', 'x', '-5', '0', '1e999', 'NaN', '8BB', '1,00', '2**', '2**99999', '8 apples'])(
  'does not read %j',
  (text) => {
    expect(parseCount(text)).toBeNull();
  },
);
