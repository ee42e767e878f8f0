import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { parse } from '../../../src/core/syntax/parse.ts';
import { resolve } from '../../../src/core/syntax/resolve.ts';
import { plain, rootOf } from './reading.ts';

/** What quadratic time would take minutes for, and linear time a moment. */
const long = 200_000;

describe('long inputs', { timeout: 10_000 }, () => {
  it.each(['a.yaml', 'a.toml'])('looks for templates in a comment of %s once', (file) => {
    const value = file === 'a.toml' ? 'x = 1' : 'x: 1';
    const tree = parse(file, `# ${'{'.repeat(long)}\n${value}\n`);
    expect(tree.template).toBe(false);
    expect(plain(rootOf(tree))).toEqual({ x: 1 });
  });

  it.each([
    ['brackets', '['.repeat(long), /not stated/],
    ['blanks', ' '.repeat(long), /./],
    ['dots', '.'.repeat(long), /not stated/],
    ['letters', 'a'.repeat(long), /not stated/],
  ])('reads a reference of many %s', (_, body, reason) => {
    const root = rootOf(parse('a.yaml', `r: "x\${${body}}"\n`));
    expect(resolve(root, ['r'])?.unresolved).toMatch(reason);
  });

  it('follows a ring of references a few steps from each place', () => {
    const lines = Array.from({ length: 3000 }, (_, at) => `r${at}: \${r${(at + 1) % 3000}}`);
    const root = rootOf(parse('a.yaml', lines.join('\n')));
    const reasons = lines.map((_, at) => resolve(root, [`r${at}`])?.unresolved ?? '');
    expect(reasons.every((reason) => reason.includes('circle'))).toBe(true);
  });

  it('gives up on a table that says one key over and over, in a few parses', () => {
    const tree = parse('a.toml', `a = 1\n${'steps = 10\n'.repeat(1500)}`);
    expect(plain(rootOf(tree))).toEqual({ a: 1, steps: 10 });
    expect(tree.problems).toHaveLength(9);
  });
});

describe('extreme numbers', () => {
  const plainRun = {
    ...{ n_layer: '12', n_embd: '768', n_head: '12', vocab_size: '50304', block_size: '1024' },
    ...{ global_batch_size: '8', max_steps: '1000', precision: 'bf16' },
  };
  const extremes = ['1e-320', '8e-317', '1e308', '1e999', '.inf', '.nan', '-1', '{a: 1}'];

  it.each(extremes)('are no counts and in no text: %s', (extreme) => {
    for (const key of ['max_steps', 'global_batch_size', 'block_size', 'n_layer', 'n_embd']) {
      const keys = Object.entries({ ...plainRun, [key]: extreme });
      const text = keys.map(([name, value]) => `${name}: ${value}`).join('\n');
      const analysis = analyse({ file: 'a.yaml', text }, defaultSettings);
      const [first] = analysis.runs;
      expect(first?.point ?? null).toBeNull();
      const shown = JSON.stringify(analysis, (_, value: unknown) =>
        typeof value === 'number' ? String(value) : value,
      );
      expect(shown).not.toMatch(/Infinity|NaN|\[object/);
    }
  });
});
