import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/syntax/parse.ts';
import { at, expectTruePlaces, plain, rootOf, scalarAt } from './reading.ts';

const read = (...lines: string[]) => parse('run.yaml', lines.join('\n'));
const slice = (text: string, place: { start: number; end: number }) =>
  text.slice(place.start, place.end);

describe('parseYaml', () => {
  it('reads scalars by both standards, from the source text', () => {
    const root = rootOf(read('steps: 739_328', 'tokens: 1.5e12', 'fp8: on', 'name: "8"', 'x:'));
    expect(scalarAt(root, 'steps')).toMatchObject({ value: '739_328', legacy: 739328 });
    expect(scalarAt(root, 'tokens')).toMatchObject({ value: 1.5e12, legacy: '1.5e12' });
    expect(scalarAt(root, 'fp8')).toMatchObject({ value: 'on', legacy: true });
    expect(scalarAt(root, 'name')).toMatchObject({ value: '8', legacy: '8', style: 'quoted' });
    expect(scalarAt(root, 'x')).toMatchObject({ value: null, legacy: null, text: '' });
  });

  it('gives the place of a value with its quotes, without anchor, tag and comment', () => {
    const text = 'a: &x "1 000"  # note\nb: !!str 7\nc: |\n  two\n  lines\nd: [1, {e: 2}]\n';
    const root = rootOf(parse('run.yaml', text));
    expect(slice(text, at(root, 'a').place)).toBe('"1 000"');
    expect(slice(text, at(root, 'b').place)).toBe('7');
    expect(slice(text, at(root, 'c').place)).toBe('|\n  two\n  lines');
    expect(slice(text, at(root, 'd').place)).toBe('[1, {e: 2}]');
    expect(slice(text, at(root, 'd', 1, 'e').place)).toBe('2');
    expect(slice(text, root.byKey.get('c')?.keyPlace ?? { start: 0, end: 0 })).toBe('c');
    expect(scalarAt(root, 'c')).toMatchObject({ style: 'block', text: 'two\nlines\n' });
    expect(scalarAt(root, 'b')).toMatchObject({ value: '7', legacy: '7' });
  });

  it('places an absent value right behind its colon', () => {
    const text = 'epochs:   # all\nseq: 1\n';
    const { place } = at(rootOf(parse('run.yaml', text)), 'epochs');
    expect(place).toMatchObject({ start: 7, end: 7 });
  });

  it('ends a block mapping with its last value', () => {
    const text = 'model:\n  layers: 32 # deep\n\n# next\nsteps: 1\n';
    expect(slice(text, at(rootOf(parse('run.yaml', text)), 'model').place)).toBe('layers: 32');
  });

  it('reads several documents', () => {
    const tree = read('a: 1', '---', 'a: 2', '...', '---', '# only a comment', '---', '- x');
    expect(tree.documents.map(plain)).toEqual([{ a: 1 }, { a: 2 }, null, ['x']]);
    expect(parse('run.yaml', '').documents).toEqual([]);
  });

  it('gives an aliased node the place of the anchored text', () => {
    const text = 'layers: &n 32\ndepth: *n\n';
    const root = rootOf(parse('run.yaml', text));
    expect(at(root, 'depth')).toBe(at(root, 'layers'));
    expect(at(root, 'depth').place).toMatchObject({ start: 11, end: 13 });
  });

  it('merges mappings; what the mapping says itself wins, then the first of a list', () => {
    const root = rootOf(
      read(
        'a: &a {x: 1, y: 1}',
        'b: &b {y: 2, z: 2}',
        'one:',
        '  x: 9',
        '  <<: *a',
        'two:',
        '  <<: [*a, *b]',
        '  w: 0',
        'three:',
        '  "<<": 5',
      ),
    );
    expect(plain(at(root, 'one'))).toEqual({ x: 9, y: 1 });
    expect(plain(at(root, 'two'))).toEqual({ x: 1, y: 1, z: 2, w: 0 });
    expect(plain(at(root, 'three'))).toEqual({ '<<': 5 });
  });

  it('keeps the tags of other programs', () => {
    const tree = read('data: !include data/x.yaml', 'f: !function {a: 1}', 'n: !!int "7"');
    const root = rootOf(tree);
    expect(scalarAt(root, 'data')).toMatchObject({ tag: '!include', value: 'data/x.yaml' });
    expect(at(root, 'f')).toMatchObject({ kind: 'map', tag: '!function' });
    expect(scalarAt(root, 'n')).toMatchObject({ value: 7, legacy: 7 });
    expect(scalarAt(root, 'n')).not.toHaveProperty('tag');
    expect(tree.problems).toEqual([]);
  });

  it('lets the last of duplicate keys win and warns at it', () => {
    const text = 'moe: null\nmoe: {experts: 8}\n';
    const tree = parse('run.yaml', text);
    expect(plain(rootOf(tree))).toEqual({ moe: { experts: 8 } });
    expect(rootOf(tree).entries).toHaveLength(2);
    expect(tree.problems).toMatchObject([
      { severity: 'warning', place: { file: 'run.yaml', start: 10, end: 13 } },
    ]);
  });

  it('reads JSON-like flow mappings with comments and trailing commas', () => {
    const text = '{\n  # shape\n  "num-layers": 12, "fp16": {\n    "enabled": True,\n  },\n}\n';
    const tree = parse('neox.yml', text);
    expect(plain(rootOf(tree))).toEqual({ 'num-layers': 12, fp16: { enabled: true } });
    expect(tree.problems).toEqual([]);
  });

  it('takes flow sequences that close at a shallow column', () => {
    const tree = read('tune:', '  modules: [', '    "q_proj",', '  ]', 'steps: 1');
    expect(plain(rootOf(tree))).toEqual({ tune: { modules: ['q_proj'] }, steps: 1 });
    expect(tree.problems).toEqual([]);
  });

  it('reads around the broken lines of a file, each a problem', () => {
    const text = 'a: 1\nb: [1, 2\nc: *nowhere\nd: "open\n';
    const tree = parse('run.yaml', text);
    expect(plain(rootOf(tree))).toEqual({ a: 1, c: '<unresolved>' });
    expect(tree.problems.map(({ place }) => slice(text, place))).toEqual([
      'b: [1, 2',
      'd: "open',
      '*nowhere',
    ]);
    const alias = parse('run.yaml', 'c: *nowhere\nd: 2\n');
    expect(plain(rootOf(alias))).toEqual({ c: '<unresolved>', d: 2 });
    expect(alias.problems).toHaveLength(1);
  });

  it('counts offsets in the original text behind a byte-order mark and CRLF', () => {
    const text = '\uFEFFa: 1\r\nb: two\r\n';
    const tree = parse('run.yaml', text);
    expect(plain(rootOf(tree))).toEqual({ a: 1, b: 'two' });
    expect(slice(text, at(rootOf(tree), 'b').place)).toBe('two');
    expectTruePlaces(tree, text);
  });

  it('knows templates from chat templates', () => {
    expect(read('layers: {{ layers }}').template).toBe(true);
    expect(read('{% if x %}', 'a: 1', '{% endif %}').template).toBe(true);
    expect(read('os: ${{ matrix.os }}').template).toBe(true);
    expect(read('chat: "{{ messages }}"', "b: '{% for m in x %}'").template).toBe(false);
    expect(read('chat: |', '  {{ bos }}', '  {% if a %}', 'b: 1').template).toBe(false);
    expect(read('a: 1 # as {{ a }}', '# {% b %}').template).toBe(false);
    expect(read('a: {b: {c: 1}}').template).toBe(false);
  });

  it('bounds aliases of aliases', () => {
    const lines = ['a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]'];
    for (let level = 1; level < 12; level += 1) {
      const items = Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ');
      lines.push(`a${level}: &a${level} [${items}]`);
    }
    const tree = read(...lines, 'steps: 7');
    expect(scalarAt(rootOf(tree), 'steps').value).toBe(7);
    expect(plain(at(rootOf(tree), 'a1', 0, 8))).toBe(9);
    expect(tree.problems[0]?.message).toContain('100000');
    // Walked with repetitions, as a reader would.
    expect(JSON.stringify(plain(rootOf(tree))).length).toBeLessThan(5_000_000);
  });

  it('takes an alias within its own anchor for unknown', () => {
    expect(plain(rootOf(read('a: &a {b: *a}')))).toEqual({ a: { b: '<unresolved>' } });
  });

  it('reads past deep nesting', () => {
    const tree = read('steps: 7', `deep: ${'['.repeat(20_000)}`);
    expect(scalarAt(rootOf(tree), 'steps').value).toBe(7);
    expect(tree.problems.length).toBeGreaterThan(0);
    expect(tree.problems.length).toBeLessThanOrEqual(100);
  });

  it('takes anchors on keys, and the ordered maps and sets of YAML 1.1', () => {
    const tree = read('&k key: 1', 'name: *k', 'o: !!omap [a: 1, b: 2]', 's: !!set {x, y}');
    expect(plain(rootOf(tree))).toEqual({
      key: 1,
      name: 'key',
      o: [{ a: 1 }, { b: 2 }],
      s: { x: null, y: null },
    });
    expect(tree.problems).toEqual([]);
  });

  it('takes a lone carriage return for a line break', () => {
    const tree = parse('run.yaml', 'a: 1\rb:\r  c: 2\r');
    expect(plain(rootOf(tree))).toEqual({ a: 1, b: { c: 2 } });
    expect(tree.problems).toEqual([]);
  });
});
