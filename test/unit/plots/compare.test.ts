import { describe, expect, it } from 'vitest';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import type { ComparedRun } from '../../../src/protocol/messages.ts';
import { comparePlot } from '../../../webview/plots/compare/compare.ts';
import { pointOf } from '../../webview/snapshots.ts';
import { curveNamed, curveNames, inputOf, lineAt, tableValue } from './input.ts';

const own = { parameters: 1e9, tokens: 1e11, format: 'nvfp4' };
const mxfp8 = pointOf({ parameters: 3e9, tokens: 4e11, format: 'mxfp8-e4m3' });
const run = (name: string, changes: Partial<ComparedRun> = {}): ComparedRun => ({
  ...{ uri: `file:///${name}`, runIndex: 0, name, point: mxfp8, why: '', taken: '≈ 61 GB a GPU' },
  ...changes,
});

describe('compare', () => {
  it('says how to compare where nothing is', () => {
    const view = comparePlot.config(inputOf(own, { variant: 'gap' }));
    expect(view.chart).toBeNull();
    expect(view.summary).toContain('Compare in Trade-off Explorer');
  });

  const input = inputOf(own, { name: 'a.yaml', compared: [run('b.yaml')], variant: 'gap' });
  const view = comparePlot.config(input);

  it('draws each run with its own N and format on the same axes, and where it ends', () => {
    expect(curveNames(view)).toEqual(['a.yaml', 'b.yaml', 'a.yaml, its end', 'b.yaml, its end']);
    const [end] = curveNamed(view, 'b.yaml, its end');
    expect(end).toEqual({ x: 4e11, y: capybara.forecast(mxfp8).gap });
    expect(curveNamed(view, 'b.yaml').every(({ x, y }) => y === capybara.curve(mxfp8)(x).gap)).toBe(
      true,
    );
    expect(lineAt(view, 'target')).toBe(0.01);
    const [low, high] = view.range ?? [];
    expect([low, high]).toEqual([2e10, 2e12]);
  });

  it('has a row for each, and names the least', () => {
    expect(tableValue(view, 'a.yaml', 'Gap')).toBe(capybara.forecast(pointOf(own)).gap);
    expect(tableValue(view, 'b.yaml', 'D')).toBe(4e11);
    expect(tableValue(view, 'b.yaml', 'Takes')).toBe('≈ 61 GB a GPU');
    expect(view.headline).toMatch(/^Least gap of these: b\.yaml, \+0\.00\d+ in MXFP8/);
    expect(view.describe(3, 0)).toMatch(/^b\.yaml, as the config has it, at 400 B tokens: gap \+/);
  });

  it('invents nothing for a run that leaves a number open, and says why it is not there', () => {
    const open = run('c.yaml', { point: null, why: 'tokens: the number of GPUs is not told.' });
    const drawn = comparePlot.config({ ...input, compared: [run('b.yaml'), open] });
    expect(curveNames(drawn)).toEqual(curveNames(view));
    expect(drawn.asides).toEqual(['c.yaml is not drawn: tokens: the number of GPUs is not told.']);
    const bare = { ...input.explored, missing: ['tokens' as const] };
    const without = comparePlot.config({ ...input, explored: bare });
    expect(curveNames(without)).toEqual(['b.yaml', 'b.yaml, its end']);
    expect(without.asides[0]).toMatch(/^a\.yaml is not drawn: the file leaves/);
  });

  it('leaves a run in 16 bits to the losses', () => {
    const bf16 = run('d.yaml', {
      point: pointOf({ parameters: 1e9, tokens: 1e11, format: 'bf16' }),
    });
    const gaps = comparePlot.config({ ...input, compared: [bf16] });
    expect(gaps.asides).toEqual(['d.yaml has no gap: it multiplies in BF16.']);
    const losses = comparePlot.config({ ...input, compared: [bf16], variant: 'loss' });
    expect(curveNames(losses)).toContain('d.yaml');
    expect(losses.headline).toMatch(/^Least loss of these: d\.yaml, /);
  });
});
