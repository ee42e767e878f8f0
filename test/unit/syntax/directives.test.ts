import { describe, expect, it } from 'vitest';
import { commentAfter, readDirectives } from '../../../src/core/syntax/directives.ts';
import { lineMap } from '../../../src/core/syntax/lines.ts';

describe('readDirectives', () => {
  it('reads settings with their places', () => {
    const text = 'a: 1\n# floatcast: world-size=64 hardware=h100, dataset-tokens=1T odd\nb: 2\n';
    const { settings } = readDirectives('run.yaml', text, 'yaml');
    expect(settings.map(({ key, value }) => [key, value])).toEqual([
      ['world-size', '64'],
      ['hardware', 'h100'],
      ['dataset-tokens', '1T'],
      ['odd', ''],
    ]);
    expect(
      settings.map(({ place }) => [place.file, text.slice(place.start, place.end)]),
    ).toContainEqual(['run.yaml', 'hardware=h100']);
  });

  it('reads JSON comments, and no hash in JSON', () => {
    const text =
      '{ // floatcast: law=capybara\n/* floatcast: world-size=8 */\n"a": "# floatcast: law=x"\n}';
    const { settings } = readDirectives('c.json', text, 'json');
    expect(settings.map(({ key, value }) => [key, value])).toEqual([
      ['law', 'capybara'],
      ['world-size', '8'],
    ]);
  });

  const lines = [
    '# floatcast-disable-next-line critical-data-size, other -- known',
    'steps: 1',
    'x: 2 # floatcast-disable-line',
    'y: 3',
    '# floatcast-disable number-reading',
  ];
  const text = lines.join('\r\n');
  const offset = (line: number) => lines.slice(0, line).join('\r\n').length + (line > 0 ? 2 : 0);

  it('switches findings off by line and by file', () => {
    const { isDisabled } = readDirectives('run.yaml', text, 'yaml');
    expect(isDisabled('critical-data-size', offset(1))).toBe(true);
    expect(isDisabled('other', offset(1) + 5)).toBe(true);
    expect(isDisabled('known', offset(1))).toBe(false);
    expect(isDisabled('critical-data-size', offset(3))).toBe(false);
    expect(isDisabled('anything', offset(2))).toBe(true);
    expect(isDisabled('anything', offset(1))).toBe(false);
    expect(isDisabled('number-reading', offset(3))).toBe(true);
  });

  it('switches everything off for the file without ids', () => {
    const { isDisabled } = readDirectives('a.toml', '# floatcast-disable-file\na = 1\n', 'toml');
    expect(isDisabled('anything', 30)).toBe(true);
    const none = readDirectives('a.toml', 'a = "xfloatcast-disable"\n', 'toml');
    expect(none.isDisabled('anything', 3)).toBe(false);
  });
});

describe('commentAfter', () => {
  it('gives the comment behind a value', () => {
    const yaml = 'steps: 1#2 # ~ 2.5B tokens\nb: 1';
    expect(commentAfter(yaml, 10, 'yaml')).toBe('~ 2.5B tokens');
    expect(commentAfter(yaml, yaml.length, 'yaml')).toBeNull();
    expect(commentAfter('{"a": 1, // note', 7, 'json')).toBe('note');
    expect(commentAfter('{"a": 1 /* x */}', 7, 'json')).toBe('x');
  });
});

describe('lineMap', () => {
  it('counts lines and columns from one, over all three line breaks', () => {
    const position = lineMap('ab\ncd\r\ne\rf');
    expect(position(0)).toEqual({ line: 1, column: 1 });
    expect(position(2)).toEqual({ line: 1, column: 3 });
    expect(position(3)).toEqual({ line: 2, column: 1 });
    expect(position(7)).toEqual({ line: 3, column: 1 });
    expect(position(9)).toEqual({ line: 4, column: 1 });
    expect(position(10)).toEqual({ line: 4, column: 2 });
    expect(position(99)).toEqual({ line: 4, column: 2 });
    expect(position(-1)).toEqual({ line: 1, column: 1 });
  });

  it('counts UTF-16 units', () => {
    expect(lineMap('😀x')(2)).toEqual({ line: 1, column: 3 });
  });
});
