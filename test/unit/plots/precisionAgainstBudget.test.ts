import { describe, expect, it } from 'vitest';
import { precisionAgainstBudget } from '../../../webview/plots/precisionAgainstBudget.ts';
import { curveNamed, curveNames, inputOf, tableValue } from './input.ts';

const request = { parameters: 7e9, tokens: 140e9, format: 'fp8-e4m3', block: 128 };

describe('precision against budget', () => {
  // Reference values computed from equations 22, 52 and 54 of arXiv 2501.02423 with B = 128.
  it('has the joint optimum of 1e21 FLOP: 4.19 bits, 7.93 B, 80.3 B tokens, loss 2.394', () => {
    const view = precisionAgainstBudget.config(inputOf(request, { variant: 'compute' }));
    expect(tableValue(view, '1e+21', 'Optimal bits P')).toBeCloseTo(4.19, 2);
    expect(tableValue(view, '1e+21', 'Parameters N')).toBeCloseTo(7.93e9, -7);
    expect(tableValue(view, '1e+21', 'Tokens D')).toBeCloseTo(8.025e10, -8);
    expect(tableValue(view, '1e+21', 'Loss')).toBeCloseTo(2.3942, 4);
  });

  it('has the optimum at a fixed D: 5.179 bits at 1 T, 6.284 at 10 T', () => {
    const view = precisionAgainstBudget.config(inputOf(request, { variant: 'tokens' }));
    expect(tableValue(view, '1.00 T', 'Optimal bits P')).toBeCloseTo(5.179, 3);
    expect(tableValue(view, '10.0 T', 'Optimal bits P')).toBeCloseTo(6.284, 3);
  });

  it('has the optimum at the run’s N: 5.5266 bits for 7 B and 5.88e21 FLOP', () => {
    const overrides = { compute: 5.88e21 };
    const view = precisionAgainstBudget.config(
      inputOf(request, { variant: 'parameters', overrides }),
    );
    expect(tableValue(view, '5.88e+21', 'Optimal bits P')).toBeCloseTo(5.5266, 4);
    expect(curveNamed(view, 'Optimum at this budget')[0]?.x).toBe(5.88e21);
  });

  it('puts the run at its own cost C = 6/16·P·N·D and width', () => {
    const view = precisionAgainstBudget.config(
      inputOf(request, { variant: 'compute', overrides: { compute: 1e22 } }),
    );
    const [run] = curveNamed(view, 'This run (FP8 E4M3 (block 128))');
    expect(run?.x).toBeCloseTo((6 / 16) * 8 * 7e9 * 140e9, -8);
    expect(run?.y).toBe(8);
    const tokens = precisionAgainstBudget.config(inputOf(request, { variant: 'tokens' }));
    expect(curveNamed(tokens, 'This run (FP8 E4M3 (block 128))')[0]?.x).toBe(140e9);
  });

  it('sets the part with fewer tokens than parameters apart: between 1e23 and 1e24 FLOP', () => {
    const view = precisionAgainstBudget.config(inputOf(request, { variant: 'compute' }));
    const few = curveNamed(view, 'Optimal bits, D / N below 1');
    expect(few[0]?.x).toBeGreaterThan(1e23);
    expect(few[0]?.x).toBeLessThan(1e24);
    expect(curveNamed(view, 'Optimal bits').at(-1)).toEqual(few[0]);
    expect(view.caption).toContain('artefact');
    const small = inputOf(request, { variant: 'compute', range: [1e18, 1e22] });
    expect(curveNames(precisionAgainstBudget.config(small))).not.toContain(
      'Optimal bits, D / N below 1',
    );
    expect(precisionAgainstBudget.config(small).caption).not.toContain('artefact');
  });

  it('says that the cost is linear in bits and which scaling was taken', () => {
    const caption = (changes: Partial<typeof request> & { granularity?: 'tensor' | 'none' }) =>
      precisionAgainstBudget.config(inputOf({ ...request, ...changes })).caption;
    expect(caption({})).toContain('k = 6/16, linear in the bits P');
    expect(caption({})).toContain('scaling block 128.');
    expect(caption({ granularity: 'tensor' })).toContain('per channel (there is no closed form');
    expect(caption({ format: 'bf16', granularity: 'none' })).toContain(
      'block 128 (the run has no scaling factors)',
    );
  });

  it('says so for a law without an optimum, and with a scale for every value', () => {
    const input = inputOf(request);
    const { optimum, ...without } = input.law;
    expect(optimum).toBeDefined();
    const silent = precisionAgainstBudget.config({ ...input, law: without });
    expect(silent.chart).toBeNull();
    expect(silent.summary).toBe('The Capybara law gives no compute-optimal precision.');
    expect(precisionAgainstBudget.config(inputOf({ ...request, block: 1 })).chart).toBeNull();
  });
});
