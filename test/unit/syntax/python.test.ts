import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/syntax/parse.ts';
import { at, plain, rootOf, scalarAt } from './reading.ts';

const read = (...lines: string[]) => rootOf(parse('config.py', lines.join('\n')));
const slice = (text: string, place: { start: number; end: number }) =>
  text.slice(place.start, place.end);

describe('parsePython', () => {
  it('reads module-level literals; the last assignment counts', () => {
    expect(
      plain(
        read(
          'n_layer = 12 # layers',
          'n_layer = 24',
          'max_iters: int = 600_000',
          "dtype = 'bfloat16'",
          'lr, wd = 6e-4, 1e-1',
          'a = b = None',
          'compile = True',
          'shape = (1, [2, 3], {4})',
          'text = "a" \'b\\n\'',
          'raw = r"\\d"',
          'doc = """x',
          'y"""',
          'declared: int',
        ),
      ),
    ).toEqual({
      n_layer: 24,
      max_iters: 600000,
      dtype: 'bfloat16',
      lr: 6e-4,
      wd: 0.1,
      a: null,
      b: null,
      compile: true,
      shape: [1, [2, 3], [4]],
      text: 'ab\n',
      raw: '\\d',
      doc: 'x\ny',
    });
  });

  it('works arithmetic and names out, at the place of the literal', () => {
    const text =
      'dim = 8 * 1024\nffn = 4 * dim\ntokens = int(1e12)\nseq = dim\nmem = 2**40\nneg = -1\n';
    const root = rootOf(parse('config.py', text));
    expect(plain(root)).toEqual({
      dim: 8192,
      ffn: 32768,
      tokens: 1e12,
      seq: 8192,
      mem: 1099511627776,
      neg: -1,
    });
    expect(at(root, 'seq')).toBe(at(root, 'dim'));
    expect(slice(text, at(root, 'dim').place)).toBe('8 * 1024');
    expect(slice(text, at(root, 'tokens').place)).toBe('int(1e12)');
  });

  it('reads calls as mappings with the callee as tag', () => {
    const text = [
      'base = dict(a=1)',
      'cfg = Trainer.Config(',
      '    model_spec=model_registry("8B"),',
      '    training=TrainingConfig(seq_len=8192, steps=1000), # note',
      '    extra={"x": 1, **base},',
      '    **base,',
      ')',
    ].join('\n');
    const root = rootOf(parse('config.py', text));
    expect(plain(at(root, 'cfg'))).toEqual({
      model_spec: { 0: '8B' },
      training: { seq_len: 8192, steps: 1000 },
      extra: { x: 1, a: 1 },
      a: 1,
    });
    expect(at(root, 'cfg')).toMatchObject({ tag: 'Trainer.Config' });
    expect(at(root, 'cfg', 'model_spec')).toMatchObject({ tag: 'model_registry' });
    expect(at(root, 'base')).not.toHaveProperty('tag');
    expect(slice(text, at(root, 'cfg', 'training', 'seq_len').place)).toBe('8192');
    const training = at(root, 'cfg');
    expect(
      training.kind === 'map' &&
        slice(text, training.byKey.get('training')?.keyPlace ?? { start: 0, end: 0 }),
    ).toBe('training');
  });

  it('reads attribute and subscript assignments into nested mappings', () => {
    const root = read(
      'cfg = llama3_8b(num_nodes=1)',
      'cfg.model.num_layers = 4',
      'cfg.model.num_layers = 6',
      'cfg["data"]["seq_length"] = 2048',
      'new.a.b = 1',
    );
    expect(plain(root)).toEqual({
      cfg: { num_nodes: 1, model: { num_layers: 6 }, data: { seq_length: 2048 } },
      new: { a: { b: 1 } },
    });
    expect(at(root, 'cfg')).toMatchObject({ tag: 'llama3_8b' });
  });

  it('reads functions and classes', () => {
    const root = read(
      'SEQ = 4096',
      'def llama3_8b_fp8(nodes: int = 2, *, name) -> Config:',
      '    """doc"""',
      '    config = llama3_8b()',
      '    config.training.steps = 1000',
      '    config.training.seq_len = SEQ',
      '    if nodes > 1:',
      '        config.training.steps = 2000',
      '    return config',
      '@dataclass',
      'class Args(Base):',
      '    dim: int = 4096',
      '    norm: float = field(default=1e-5)',
      'def direct():',
      '    return Trainer.Config(steps=5, name=name)',
    );
    expect(plain(at(root, '$functions', 'llama3_8b_fp8'))).toEqual({
      nodes: 2,
      name: '<unresolved>',
      config: { training: { steps: '<unresolved>', seq_len: 4096 } },
      $return: { training: { steps: '<unresolved>', seq_len: 4096 } },
    });
    expect(at(root, '$functions', 'llama3_8b_fp8', '$return')).toMatchObject({ tag: 'llama3_8b' });
    expect(plain(at(root, '$functions', 'direct', '$return'))).toEqual({
      steps: 5,
      name: '<unresolved>',
    });
    expect(plain(at(root, '$classes', 'Args'))).toEqual({ dim: 4096, norm: { default: 1e-5 } });
    expect(at(root, '$functions', 'direct', '$return')).toMatchObject({ tag: 'Trainer.Config' });
  });

  it('lets dotted names that nothing explains stand for themselves', () => {
    const root = read(
      'dtype = torch.bfloat16',
      'x = unknown',
      'y = cfg.dim',
      'cfg = f()',
      'z = cfg.n',
    );
    expect(plain(root)).toEqual({
      dtype: 'torch.bfloat16',
      x: '<unresolved>',
      y: 'cfg.dim',
      cfg: {},
      z: '<unresolved>',
    });
    expect(scalarAt(root, 'x').text).toBe('unknown');
  });

  it('keeps conditions, loops and comprehensions unresolved', () => {
    expect(
      plain(
        read(
          'steps = 10',
          'if debug:',
          '    steps = 1',
          '    extra = 2',
          'if __name__ == "__main__":',
          '    lr = 3',
          'for i in range(3):',
          '    lr = i',
          'a = 1 if x else 2',
          'b = [i for i in y]',
          'c = f"{steps}"',
          'd = lambda: 1',
          'e, f = g()',
          'count = 3',
          'count += 4',
          'count *= unknown',
        ),
      ),
    ).toEqual({
      steps: '<unresolved>',
      $calls: { g: {} },
      extra: 2,
      lr: '<unresolved>',
      a: '<unresolved>',
      b: '<unresolved>',
      c: '<unresolved>',
      d: '<unresolved>',
      e: '<unresolved>',
      f: '<unresolved>',
      count: '<unresolved>',
    });
    expect(
      plain(read('count = 3', 'count += 4', 'count -= 1', 'count *= 2', 'count //= 5')),
    ).toEqual({
      count: 2,
    });
  });

  it('keeps what stands in a broken file', () => {
    const tree = parse('config.py', 'a = 1\ncfg = f(b=2, bad=, c=3,\n  d=g(e=4)\n');
    expect(plain(at(rootOf(tree), 'a'))).toBe(1);
    expect(plain(at(rootOf(tree), 'cfg', 'b'))).toBe(2);
    expect(plain(at(rootOf(tree), 'cfg', 'c'))).toBe(3);
    expect(plain(at(rootOf(tree), 'cfg', 'd', 'e'))).toBe(4);
    expect(tree.problems.length).toBeGreaterThan(0);
  });

  it('lets a name keep what it was given when the other changes', () => {
    expect(plain(read('a = dict(x=1)', 'b = a', 'a.x = 2', 'a.self = a', 'b.y = 3'))).toEqual({
      a: { x: 2, self: { x: 2 } },
      b: { x: 1, y: 3 },
    });
  });

  it('bounds names that double', () => {
    const lines = ['a0 = [1, 2, 3, 4]'];
    for (let level = 1; level < 60; level += 1)
      lines.push(`a${level} = [a${level - 1}, a${level - 1}]`);
    const root = read(...lines, 'steps = 7');
    expect(scalarAt(root, 'steps').value).toBe(7);
    expect(JSON.stringify(plain(root)).length).toBeLessThan(5_000_000);
  });
});
