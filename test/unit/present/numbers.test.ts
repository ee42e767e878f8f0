import { describe, expect, it } from 'vitest';
import {
  count,
  exact,
  gapNats,
  lossNats,
  percent,
  plain,
} from '../../../src/core/present/numbers.ts';

describe('count', () => {
  it.each([
    [0, '0'],
    [512, '512'],
    [999.6, '1.00 K'],
    [1234, '1.23 K'],
    [8.03e9, '8.03 B'],
    [6_658_859_008, '6.66 B'],
    [134_217_728_000, '134 B'],
    [999.6e9, '1.00 T'],
    [15e12, '15.0 T'],
    [1729.5e12, '1730 T'],
    [7.7e16, '7.70e+16'],
    [NaN, 'unknown'],
  ])('%d is %s', (value, words) => expect(count(value)).toBe(words));
});

describe('gapNats', () => {
  it.each([
    [0, '0'],
    [0.0024015, '+0.0024'],
    [0.0041, '+0.0041'],
    [0.00996, '+0.010'],
    [0.0123456, '+0.0123'],
    [0.2, '+0.200'],
    [1.2345, '+1.23'],
    [-0.002, '−0.0020'],
    [0.00003, '<0.0001'],
    [-0.00003, '>−0.0001'],
  ])('%d is %s', (value, words) => expect(gapNats(value)).toBe(words));
});

describe('percent', () => {
  it.each([
    [0, '0 %'],
    [0.0005, '<0.1 %'],
    [0.005, '0.5 %'],
    [0.0218664, '2.2 %'],
    [0.1, '10 %'],
    [0.996, '99.6 %'],
    [1.4, '140 %'],
    [2.345, '235 %'],
    [9.96, '10×'],
    [14.3, '14×'],
    [143.4, '143×'],
  ])('%d is %s', (value, words) => expect(percent(value)).toBe(words));
});

describe('the other numbers', () => {
  it('shows losses with three significant digits', () => {
    expect(lossNats(2.36207)).toBe('2.36');
    expect(lossNats(10.04)).toBe('10.0');
  });
  it('groups the digits of whole numbers', () =>
    expect(exact(6_658_859_008)).toBe('6,658,859,008'));
  it('drops trailing zeros', () => {
    expect(plain(4.18969)).toBe('4.19');
    expect(plain(2)).toBe('2');
  });
});
