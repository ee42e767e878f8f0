import { describe, expect, it } from 'vitest';
import { toBase64, toCsv } from '../../../webview/csv.ts';
import { move } from '../../../webview/keyboard.ts';
import { cell, decades, logSteps, logTicks, roundCount } from '../../../webview/plots/plot.ts';

describe('CSV', () => {
  it('writes full numbers, quotes what needs it, and leaves unknown ones empty', () => {
    const table = {
      columns: ['Format', 'D, tokens'],
      rows: [
        [cell(1.23456789e12, () => '1.23 T'), cell(null, String)],
        [{ text: 'x', value: 'say "E4M3"' }, cell(0, String)],
      ],
    };
    expect(toCsv(table)).toBe('Format,"D, tokens"\r\n1234567890000,\r\n"say ""E4M3""",0\r\n');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd|x', "'+cmd|x"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ['＝1', "'＝1"],
    ['-0.01', '-0.01'],
    ['+1.5e-3', '+1.5e-3'],
    ['a=1', 'a=1'],
    [-0.01, '-0.01'],
    [-1e-7, '-1e-7'],
  ])('holds no formula: %j', (value, expected) => {
    const table = { columns: ['x'], rows: [[{ text: '', value }]] };
    expect(toCsv(table)).toBe(`x\r\n${expected}\r\n`);
    const named = { columns: [String(value)], rows: [] };
    expect(toCsv(named)).toBe(`${expected}\r\n`);
  });

  it('is UTF-8 in base64', () => {
    expect(toBase64('→ é')).toBe(Buffer.from('→ é', 'utf8').toString('base64'));
  });
});

describe('axes', () => {
  it('steps evenly on a logarithmic axis, both ends exact', () => {
    const found = logSteps([1e9, 1e13], 5);
    expect(found[0]).toBe(1e9);
    expect(found[2]).toBeCloseTo(1e11, -2);
    expect(found[4]).toBe(1e13);
  });

  it('names powers of ten, thins many out, and fills few in', () => {
    expect(decades([5e9, 2e12])).toEqual([1e10, 1e11, 1e12]);
    expect(logTicks([1e18, 1e28])).toEqual([1e18, 1e20, 1e22, 1e24, 1e26, 1e28]);
    expect(logTicks([2e9, 3e10])).toEqual([2e9, 5e9, 1e10, 2e10]);
  });

  it('writes a round count without empty digits', () => {
    expect([1e9, 2e10, 1e11, 15e11].map(roundCount)).toEqual(['1 B', '20 B', '100 B', '1.5 T']);
  });
});

describe('keys', () => {
  const curves = [[1, 10, 100, 1000], [1, 100], [90]];
  it('begin at the run’s own point and go to the nearest place of a curve', () => {
    const start = move(null, 'ArrowRight', curves);
    expect(start).toEqual({ dataset: 2, index: 0 });
    expect(move(start ?? null, 'ArrowDown', curves)).toEqual({ dataset: 0, index: 2 });
    expect(move(start ?? null, 'ArrowUp', curves)).toEqual({ dataset: 1, index: 1 });
  });

  it('stop at the ends of a curve', () => {
    expect(move({ dataset: 0, index: 3 }, 'ArrowRight', curves)).toEqual({ dataset: 0, index: 3 });
    expect(move({ dataset: 0, index: 2 }, 'Home', curves)).toEqual({ dataset: 0, index: 0 });
    expect(move({ dataset: 0, index: 0 }, 'End', curves)).toEqual({ dataset: 0, index: 3 });
    expect(move({ dataset: 0, index: 3 }, 'PageUp', curves)).toEqual({ dataset: 0, index: 0 });
  });

  it('move along bars with every arrow', () => {
    const bars = [[1, 2, 3]];
    expect(move({ dataset: 0, index: 0 }, 'ArrowDown', bars)).toEqual({ dataset: 0, index: 1 });
    expect(move({ dataset: 0, index: 1 }, 'ArrowLeft', bars)).toEqual({ dataset: 0, index: 0 });
  });

  it('leave other keys alone', () => {
    expect(move(null, 'Tab', curves)).toBeUndefined();
    expect(move(null, 'ArrowRight', [])).toBeUndefined();
  });
});
