import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addKeys, removeKey, setKey } from '../../../src/core/syntax/edits.ts';
import { applyEdits } from '../../../src/core/syntax/edit.ts';
import { parse } from '../../../src/core/syntax/parse.ts';
import { resolve } from '../../../src/core/syntax/resolve.ts';
import { plain, rootOf } from './reading.ts';

/** The text after a key is set (or, with null, taken out). */
function edited(file: string, text: string, path: string, value: string | null): string | null {
  const tree = parse(file, text);
  const keys = path.split('.');
  const edits =
    value === null
      ? removeKey(tree, rootOf(tree), keys, text)
      : setKey(tree, rootOf(tree), keys, value, text);
  return edits && applyEdits(text, file, edits);
}

describe('applyEdits', () => {
  it('applies edits of one file in the order of the text and refuses overlaps', () => {
    const edit = (start: number, end: number, newText: string, file = 'a') => ({
      place: { file, start, end },
      newText,
    });
    expect(
      applyEdits('abcdef', 'a', [edit(4, 5, 'X'), edit(1, 1, '-'), edit(0, 1, 'Q', 'b')]),
    ).toBe('a-bcdXf');
    expect(() => applyEdits('abc', 'a', [edit(0, 2, ''), edit(1, 3, '')])).toThrow(RangeError);
  });
});

describe('setKey', () => {
  it.each([
    ['a.yaml', 'fp8: false # off\nb: 1\n', 'fp8', 'true', 'fp8: true # off\nb: 1\n'],
    ['a.yaml', 'p: "bf16"\n', 'p', 'fp8', 'p: "fp8"\n'],
    ['a.yaml', "p: 'bf16'\n", 'p', "it's", "p: 'it''s'\n"],
    ['a.yaml', 'p: "x"\n', 'p', 'true', 'p: true\n'],
    ['a.yaml', 'p: x\n', 'p', 'a: b # c', 'p: "a: b # c"\n'],
    ['a.yaml', 'p: x\n', 'p', '"y"', 'p: "y"\n'],
    ['a.yaml', 'p:\nq: 1\n', 'p', '5', 'p: 5\nq: 1\n'],
    ['a.yaml', 'p:   # note\n', 'p', '5', 'p: 5   # note\n'],
    ['a.yaml', 'p: |\n  a\n  b\nq: 1\n', 'p', 'c', 'p: c\nq: 1\n'],
    ['a.yaml', 'p: &x 1\nq: *x\n', 'q', '2', 'p: &x 2\nq: *x\n'],
    ['a.yaml', 'p: ${q}\nq: 1\n', 'p', '2', 'p: ${q}\nq: 2\n'],
    ['a.yaml', 'l: [1, 2]\n', 'l.1', '3', 'l: [1, 3]\n'],
    ['a.yaml', 'm:\n  a: 1\n  b: 2\nn: 1\n', 'm', '{}', 'm:\n  {}\nn: 1\n'],
    ['a.json', '{"p": "bf16"}', 'p', 'fp8', '{"p": "fp8"}'],
    ['a.json', '{"p": "bf16"}', 'p', 'true', '{"p": true}'],
    ['a.toml', "p = 'a'\n", 'p', 'b', "p = 'b'\n"],
    ['a.toml', 'p = 1\n', 'p', '["x"]', 'p = ["x"]\n'],
    ['a.toml', 'p = 1\n', 'p', 'x', 'p = "x"\n'],
    [
      'a.sh',
      'F=e4m3\npython t.py --fp8-format $F',
      'fp8_format',
      'hybrid',
      'F=hybrid\npython t.py --fp8-format $F',
    ],
    ['a.py', "dtype = 'bf16'\nn = 1\n", 'dtype', 'fp8', "dtype = 'fp8'\nn = 1\n"],
    ['a.py', 'n = 8 * 1024\n', 'n', '4096', 'n = 4096\n'],
  ])('replaces in %s %j %s by %s', (file, text, path, value, expected) => {
    expect(edited(file, text, path, value)).toBe(expected);
  });

  it.each([
    [
      'block',
      'a.yaml',
      'm:\n  a: 1 # one\n\nn: 2\n',
      'm.b',
      '5',
      'm:\n  a: 1 # one\n  b: 5\n\nn: 2\n',
    ],
    ['no last break', 'a.yaml', 'a: 1', 'b', 'x', 'a: 1\nb: x'],
    ['CRLF', 'a.yaml', 'a: 1\r\nb: 2\r\n', 'c', '3', 'a: 1\r\nb: 2\r\nc: 3\r\n'],
    [
      'nested end',
      'a.yaml',
      'a:\n  b:\n    - 1\n    - x: 2\n',
      'c',
      '3',
      'a:\n  b:\n    - 1\n    - x: 2\nc: 3\n',
    ],
    [
      'list item',
      'a.yaml',
      'l:\n  - a: 1\n  - a: 2\n',
      'l.0.b',
      '3',
      'l:\n  - a: 1\n    b: 3\n  - a: 2\n',
    ],
    ['block scalar', 'a.yaml', 'a: |\n  x\n  y\n', 'b', '1', 'a: |\n  x\n  y\nb: 1\n'],
    [
      'missing parents',
      'a.yaml',
      'a:\n    b: 1\n',
      'a.c.d',
      '2',
      'a:\n    b: 1\n    c:\n        d: 2\n',
    ],
    ['alias at the end', 'a.yaml', 'a: &x 1\nb: *x # c\n', 'd', '2', 'a: &x 1\nb: *x # c\nd: 2\n'],
    ['flow', 'a.yaml', 'm: {a: 1}\n', 'm.b', 'x', 'm: {a: 1, b: x}\n'],
    ['flow, parents', 'a.yaml', 'm: {a: 1}\n', 'm.c.d', 'x', 'm: {a: 1, c: {d: x}}\n'],
    ['empty flow', 'a.yaml', 'm: {}\n', 'm.b', 'x', 'm: {b: x}\n'],
    [
      'JSON-like flow',
      'a.yml',
      '{\n  "a": 1, # one\n  "b": 2, # two\n}\n',
      'c',
      'x',
      '{\n  "a": 1, # one\n  "b": 2, # two\n  "c": x,\n}\n',
    ],
    ['JSON', 'a.json', '{\n  "a": 1\n}\n', 'b', 'x', '{\n  "a": 1,\n  "b": "x"\n}\n'],
    [
      'JSON with comment',
      'a.json',
      '{\n  "a": 1 // one\n}\n',
      'b',
      '2',
      '{\n  "a": 1, // one\n  "b": 2\n}\n',
    ],
    ['JSON trailing comma', 'a.json', '{\n\t"a": 1,\n}', 'b', '2', '{\n\t"a": 1,\n\t"b": 2,\n}'],
    ['JSON one line', 'a.json', '{"a": {"b": 1}}', 'c', '2', '{"a": {"b": 1}, "c": 2}'],
    ['JSON empty', 'a.json', '{}', 'a.b', '2', '{"a": {"b": 2}}'],
    [
      'TOML',
      'a.toml',
      '[a]\nx = 1 # one\n\n[b]\ny = 2\n',
      'a.z',
      'q',
      '[a]\nx = 1 # one\nz = "q"\n\n[b]\ny = 2\n',
    ],
    ['TOML root', 'a.toml', 'x = 1\n[b]\ny = 2\n', 'z', '3', 'x = 1\nz = 3\n[b]\ny = 2\n'],
    ['TOML root without keys', 'a.toml', '[b]\ny = 2\n', 'z', '3', 'z = 3\n[b]\ny = 2\n'],
    [
      'TOML empty table',
      'a.toml',
      '[a]\n\n[a.b]\ny = 2\n',
      'a.z',
      '3',
      '[a]\nz = 3\n\n[a.b]\ny = 2\n',
    ],
    ['TOML dotted', 'a.toml', '[a]\nb.c = 1\n', 'a.b.d', '2', '[a]\nb.c = 1\nb.d = 2\n'],
    ['TOML inline', 'a.toml', 'a = {x = 1}\n', 'a.y', '2', 'a = {x = 1, y = 2}\n'],
    [
      'TOML new table',
      'a.toml',
      '[a]\nx = 1\n',
      'q.l.f',
      'rowwise',
      '[a]\nx = 1\n\n[q.l]\nf = "rowwise"\n',
    ],
    [
      'TOML array',
      'a.toml',
      '[[s]]\nx = 1\n[[s]]\nx = 2\n',
      's.0.y',
      '3',
      '[[s]]\nx = 1\ny = 3\n[[s]]\nx = 2\n',
    ],
    [
      'shell',
      'a.sh',
      'A=(\n  --bf16\n  --lr 1\n)\npython t.py ${A[@]}',
      'fp8_format',
      'e4m3',
      'A=(\n  --bf16\n  --fp8-format e4m3 --lr 1\n)\npython t.py ${A[@]}',
    ],
    [
      'shell, beside the flag with the same first words',
      'a.sh',
      'A=(\n  --bf16\n  --fp8-format e4m3\n)\nB=(\n  --lr 1\n)\npython t.py ${A[@]} ${B[@]}',
      'fp8_recipe',
      'tensorwise',
      'A=(\n  --bf16\n  --fp8-recipe tensorwise --fp8-format e4m3\n)\nB=(\n  --lr 1\n)\npython t.py ${A[@]} ${B[@]}',
    ],
    [
      'shell underscores',
      'a.sh',
      'python t.py --seq_length 1',
      'fp8_recipe',
      'x',
      'python t.py --fp8_recipe x --seq_length 1',
    ],
    [
      'shell assignments',
      'a.sh',
      'python -m M base.yml steps=1',
      'quantization',
      'fp8',
      'python -m M base.yml quantization=fp8 steps=1',
    ],
  ])('adds (%s)', (_, file, text, path, value, expected) => {
    expect(edited(file, text, path, value)).toBe(expected);
    const tree = parse(file, expected);
    expect(tree.problems).toEqual([]);
    expect(resolve(rootOf(tree), path.split('.'))?.node).toMatchObject({ text: value });
  });

  it('refuses what has no place or is worked out', () => {
    expect(edited('a.yaml', 'a: ${oc.env:X}\n', 'a', '1')).toBeNull();
    expect(edited('a.yaml', 'n: 2\na: ${multiply:2,${n}}\n', 'a', '1')).toBeNull();
    expect(edited('a.yaml', 'a: 1\n', 'a.b', '1')).toBeNull();
    expect(edited('a.py', 'a = 1\n', 'b', '1')).toBeNull();
  });

  it('puts keys of one missing mapping into one new mapping', () => {
    const keys = [
      { path: ['fp8', 'enabled'], value: 'true' },
      { path: ['fp8', 'recipe', 'name'], value: 'rowwise' },
      { path: ['top'], value: '1' },
    ];
    const add = (file: string, text: string) => {
      const tree = parse(file, text);
      return applyEdits(text, file, addKeys(tree, rootOf(tree), keys, text) ?? []);
    };
    expect(add('a.yaml', 'a: 1\n')).toBe(
      'a: 1\nfp8:\n  enabled: true\n  recipe:\n    name: rowwise\ntop: 1\n',
    );
    expect(add('a.json', '{"a": 1}')).toBe(
      '{"a": 1, "fp8": {"enabled": true, "recipe": {"name": "rowwise"}}, "top": 1}',
    );
    expect(add('a.toml', 'a = 1\n')).toBe(
      'a = 1\ntop = 1\n\n[fp8]\nenabled = true\n\n[fp8.recipe]\nname = "rowwise"\n',
    );
  });
});

describe('removeKey', () => {
  it.each([
    ['line', 'a.yaml', 'a: 1\nb: 2 # two\nc: 3\n', 'b', 'a: 1\nc: 3\n'],
    ['mapping', 'a.yaml', 'a:\n  x: 1\n  y: 2\nc: 3\n', 'a', 'c: 3\n'],
    ['last line', 'a.yaml', 'a: 1\r\nb: 2', 'b', 'a: 1'],
    ['only one', 'a.yaml', 'a:\n  x: 1\nb: 2\n', 'a.x', 'a:\n  {}\nb: 2\n'],
    ['first of an item', 'a.yaml', '- a: 1\n  b: 2\n', '0.a', '- b: 2\n'],
    ['twice', 'a.yaml', 'a: 1\nb: 2\na: 3\n', 'a', 'b: 2\n'],
    ['flow', 'a.yaml', 'm: {a: 1, b: 2}\n', 'm.a', 'm: {b: 2}\n'],
    ['flow, last', 'a.yaml', 'm: {a: 1, b: 2}\n', 'm.b', 'm: {a: 1}\n'],
    ['flow, only', 'a.yaml', 'm: {a: 1}\n', 'm.a', 'm: {}\n'],
    ['JSON', 'a.json', '{\n  "a": 1,\n  "b": 2\n}', 'a', '{\n  "b": 2\n}'],
    ['JSON, last', 'a.json', '{\n  "a": 1,\n  "b": 2\n}', 'b', '{\n  "a": 1\n}'],
    ['JSON, comment', 'a.json', '{\n  "a": 1, // one\n  "b": 2\n}', 'b', '{\n  "a": 1 // one\n}'],
    ['TOML', 'a.toml', '[a]\nx = 1\ny = [\n  1,\n]\n', 'a.y', '[a]\nx = 1\n'],
    [
      'shell',
      'a.sh',
      'python t.py --bf16 --fp8-format hybrid --lr 1',
      'fp8_format',
      'python t.py --bf16 --lr 1',
    ],
    ['shell, bare', 'a.sh', 'python t.py --lr 1 --bf16 x.txt', 'lr', 'python t.py --bf16 x.txt'],
    ['shell, equals', 'a.sh', 'python t.py --lr=1 --x 2', 'lr', 'python t.py --x 2'],
  ])('takes out (%s)', (_, file, text, path, expected) => {
    const tree = parse(file, text);
    const root = tree.documents[0];
    if (root?.kind === 'list') {
      const first = root.items[0];
      if (first?.kind !== 'map') throw new Error('No mapping.');
      const edits = removeKey(tree, first, ['a'], text);
      expect(edits && applyEdits(text, file, edits)).toBe(expected);
      return;
    }
    expect(edited(file, text, path, null)).toBe(expected);
  });

  it('refuses what is merged in, anchored or absent', () => {
    expect(edited('a.yaml', 'b: &b {x: 1}\na:\n  <<: *b\n  y: 2\n', 'a.x', null)).toBeNull();
    expect(edited('a.yaml', 'a: &x 1\nb: *x\n', 'a', null)).toBeNull();
    expect(edited('a.yaml', 'a: 1\n', 'z', null)).toBeNull();
    expect(edited('a.toml', '[a]\nx = 1\n', 'a', null)).toBeNull();
  });
});

interface Model {
  [key: string]: Model | number | string | boolean;
}

const key = fc.constantFrom('steps', 'lr', 'fp8', 'model', 'seq_len', 'x');
const leaf = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constantFrom('bf16', 'a b', '#', 'it: x', '~'),
);
const { model } = fc.letrec<{ model: Model; node: Model[string] }>((tie) => ({
  model: fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  node: fc.oneof({ maxDepth: 3, depthIdentifier: 'config' }, leaf, tie('model')),
}));

const isLeaf = (value: Model[string]): value is number | string | boolean =>
  typeof value !== 'object';

/** Every line of block styles has a comment, so that losing one shows. */
function block(config: Model, indent = ''): string[] {
  return Object.entries(config).flatMap(([name, value], index) =>
    isLeaf(value)
      ? [`${indent}${name}: ${JSON.stringify(value)} # c${index}`]
      : [`${indent}${name}:  # c${index}`, ...block(value, `${indent}  `)],
  );
}

function table(config: Model, path: readonly string[] = []): string[] {
  const entries = Object.entries(config);
  const own = entries.flatMap(([name, value], index) =>
    isLeaf(value) ? [`${name} = ${JSON.stringify(value)} # c${index}`] : [],
  );
  const below = entries.flatMap(([name, value]) =>
    isLeaf(value) ? [] : table(value, [...path, name]),
  );
  return [...(path.length > 0 ? [`[${path.join('.')}]`] : []), ...own, ...below];
}

const styles: Readonly<Record<string, (config: Model) => readonly [string, string]>> = {
  'YAML blocks': (config) => ['a.yaml', `${block(config).join('\n')}\n`],
  'YAML blocks with CRLF': (config) => ['a.yaml', `${block(config).join('\r\n')}\r\n`],
  'YAML flow': (config) => ['a.yaml', JSON.stringify(config)],
  'YAML flow on lines': (config) => ['a.yaml', JSON.stringify(config, null, 2)],
  'JSON on one line': (config) => ['a.json', JSON.stringify(config)],
  'JSON on lines': (config) => ['a.json', JSON.stringify(config, null, '\t')],
  TOML: (config) => ['a.toml', `${table(config).join('\n')}\n`],
};

/** A copy with a value at a path, or without the key. */
function changed(config: Model, path: readonly string[], value?: string): Model {
  const [first = '', ...rest] = path;
  const copy = { ...config };
  const child = copy[first];
  if (rest.length > 0) copy[first] = changed(typeof child === 'object' ? child : {}, rest, value);
  else if (value === undefined)
    return Object.fromEntries(Object.entries(copy).filter(([name]) => name !== first));
  else copy[first] = value;
  return copy;
}

function pathsOf(config: Model): string[][] {
  return Object.entries(config).flatMap(([name, value]) =>
    isLeaf(value) ? [[name]] : [[name], ...pathsOf(value).map((path) => [name, ...path])],
  );
}

const comments = (text: string) => [...text.matchAll(/# c\d+/g)].length;

describe.each(Object.keys(styles))('edits of small documents: %s', (style) => {
  const write = styles[style] ?? (() => ['', ''] as const);

  it('set any scalar to a word and change nothing else', () => {
    fc.assert(
      fc.property(model, fc.nat(), (config, pick) => {
        const [file, text] = write(config);
        const leaves = pathsOf(config).filter((path) => {
          let value: Model[string] | undefined = config;
          for (const part of path) value = typeof value === 'object' ? value[part] : undefined;
          return value !== undefined && isLeaf(value);
        });
        const path = leaves[pick % Math.max(leaves.length, 1)];
        if (!path) return;
        const result = edited(file, text, path.join('.'), 'hybrid') ?? '';
        expect(plain(rootOf(parse(file, result)))).toEqual(changed(config, path, 'hybrid'));
        expect(comments(result)).toBe(comments(text));
      }),
      { numRuns: 60 },
    );
  });

  it('add a key anywhere and change nothing else', () => {
    fc.assert(
      fc.property(model, fc.nat(), fc.boolean(), (config, pick, deep) => {
        const [file, text] = write(config);
        const parents = [[], ...pathsOf(config)].filter((path) => {
          let value: Model[string] | undefined = config;
          for (const part of path) value = typeof value === 'object' ? value[part] : undefined;
          return typeof value === 'object' && Object.keys(value).length > 0;
        });
        const parent = parents[pick % parents.length] ?? [];
        const path = [...parent, ...(deep ? ['new', 'deeper'] : ['new'])];
        const result = edited(file, text, path.join('.'), 'hybrid');
        expect(result).not.toBeNull();
        expect(plain(rootOf(parse(file, result ?? '')))).toEqual(changed(config, path, 'hybrid'));
        expect(comments(result ?? '')).toBe(comments(text));
      }),
      { numRuns: 60 },
    );
  });

  it('take a key out and change nothing else', () => {
    fc.assert(
      fc.property(model, fc.nat(), (config, pick) => {
        const [file, text] = write(config);
        const paths = pathsOf(config);
        const path = paths[pick % paths.length] ?? [];
        const result = edited(file, text, path.join('.'), null);
        // TOML tables are not taken out.
        if (result === null) {
          expect(style).toBe('TOML');
          return;
        }
        const tree = parse(file, result);
        const after = tree.documents[0] ? plain(rootOf(tree)) : {};
        expect(after).toEqual(changed(config, path));
      }),
      { numRuns: 60 },
    );
  });
});
