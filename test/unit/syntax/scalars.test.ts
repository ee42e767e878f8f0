import { describe, expect, it } from 'vitest';
import {
  coreValue,
  legacyValue,
  numberOf,
  plainNumber,
  scalarNode,
  unresolvedNode,
} from '../../../src/core/syntax/scalars.ts';
import type { ScalarNode, ScalarValue } from '../../../src/core/syntax/tree.ts';

// The last column is what PyYAML 6.0.3's safe_load gives; dates are left as text here.
const readings: readonly (readonly [string, ScalarValue, ScalarValue])[] = [
  ['12', 12, 12],
  ['-12', -12, -12],
  ['+12', 12, 12],
  ['0', 0, 0],
  ['017', 17, 15],
  ['08', 8, '08'],
  ['-017', -17, -15],
  ['0o17', 15, '0o17'],
  ['0x1F', 31, 31],
  ['-0x1F', '-0x1F', -31],
  ['0x_1F', '0x_1F', 31],
  ['0b101', '0b101', 5],
  ['150_001', '150_001', 150001],
  ['1_000', '1_000', 1000],
  ['739_328', '739_328', 739328],
  ['1e12', 1e12, '1e12'],
  ['1.5e12', 1.5e12, '1.5e12'],
  ['1.5e+12', 1.5e12, 1.5e12],
  ['1.5E-3', 0.0015, 0.0015],
  ['1E+12', 1e12, '1E+12'],
  ['3e-4', 3e-4, '3e-4'],
  ['1.', 1, 1],
  ['.5', 0.5, 0.5],
  ['-.5', -0.5, '-.5'],
  ['1_0.5', '1_0.5', 10.5],
  ['5:23:30:00', '5:23:30:00', 1164600],
  ['1:30.5', '1:30.5', 90.5],
  ['-1:30', '-1:30', -90],
  ['1:60', '1:60', '1:60'],
  ['.inf', Infinity, Infinity],
  ['-.INF', -Infinity, -Infinity],
  ['.nan', NaN, NaN],
  ['inf', 'inf', 'inf'],
  ['true', true, true],
  ['False', false, false],
  ['TRUE', true, true],
  ['tRUE', 'tRUE', 'tRUE'],
  ['on', 'on', true],
  ['Yes', 'Yes', true],
  ['off', 'off', false],
  ['NO', 'NO', false],
  ['y', 'y', 'y'],
  ['~', null, null],
  ['null', null, null],
  ['Null', null, null],
  ['', null, null],
  ['none', 'none', 'none'],
  ['None', 'None', 'None'],
  ['2026-11-22', '2026-11-22', '2026-11-22'],
  ['50e9T', '50e9T', '50e9T'],
  ['63900ba', '63900ba', '63900ba'],
  ['2**40', '2**40', '2**40'],
  ['bf16', 'bf16', 'bf16'],
  ['1_', '1_', 1],
  ['_1', '_1', '_1'],
  ['0x', '0x', '0x'],
  ['1.2.3', '1.2.3', '1.2.3'],
];

describe('readings of plain scalars', () => {
  it.each(readings)('reads %j as %j by YAML 1.2 and as %j by PyYAML', (text, core, legacy) => {
    expect(coreValue(text)).toBe(core);
    expect(legacyValue(text)).toBe(legacy);
  });
});

describe('plainNumber', () => {
  it.each([
    ['10_000', 10000],
    ['1e-5', 1e-5],
    ['.5', 0.5],
    ['5.', 5],
    ['1_000e3', 1e6],
    ['0xFF', 255],
    ['0b11', 3],
    ['146_484_375', 146484375],
    [' 7 ', 7],
  ])('reads %j', (text, value) => {
    expect(plainNumber(text)).toBe(value);
  });

  it.each(['', '1_', '1__0', 'abc', '7B', '0x', '1e', '1,000', '2**3', '-'])(
    'refuses %j',
    (text) => {
      expect(plainNumber(text)).toBeNull();
    },
  );
});

describe('numberOf', () => {
  const place = { file: 'a.yaml', start: 0, end: 0 };
  const written = (text: string, style: ScalarNode['style'] = 'plain'): ScalarNode =>
    style === 'plain'
      ? { kind: 'scalar', place, text, style, value: coreValue(text), legacy: legacyValue(text) }
      : { kind: 'scalar', place, text, style, value: text, legacy: text };

  it('takes the standard reading, then the legacy one, then both habits together', () => {
    expect(numberOf(written('017'))).toBe(17);
    expect(numberOf(written('1.5e12'))).toBe(1.5e12);
    expect(numberOf(written('739_328'))).toBe(739328);
    expect(numberOf(written('5:23:30:00'))).toBe(1164600);
    expect(numberOf(written('1_000e3'))).toBe(1e6);
  });

  it('takes no word, no infinity and nothing unresolved', () => {
    expect(numberOf(written('auto'))).toBeNull();
    expect(numberOf(written('.inf'))).toBeNull();
    expect(numberOf(written('true'))).toBeNull();
    expect(numberOf(written('2**40'))).toBeNull();
    expect(numberOf(unresolvedNode(place, '4096', 'It is given by the caller.'))).toBeNull();
  });

  it('takes quoted numbers only when asked', () => {
    expect(numberOf(written('4096', 'quoted'))).toBeNull();
    expect(numberOf(written('4096', 'quoted'), { quoted: true })).toBe(4096);
    expect(numberOf(scalarNode(place, '8*1024', 8192))).toBe(8192);
  });
});
