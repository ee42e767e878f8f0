import { describe, expect, it } from 'vitest';
import { formatById } from '../../../src/core/formats/registry.ts';
import {
  formatFacts,
  formatName,
  formatShort,
  listed,
  scaleSentence,
} from '../../../src/core/present/formats.ts';

describe('formatName', () => {
  it.each([
    [{ format: 'fp8-e4m3', granularity: 'tensor', block: null }, 'FP8 E4M3 per tensor'],
    [{ format: 'fp8-e4m3', granularity: 'channel', block: null }, 'FP8 E4M3 per channel'],
    [{ format: 'mxfp4', granularity: 'block', block: 32 }, 'MXFP4 (block 32)'],
    [{ format: 'bf16', granularity: 'none', block: null }, 'BF16'],
    [{ format: 'e3m4', granularity: 'block', block: 64 }, 'E3M4 (block 64)'],
    [{ format: 'unheard-of', granularity: 'none', block: null }, 'unheard-of'],
  ] as const)('names %o', (target, name) => expect(formatName(target)).toBe(name));
});

it.each([
  ['fp8-e4m3', 'E4M3'],
  ['mxfp8-e4m3', 'MXFP8 E4M3'],
  ['nvfp4', 'NVFP4'],
  ['bf16', 'BF16'],
])('formatShort of %s is %s', (id, name) => expect(formatShort(id)).toBe(name));

describe('formatFacts', () => {
  const facts = (id: string) => {
    const format = formatById(id);
    return format ? formatFacts(format) : null;
  };
  it('tells range and smallest step of floating point (OCP OFP8 tables 1 and 2)', () => {
    expect(facts('fp8-e4m3')).toBe(
      '8 bits: 1 sign, 4 exponent, 3 mantissa. Largest 448, smallest normal 0.0156, smallest step 0.00195.',
    );
    expect(facts('fp8-e5m2')).toContain('Largest 57,344, smallest normal 6.10e-5');
  });
  it('tells the range of integers and the size of a code book', () => {
    expect(facts('int8')).toBe(
      '8 bits: whole numbers from −127 to 127, steps of 1 before scaling.',
    );
    expect(facts('nf4')).toBe('4 bits: one of 16 fixed values between −1 and 1.');
  });
});

it('says who shares a scale', () => {
  expect(scaleSentence({ granularity: 'block', block: 16 }, 'e4m3')).toBe(
    'One E4M3 scale per 16 values.',
  );
  expect(scaleSentence({ granularity: 'tensor', block: null }, 'fp32')).toBe(
    'One FP32 scale per tensor.',
  );
  expect(scaleSentence({ granularity: 'none', block: null }, null)).toBe('');
});

it('joins words as a sentence does', () => {
  expect(listed([])).toBe('');
  expect(listed(['a'])).toBe('a');
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
});
