import { describe, expect, it } from 'vitest';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import { lossAgainstTokens } from '../../../webview/plots/lossAgainstTokens.ts';
import { curveNamed, curveNames, inputOf, lineAt, tableValue } from './input.ts';

/** The paper's example: 1 B parameters, B = 128 (arXiv 2501.02423, section 4.2). */
const paper = { parameters: 1e9, tokens: 20e9, block: 128 };

describe('loss against tokens', () => {
  it('marks D_crit where the paper has it', () => {
    const view = lossAgainstTokens.config(inputOf({ ...paper, format: 'fp4-e2m1' }));
    expect(lineAt(view, 'critical')).toBeCloseTo(0.3928e12, -9);
    expect(tableValue(view, 'FP4 E2M1 (block 128)', 'D_crit (tokens)')).toBe(
      lineAt(view, 'critical'),
    );
  });

  it('has its least loss at D_crit: 2.43391 nats for 1 B in E4M3', () => {
    const request = { ...paper, tokens: 27e12, format: 'fp8-e4m3' };
    const curve = curveNamed(lossAgainstTokens.config(inputOf(request)), 'FP8 E4M3 (block 128)');
    const least = curve.reduce((best, at) => (at.y < best.y ? at : best));
    expect(least.y).toBeCloseTo(2.43391, 5);
    expect(least.x).toBeCloseTo(27.33e12, -10);
  });

  it('puts the run on its own curve, exactly', () => {
    const input = inputOf({ ...paper, format: 'fp4-e2m1' });
    const view = lossAgainstTokens.config(input);
    const [run] = curveNamed(view, 'This run');
    expect(run).toEqual({ x: 20e9, y: input.law.forecast(input.explored.point).loss });
    expect(curveNamed(view, 'FP4 E2M1 (block 128)')).toContainEqual(run);
  });

  it('draws the BF16 twin below the run by the gap', () => {
    const input = inputOf({ ...paper, format: 'fp4-e2m1' });
    const view = lossAgainstTokens.config(input);
    const at = (name: string) => curveNamed(view, name).find(({ x }) => x === 20e9)?.y ?? NaN;
    const { gap } = input.law.forecast(input.explored.point);
    expect(at('FP4 E2M1 (block 128)') - at('BF16 twin')).toBeCloseTo(gap ?? NaN, 12);
  });

  it('holds tensor-wise scaling as it is at the run, so that mark and curve agree', () => {
    const request = { ...paper, format: 'fp8-e4m3', granularity: 'tensor' as const, block: null };
    const input = inputOf({ ...request, tokens: 6e12 });
    const view = lossAgainstTokens.config(input);
    const curve = curveNamed(view, 'FP8 E4M3 per tensor');
    const least = curve.reduce((best, at) => (at.y < best.y ? at : best));
    expect(least.x).toBe(lineAt(view, 'critical'));
    expect(view.caption).toContain('held as at the run’s own N and D');
  });

  it('has neither mark nor twin for BF16 without scaling', () => {
    const view = lossAgainstTokens.config(inputOf({ ...paper, block: null, format: 'bf16' }));
    expect(lineAt(view, 'critical')).toBeUndefined();
    expect(curveNames(view)).not.toContain('BF16 twin');
    expect(view.caption).toContain('no critical data size');
  });

  it('shades what lies outside the 10.5 to 105 B tokens of the fit', () => {
    const view = lossAgainstTokens.config(
      inputOf({ ...paper, format: 'fp4-e2m1' }, { range: [1e9, 1e12] }),
    );
    const annotations = view.chart?.options?.plugins?.annotation?.annotations;
    const boxes = (Array.isArray(annotations) ? annotations : []).filter(
      (each) => each.type === 'box',
    );
    expect(boxes.map(({ xMin, xMax }) => [xMin, xMax])).toEqual([
      [1e9, 10_485_760_000],
      [104_857_600_000, 1e12],
    ]);
    expect(view.range).toEqual([1e9, 1e12]);
  });

  it('draws beside it only what the chosen accelerator multiplies', () => {
    const request = { ...paper, format: 'fp4-e2m1' };
    const h100 = acceleratorById('h100') ?? null;
    const names = curveNames(lossAgainstTokens.config(inputOf(request, { accelerator: h100 })));
    expect(names).toContain('FP8 E4M3 (block 128)');
    expect(names.filter((name) => /MX|NV/.test(name))).toEqual([]);
    const free = curveNames(lossAgainstTokens.config(inputOf(request)));
    expect(free).toContain('MXFP8 E4M3 (block 32)');
  });

  it('shows the file’s point once the sliders have left it', () => {
    const request = { ...paper, format: 'fp4-e2m1' };
    const view = lossAgainstTokens.config(inputOf(request, { overrides: { tokens: 50e9 } }));
    expect(curveNamed(view, 'As in the file')[0]?.x).toBe(20e9);
    expect(curveNamed(view, 'This run')[0]?.x).toBe(50e9);
    expect(curveNames(lossAgainstTokens.config(inputOf(request)))).not.toContain('As in the file');
  });

  it('draws the gap with its target, and no twin', () => {
    const input = inputOf({ ...paper, format: 'fp4-e2m1' }, { variant: 'gap' });
    const view = lossAgainstTokens.config(input);
    expect(lineAt(view, 'target')).toBe(0.01);
    expect(curveNames(view)).not.toContain('BF16 twin');
    expect(curveNamed(view, 'This run')[0]?.y).toBe(input.law.forecast(input.explored.point).gap);
  });

  it.each(['loss', 'gap'])('tells the %s curves apart without their colours', (variant) => {
    const view = lossAgainstTokens.config(inputOf({ ...paper, format: 'fp4-e2m1' }, { variant }));
    const looks = (view.chart?.type === 'line' ? view.chart.data.datasets : [])
      .filter((dataset) => dataset.showLine !== false)
      .map(({ borderDash, pointStyle }) => JSON.stringify([borderDash, pointStyle]));
    expect(looks.length).toBeGreaterThan(3);
    expect(new Set(looks).size).toBe(looks.length);
  });

  it('says in words what stands under a point', () => {
    const view = lossAgainstTokens.config(inputOf({ ...paper, format: 'fp4-e2m1' }));
    const names = curveNames(view);
    expect(view.describe(names.indexOf('This run'), 0)).toBe(
      'This run: FP4 E2M1 (block 128) at 20.0 B tokens has loss 2.77 and gap +0.0154, ' +
        '5.1 % of the critical data size of 393 B tokens.',
    );
    expect(view.describe(0, 0)).toMatch(/^FP4 E2M1 \(block 128\) at 2\.00 B tokens: loss 3\.\d/);
    expect(view.describe(99, 0)).toBe('');
  });

  it('says why when the law cannot speak of the format', () => {
    const view = lossAgainstTokens.config(inputOf({ ...paper, format: 'int8' }));
    expect(view.chart).toBeNull();
    expect(view.summary).toContain('exponent and mantissa bits');
  });
});
