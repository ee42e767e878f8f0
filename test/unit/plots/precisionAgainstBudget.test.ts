import { describe, expect, it } from 'vitest';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { chinchilla } from '../../../src/core/laws/chinchilla/chinchilla.ts';
import { kumar } from '../../../src/core/laws/kumar/kumar.ts';
import { precisionAgainstBudget } from '../../../webview/plots/precisionAgainstBudget/precisionAgainstBudget.ts';
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
    const drawn = (changes: Partial<typeof request> & { granularity?: 'tensor' | 'none' }) =>
      precisionAgainstBudget.config(inputOf({ ...request, ...changes }));
    const caption = (changes: Parameters<typeof drawn>[0]) => drawn(changes).caption;
    expect(drawn({}).asides.join(' ')).toContain('k = 6/16, linear in the bits P');
    expect(caption({})).toContain('scaling block 128.');
    expect(caption({ granularity: 'tensor' })).toContain('per channel (there is no closed form');
    expect(caption({ format: 'bf16', granularity: 'none' })).toContain(
      'block 128 (the run has no scaling factors)',
    );
  });

  it('names the law, and no layout or scaling where the law knows neither', () => {
    expect(precisionAgainstBudget.config(inputOf(request)).caption).toContain(
      'by the Capybara law. Drawn for the best real-valued layout',
    );
    const byKumar = precisionAgainstBudget.config(inputOf(request, { law: kumar }));
    expect(byKumar.caption).toContain('by the Kumar law.');
    expect(byKumar.caption).not.toMatch(/layout|scaling/);
    expect(byKumar.asides.join(' ')).toContain('the same for any compute');
  });

  it.each(precisionAgainstBudget.variants)(
    'does not let a law of BF16 alone choose bits: $name',
    ({ id: variant }) => {
      const accelerator = acceleratorById('b200') ?? null;
      const view = precisionAgainstBudget.config(
        inputOf(request, { law: chinchilla, variant, accelerator }),
      );
      expect(view.chart).toBeNull();
      expect(view.summary).toContain('knows no number format');
    },
  );

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

describe('the best format against hours of an accelerator', () => {
  const accelerator = acceleratorById('b200') ?? null;
  const view = (variant: string, changes: object = {}) =>
    precisionAgainstBudget.config(inputOf(request, { variant, accelerator, ...changes }));

  it('at the run’s N is FP4 for little time, then FP8, then BF16', () => {
    const bits = curveNamed(view('hours-at-size', { range: [10, 1e8] }), 'Best format').map(
      ({ y }) => y,
    );
    expect([...new Set(bits)]).toEqual([4, 8, 16]);
    expect(bits).toEqual([...bits].sort((a, b) => a - b));
  });

  // 1 M hours at 4500 · 40 % · 3600 s · 1e12 = 6.48e18 FLOP an hour buy D = 6.48e24 / (6·7e9).
  it('leaves D to the hours at a fixed N', () => {
    const fixed = view('hours-at-size', { range: [1e3, 1e5] });
    expect(tableValue(fixed, '10.0 K', 'Best format')).toBe('MXFP8 E4M3 (block 32)');
    expect(Number(tableValue(fixed, '10.0 K', 'Tokens D')) / (6.48e22 / 4.2e10)).toBeCloseTo(1, 10);
    expect(tableValue(fixed, '10.0 K', 'Parameters N')).toBe(7e9);
  });

  it('stands beside the bits that the bit-linear cost chooses', () => {
    const free = view('hours', { range: [10, 1e5] });
    // 2250 · 40 % · 3600 s · 1e12 FLOP an hour: 308.64 hours of BF16 are 1e21 FLOP, 4.19 bits.
    const at = curveNamed(free, 'Bit-linear optimum');
    const [below, above] = [at.findLast(({ x }) => x < 308.64), at.find(({ x }) => x > 308.64)];
    expect(below?.y).toBeLessThan(4.19);
    expect(above?.y).toBeGreaterThan(4.19);
    expect(Number(tableValue(free, '1.00 K', 'Loss'))).toBeLessThan(
      Number(tableValue(free, '1.00 K', 'Loss in BF16')),
    );
    expect(free.asides.join(' ')).toContain('40 % of the peak rate');
  });

  it('puts the run at its own hours: 5.88e21 FLOP at 4500 TFLOP/s', () => {
    const [run] = curveNamed(view('hours'), 'This run (FP8 E4M3 (block 128))');
    expect(run).toEqual({ x: expect.closeTo(5.88e21 / 6.48e18, 6) as number, y: 8 });
    const [best] = curveNamed(
      view('hours', { overrides: { compute: 3.24e21 } }),
      'Best format at this budget',
    );
    expect(best?.x).toBeCloseTo(1000, 8);
  });

  it('sets D / N below 1 apart only where N is chosen', () => {
    const far = { range: [1e4, 1e7] };
    expect(curveNames(view('hours', far))).toContain('Best format, D / N below 1');
    expect(view('hours', far).caption).toContain('artefact');
    expect(curveNames(view('hours-at-size', { range: [1, 100] }))).not.toContain(
      'Best format, D / N below 1',
    );
  });

  it('describes its points', () => {
    const drawn = view('hours-at-size');
    const names = curveNames(drawn);
    expect(drawn.describe(names.length - 1, 0)).toBe(
      'This run (FP8 E4M3 (block 128)) takes 907 GPU-hours',
    );
    expect(drawn.describe(0, 0)).toContain('NVFP4 (block 16)');
  });

  it('needs an accelerator, and a law of training', () => {
    expect(view('hours', { accelerator: null }).summary).toContain('GPU-hours need an accelerator');
    const law = { ...capybara, stage: 'post-training' as const };
    expect(view('hours', { law }).chart).toBeNull();
  });
});
