import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/syntax/parse.ts';
import { resolve } from '../../../src/core/syntax/resolve.ts';
import { at, plain, rootOf } from './reading.ts';

const read = (...lines: string[]) => rootOf(parse('run.yaml', lines.join('\n')));

describe('resolve', () => {
  const root = read(
    'variables: {max_seq_len: 2048, name: mpt}',
    'max_seq_len: ${variables.max_seq_len}',
    'again: ${max_seq_len}',
    'model:',
    '  hidden_size: 4096',
    '  layers: 32',
    '  heads: 7',
    '  ffn: ${multiply:4, ${.hidden_size}}',
    '  up: ${..max_seq_len}',
    '  ceil: ${divide_ceil:${.layers}, ${.heads}}',
    '  floor: ${divide_floor:32,7}',
    '  ratio: ${divide:${.ffn}, 2}',
    '  minus: ${subtract:${.layers},2}',
    '  plus: ${add:1,2,3}',
    "  eval: ${eval:'${.layers} * 2 + 1'}",
    'copy: ${model}',
    'list: [{a: 1}, {a: 2}]',
    'second: ${list[1].a}',
    'third: ${list.0.a}',
    'which: model',
    'nested: ${${which}.layers}',
    'run: ${variables.name}-${model.layers}b',
    'quoted: "${variables.max_seq_len}"',
    'env: ${oc.env:STEPS,500}',
    'envRef: ${oc.env:STEPS,${model.layers}}',
    'bare: ${oc.env:STEPS}',
    'primus: ${PRIMUS_TRAIN_ITERS:50}',
    'file: ${PRIMUS_MODEL:deepseek_v3}.yaml',
    'now: ${now:%Y}',
    'gone: ${nowhere.at.all}',
    'section: x-${model}',
    'a: ${b}',
    'b: ${c}',
    'c: ${a}',
    'self: ${self}',
    'plain: 7',
  );

  const value = (...path: (string | number)[]) => {
    const found = resolve(root, path);
    return found?.computed?.value ?? (found?.unresolved === undefined ? plain(found?.node) : null);
  };

  it('finds values by keys and positions', () => {
    expect(value('plain')).toBe(7);
    expect(value('list', 1, 'a')).toBe(2);
    expect(value('list', '1', 'a')).toBe(2);
    expect(resolve(root, ['nothing'])).toBeUndefined();
    expect(resolve(root, ['plain', 'deeper'])).toBeUndefined();
    expect(resolve(root, ['list', 'a'])).toBeUndefined();
  });

  it('follows references to the node that states the value', () => {
    const found = resolve(root, ['again']);
    expect(found?.node).toBe(at(root, 'variables', 'max_seq_len'));
    expect(found?.via).toEqual([at(root, 'again').place, at(root, 'max_seq_len').place]);
    expect(found?.at).toEqual(['variables', 'max_seq_len']);
    expect(resolve(root, ['plain'])?.via).toEqual([]);
    expect(value('model', 'up')).toBe(2048);
    expect(value('copy', 'layers')).toBe(32);
    // Relative references count from where the mapping really stands.
    expect(value('copy', 'ffn')).toBe(16384);
    expect(value('second')).toBe(2);
    expect(value('third')).toBe(1);
    expect(value('nested')).toBe(32);
    expect(value('quoted')).toBe(2048);
  });

  it('works resolvers out, with the formula and where its numbers stand', () => {
    const ffn = resolve(root, ['model', 'ffn']);
    expect(ffn?.computed).toEqual({
      value: 16384,
      formula: '4 × 4096',
      from: [at(root, 'model', 'hidden_size').place],
    });
    expect(ffn?.node).toBe(at(root, 'model', 'ffn'));
    expect(resolve(root, ['model', 'ceil'])?.computed).toMatchObject({
      value: 5,
      formula: '⌈32 / 7⌉',
    });
    expect(value('model', 'floor')).toBe(4);
    expect(resolve(root, ['model', 'ratio'])?.computed).toEqual({
      value: 8192,
      formula: '16384 / 2',
      from: [at(root, 'model', 'hidden_size').place],
    });
    expect(value('model', 'minus')).toBe(30);
    expect(value('model', 'plus')).toBe(6);
    expect(resolve(root, ['model', 'eval'])?.computed).toMatchObject({
      value: 65,
      formula: '32 * 2 + 1',
    });
  });

  it('puts references into longer texts', () => {
    const found = resolve(root, ['run']);
    expect(found?.node).toMatchObject({ text: 'mpt-32b', value: 'mpt-32b' });
    expect(found?.node.place).toEqual(at(root, 'run').place);
    expect(resolve(root, ['file'])?.node).toMatchObject({ text: 'deepseek_v3.yaml' });
  });

  it('takes defaults of environment variables, stated at the reference itself', () => {
    expect(value('env')).toBe(500);
    expect(resolve(root, ['env'])?.node.place).toEqual(at(root, 'env').place);
    expect(resolve(root, ['envRef'])?.node).toBe(at(root, 'model', 'layers'));
    expect(value('primus')).toBe(50);
  });

  it.each(['bare', 'now', 'gone', 'section', 'a', 'self'])('says that %s is unresolved', (key) => {
    const found = resolve(root, [key]);
    expect(found?.node.kind).toBe('scalar');
    expect(found?.unresolved).toMatch(/^[^]+\.$/);
  });

  it('says why a scalar that the source does not tell is unresolved', () => {
    const script = parse('a.sh', 'python train.py --lr $1 --x 2');
    expect(resolve(rootOf(script), ['lr'])?.unresolved).toBe(
      'An argument of the script gives this value.',
    );
    expect(plain(resolve(rootOf(script), ['x'])?.node)).toBe(2);
  });

  it('ends on references that double at each level and on deep nesting', () => {
    const lines = ['a0: "xxxxxxxxxx"'];
    for (let level = 1; level < 40; level += 1) {
      lines.push(`a${level}: \${a${level - 1}}\${a${level - 1}}`);
    }
    lines.push(`deep: ${'${a'.repeat(5000)}${'}'.repeat(5000)}`, 'open: ${${${', 'odd: ${}');
    const bomb = read(...lines);
    const found = resolve(bomb, ['a39']);
    expect(found?.unresolved ?? 'bounded').toMatch(/circle|bounded|too deeply/);
    expect(resolve(bomb, ['deep'])?.unresolved).toBeDefined();
    expect(plain(resolve(bomb, ['open'])?.node)).toBe('${${${');
    expect(plain(resolve(bomb, ['a1'])?.node)).toBe('xxxxxxxxxxxxxxxxxxxx');
  });
});
