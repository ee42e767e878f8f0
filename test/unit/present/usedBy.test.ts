import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { usedBy } from '../../../src/core/present/usedBy.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';

const text = [
  'max_duration: 64000ba',
  'global_train_batch_size: 1024',
  'max_seq_len: 2048',
  'precision: amp_bf16',
  'model: {name: mpt_causal_lm, d_model: 4096, n_heads: 32, n_layers: 32, vocab_size: 50368}',
  'train_loader: {}',
].join('\n');

function runs(...names: readonly string[]) {
  return names.map((name) => {
    const [run] = analyse({ file: name, text }, defaultSettings).runs;
    if (!run) throw new Error('The config was not recognised.');
    return { name, run };
  });
}

const summary = 'N 6.66 B · D 134 B · BF16 · gap 0';

describe('the line above a file that is part of runs', () => {
  it('is empty where none is known', () => {
    expect(usedBy([])).toEqual({ named: [], more: null });
  });

  it('names up to three runs', () => {
    expect(usedBy(runs('a.yaml'))).toEqual({ named: [`Used by a.yaml: ${summary}`], more: null });
    expect(usedBy(runs('a.yaml', 'b.yaml', 'c.yaml'))).toEqual({
      named: [`Used by a.yaml: ${summary}`, `b.yaml: ${summary}`, `c.yaml: ${summary}`],
      more: null,
    });
  });

  it('counts the others', () => {
    const { named, more } = usedBy(runs('a.yaml', 'b.yaml', 'c.yaml', 'd.yaml', 'e.yaml'));
    expect(named).toHaveLength(3);
    expect(more).toBe('and 2 more');
  });

  it('leaves a run of which nothing is known with its name', () => {
    const [known] = runs('a.yaml');
    if (!known) throw new Error('There is no run.');
    const { tokens } = known.run.run;
    const nothing = { parameters: null, precision: null, tokens: { ...tokens, total: null } };
    const run = { ...known.run, forecast: null, run: { ...known.run.run, ...nothing } };
    expect(usedBy([{ name: 'a.yaml', run }]).named).toEqual(['Used by a.yaml']);
  });
});
