import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { groupTitles } from '../../../src/core/present/runGroups.ts';
import { grouped, listed, nameOf, type ListedRun } from '../../../src/vscode/runList.ts';

/** An LLM Foundry run: N by its layers, D by its steps; Transformer Engine’s FP8 or plain BF16. */
function run(file: string, layers: number, steps: number | string, fp8: boolean): ListedRun {
  const text = [
    `max_duration: ${steps}ba`,
    'global_train_batch_size: 1024',
    'max_seq_len: 2048',
    `precision: ${fp8 ? 'amp_fp8' : 'amp_bf16'}`,
    'model:',
    '  name: mpt_causal_lm',
    '  d_model: 1024',
    '  n_heads: 16',
    `  n_layers: ${layers}`,
    '  vocab_size: 50368',
    ...(fp8 ? ['  fc_type: te'] : []),
    'optimizer:',
    '  name: decoupled_adamw',
    'train_loader: {}',
  ].join('\n');
  const [first] = analyse({ file, text }, defaultSettings).runs;
  if (!first) throw new Error(`${file} was not recognised.`);
  return { file, runIndex: 0, run: first, gapTarget: 0.01 };
}

const small = run('b/small.yaml', 8, 4_000_000, true);
const large = run('a/large.yaml', 32, 10_000, false);
const unknown = run('c/unknown.yaml', 16, '${steps}', false);
const runs = [unknown, small, large];
const files = (list: readonly ListedRun[]) => list.map(({ file }) => file);

describe('the list of runs', () => {
  it('is sorted by name from A, files of one name by their folders', () => {
    const other = { ...small, file: 'z/large.yaml' };
    const twin = { ...small, file: 'b/large.yaml' };
    expect(files(listed([unknown, other, small, twin, large], 'name', 'all'))).toEqual([
      ...['a/large.yaml', 'b/large.yaml', 'z/large.yaml'],
      ...['b/small.yaml', 'c/unknown.yaml'],
    ]);
  });

  it('is sorted by folder from A', () => {
    const other = { ...large, file: 'b/later.yaml' };
    expect(files(listed([other, ...runs], 'folder', 'all'))).toEqual(
      files([large, other, small, unknown]),
    );
  });

  it('is sorted by memory and by findings, the most first', () => {
    const deeper = run('d/deeper.yaml', 48, 10_000, false);
    const memory = files(listed([large, deeper, small], 'memory', 'all'));
    expect(memory).toEqual(files([deeper, large, small]));
    expect(files(listed(runs, 'findings', 'all'))[0]).toBe(small.file);
  });

  it('is divided into groups, what wants a look first, and each run stands in one', () => {
    const loose = { ...small, file: 'd/loose.yaml', gapTarget: 1 };
    const past = grouped([large, small, unknown, loose]);
    expect(past.map(({ group, runs: [...held] }) => [groupTitles[group], files(held)])).toEqual([
      ['Past the target', [small.file]],
      ['Within the target', [large.file, loose.file]],
      ['Without a forecast', [unknown.file]],
    ]);
  });

  it('is sorted by numbers from the largest, what is unknown last', () => {
    expect(files(listed(runs, 'parameters', 'all'))).toEqual(files([large, unknown, small]));
    expect(files(listed(runs, 'tokens', 'all'))).toEqual(files([small, large, unknown]));
    expect(files(listed(runs, 'gap', 'all'))).toEqual(files([small, large, unknown]));
    expect(files(listed(runs, 'ratio', 'all'))[0]).toBe(small.file);
  });

  it('keeps the order of a file’s own runs', () => {
    const second = { ...large, runIndex: 1 };
    expect(listed([second, large], 'gap', 'all').map(({ runIndex }) => runIndex)).toEqual([0, 1]);
  });

  it('can be that of runs with findings', () => {
    expect(small.run.findings.length).toBeGreaterThan(0);
    expect(files(listed(runs, 'name', 'findings'))).toEqual([small.file]);
  });

  it('can be that of one framework', () => {
    expect(listed(runs, 'name', { framework: 'llm-foundry' }).length).toBe(3);
    expect(listed(runs, 'name', { framework: 'olmo' })).toEqual([]);
  });

  it('names a run by its file, and by its number where there are several', () => {
    expect(nameOf(small, false)).toBe('small.yaml');
    expect(nameOf({ ...small, runIndex: 1 }, true)).toBe('small.yaml (2)');
  });
});
