import { describe, expect, it } from 'vitest';
import { commentAfter, isSuppressed, readDirectives } from '../../../src/core/syntax/directives.ts';
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

  /** Whether the comments of a text switch off a finding that begins somewhere. */
  const off = (said: string, file: string) => {
    const directives = readDirectives(file, said, file.endsWith('toml') ? 'toml' : 'yaml');
    return (id: string, start: number, at = file) =>
      isSuppressed(directives, [id], { file: at, start, end: start + 1 });
  };

  it('switches findings off by line and by file', () => {
    const isOff = off(text, 'run.yaml');
    expect(isOff('critical-data-size', offset(1))).toBe(true);
    expect(isOff('other', offset(1) + 5)).toBe(true);
    expect(isOff('known', offset(1))).toBe(false);
    expect(isOff('critical-data-size', offset(3))).toBe(false);
    expect(isOff('anything', offset(2))).toBe(true);
    expect(isOff('anything', offset(1))).toBe(false);
    expect(isOff('number-reading', offset(3))).toBe(true);
  });

  it('leaves the lines of other files alone, and switches off for whole files in them too', () => {
    const isOff = off(text, 'run.yaml');
    expect(isOff('critical-data-size', offset(1), 'base.yaml')).toBe(false);
    expect(isOff('number-reading', offset(1), 'base.yaml')).toBe(true);
  });

  it('switches everything off for the file without ids', () => {
    expect(off('# floatcast-disable-file\na = 1\n', 'a.toml')('anything', 30)).toBe(true);
    expect(off('a = "xfloatcast-disable"\n', 'a.toml')('anything', 3)).toBe(false);
  });

  it('says where each id and the comment stand', () => {
    const { suppressions } = readDirectives('run.yaml', text, 'yaml');
    const [first, , last] = suppressions;
    const at = (place?: { start: number; end: number }) => text.slice(place?.start, place?.end);
    expect(first?.ids.map(({ id, place }) => [id, at(place)])).toEqual([
      ['critical-data-size', 'critical-data-size'],
      ['other', 'other'],
    ]);
    expect(at(first?.place)).toBe('floatcast-disable-next-line critical-data-size, other');
    expect(at(last?.place)).toBe('floatcast-disable number-reading');
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
