import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/syntax/parse.ts';
import { at, expectTruePlaces, plain, rootOf, scalarAt } from './reading.ts';

const slice = (text: string, place: { start: number; end: number }) =>
  text.slice(place.start, place.end);

describe('parseJson', () => {
  it('reads comments and trailing commas, with exact places', () => {
    const text =
      '\uFEFF{ // shape\n  "layers": 32, /* B */ "name": "a\\"b",\n  "x": [1e3, null, true,],\n}';
    const tree = parse('c.json', text);
    expect(plain(rootOf(tree))).toEqual({ layers: 32, name: 'a"b', x: [1000, null, true] });
    expect(tree.problems).toEqual([]);
    expect(slice(text, at(rootOf(tree), 'name').place)).toBe('"a\\"b"');
    expect(scalarAt(rootOf(tree), 'x', 0)).toMatchObject({
      text: '1e3',
      value: 1000,
      legacy: 1000,
    });
    expectTruePlaces(tree, text);
  });

  it('keeps what stands in a broken file', () => {
    const text = '{"a": 1,, "fp8": {"recipe": "delayed"';
    const tree = parse('c.json', text);
    expect(plain(rootOf(tree))).toEqual({ a: 1, fp8: { recipe: 'delayed' } });
    expect(slice(text, at(rootOf(tree), 'fp8').place)).toBe('{"recipe": "delayed"');
    expect(tree.problems.map(({ message }) => message)).toContain(
      'A closing brace is expected here.',
    );
  });

  it('marks a key without a value', () => {
    const tree = parse('c.json', '{"hidden_size": CONFIG_HIDDEN_SIZE, "layers": 4}');
    expect(plain(rootOf(tree))).toEqual({ hidden_size: '<unresolved>', layers: 4 });
    expect(tree.problems.length).toBeGreaterThan(0);
  });

  it('lets the last duplicate win, with a warning at it', () => {
    const tree = parse('c.json', '{"a": 1, "a": 2}');
    expect(plain(rootOf(tree))).toEqual({ a: 2 });
    expect(tree.problems).toMatchObject([{ severity: 'warning', place: { start: 9, end: 12 } }]);
  });

  it('says in one problem that nesting is too deep for the parser', () => {
    const tree = parse('c.json', '['.repeat(200_000));
    expect(tree.documents).toEqual([]);
    expect(tree.problems).toMatchObject([{ severity: 'error', place: { start: 0, end: 1 } }]);
    const deep = parse('c.json', `{"a": 1, "b": ${'['.repeat(300)}${']'.repeat(300)}}`);
    expect(scalarAt(rootOf(deep), 'a').value).toBe(1);
    expect(deep.problems).toHaveLength(1);
  });

  it('knows templates', () => {
    expect(parse('c.json', '{"a": {{ n }}}').template).toBe(true);
    expect(parse('c.json', '{"chat_template": "{% for m in messages %}{{ m }}"}').template).toBe(
      false,
    );
  });
});

describe('parseToml', () => {
  const text = [
    '[job]',
    'description = "debug" # text',
    '[training]',
    'steps = 10_000',
    'lr = 3e-4',
    'compile = true',
    'a.b = 1',
    '[[stage]]',
    'tokens = 1',
    '[[stage]]',
    'tokens = 2',
    '[stage.data]',
    "path = 'x'",
    '[quantize.linear.float8]',
    'filter_fqns = ["output", "router"]',
    'when = 2026-02-20',
    'inline = {x = 1, y.z = 2}',
    '',
  ].join('\n');

  it('merges tables, dotted keys and arrays of tables into one tree', () => {
    const tree = parse('t.toml', text);
    expect(tree.problems).toEqual([]);
    expect(plain(rootOf(tree))).toEqual({
      job: { description: 'debug' },
      training: { steps: 10000, lr: 3e-4, compile: true, a: { b: 1 } },
      stage: [{ tokens: 1 }, { tokens: 2, data: { path: 'x' } }],
      quantize: {
        linear: {
          float8: {
            filter_fqns: ['output', 'router'],
            when: '2026-02-20',
            inline: { x: 1, y: { z: 2 } },
          },
        },
      },
    });
    expectTruePlaces(tree, text);
  });

  it('gives places and text as written', () => {
    const root = rootOf(parse('t.toml', text));
    const steps = scalarAt(root, 'training', 'steps');
    expect(slice(text, steps.place)).toBe('10_000');
    expect(steps).toMatchObject({ text: '10_000', value: 10000, legacy: 10000 });
    expect(slice(text, at(root, 'job', 'description').place)).toBe('"debug"');
    expect(slice(text, at(root, 'job').place)).toBe('[job]\ndescription = "debug"');
  });

  it.each([
    ['a value that is missing', ['a = 1', 'b = ', 'c = 3'], { a: 1, c: 3 }],
    ['a bare word', ['a = 1', 'b = bf16', 'c = 3'], { a: 1, c: 3 }],
    ['an open string', ['a = 1', 'b = "open', 'c = 3'], { a: 1, c: 3 }],
    ['an open header', ['a = 1', '[model', 'c = 3'], { a: 1, c: 3 }],
    ['an open array', ['a = 1', 'b = [1,', 'c = 3', '[t]', 'd = 4'], { a: 1, c: 3, t: { d: 4 } }],
    ['a key twice', ['a = 1', 'a = 2', 'c = 3'], { a: 1, c: 3 }],
    ['an open text', ['a = 1', 'b = """x', 'c = 3'], { a: 1, c: 3 }],
  ])('reads around %s', (_, lines, expected) => {
    const tree = parse('t.toml', lines.join('\n'));
    expect(plain(rootOf(tree))).toEqual(expected);
    expect(tree.problems.length).toBeGreaterThan(0);
    expect(tree.problems.every(({ severity }) => severity === 'error')).toBe(true);
  });

  it('gives up repairing after eight lines and keeps what stands before', () => {
    const bad = Array.from({ length: 60 }, (_, index) => `bad${index} = ?`);
    const tree = parse('t.toml', ['a = 1', ...bad, 'z = 2'].join('\n'));
    expect(plain(rootOf(tree))).toMatchObject({ a: 1 });
    expect(tree.problems).toHaveLength(9);
  });

  it('reads behind a byte-order mark', () => {
    const tree = parse('t.toml', '\uFEFFa = 1\r\nb = """x\r\ny"""\r\n');
    expect(plain(rootOf(tree))).toEqual({ a: 1, b: 'x\ny' });
  });
});
