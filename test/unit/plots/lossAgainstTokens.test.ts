import { describe, expect, it } from 'vitest';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import { lossAgainstTokens } from '../../../webview/plots/lossAgainstTokens/lossAgainstTokens.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { chen } from '../../../src/core/laws/chen/chen.ts';
import type { Law } from '../../../src/core/laws/law.ts';
import type { PointRequest } from '../../../src/core/laws/point.ts';
import { ouyang } from '../../../src/core/laws/ouyang/ouyang.ts';
import { pooled } from '../../../src/core/laws/pooled/pooled.ts';
import { laws } from '../../../src/core/laws/registry.ts';
import type { PlotView } from '../../../webview/plots/plot.ts';
import { pointOf } from '../../webview/snapshots.ts';
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

  describe('the band of the laws', () => {
    const request = { ...paper, block: 16, format: 'nvfp4' };
    const point = pointOf(request);
    const gaps = laws
      .filter(({ stage, operands }) => stage === 'training' && operands.length > 0)
      .flatMap((law) => law.forecast(point).gap ?? []);
    const edge = (view: PlotView, kind: string, x: number) =>
      curveNamed(view, `${kind} gap of ${gaps.length} laws`).find((at) => at.x === x)?.y ?? NaN;
    const range = [2e9, 20e9] as const;

    it('runs from the least to the largest gap of those that speak', () => {
      expect(gaps.length).toBeGreaterThan(4);
      const view = lossAgainstTokens.config(inputOf(request, { variant: 'gap', range }));
      expect(edge(view, 'Least', 20e9)).toBeCloseTo(Math.min(...gaps), 12);
      expect(edge(view, 'Largest', 20e9)).toBeCloseTo(Math.max(...gaps), 12);
    });

    it('lies over the leading law’s BF16 curve where losses are drawn', () => {
      const view = lossAgainstTokens.config(inputOf(request, { range }));
      const base = capybara.forecast(point).bf16Loss ?? NaN;
      expect(edge(view, 'Least', 20e9)).toBeCloseTo(base + Math.min(...gaps), 12);
      expect(edge(view, 'Largest', 20e9)).toBeCloseTo(base + Math.max(...gaps), 12);
      expect(view.caption).toContain(
        `by the ${gaps.length} laws that speak of it (Capybara, Kumar`,
      );
      expect(view.caption).toContain('laid over the leading law’s BF16 curve');
    });

    it('is filled from edge to edge, and each law has a row', () => {
      const view = lossAgainstTokens.config(inputOf(request));
      const sets = view.chart?.type === 'line' ? view.chart.data.datasets : [];
      const least = sets.findIndex(({ label }) => label?.startsWith('Least gap'));
      expect(sets[least]).toMatchObject({ fill: '+1', backgroundColor: '#0000ff26' });
      expect(sets[least + 1]?.label).toMatch(/^Largest gap/);
      expect(tableValue(view, 'NVFP4 (block 16) by Chen', 'Gap to BF16')).toBe(
        chen.forecast(point).gap,
      );
      expect(view.describe(least, 0)).toMatch(/^Least gap of \d laws at .*: \+0\.\d+, by \w+/);
    });

    it('is not drawn for a run in 16 bits, nor around quantising after training', () => {
      const band = (changes: Parameters<typeof inputOf>[1], asked: PointRequest = request) =>
        curveNames(lossAgainstTokens.config(inputOf(asked, changes))).filter((name) =>
          name.startsWith('Least'),
        );
      expect(band({})).toHaveLength(1);
      expect(band({}, { ...paper, block: null, format: 'bf16' })).toEqual([]);
      expect(band({ law: ouyang })).toEqual([]);
      expect(band({ laws: [capybara] })).toEqual([]);
    });
  });

  it('calls our own fit that, and says by which calibration', () => {
    const request = { ...paper, format: 'fp4-e2m1' };
    const caption = (law: Law) => lossAgainstTokens.config(inputOf(request, { law })).caption;
    expect(caption(pooled)).toContain('by Pooled public runs (our own fit), on the law’s own data');
    expect(caption(capybara.withConstants({ gamma: 5000 }, 'mine.json'))).toContain(
      'by the Capybara law calibrated on mine.json',
    );
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
      'This run: FP4 E2M1 (block 128) at 20.0 B tokens has loss 2.77 and gap +0.015, ' +
        '5.1 % of the critical data size of 393 B tokens.',
    );
    expect(view.describe(0, 0)).toMatch(/^FP4 E2M1 \(block 128\) at 2\.00 B tokens: loss 3\.\d/);
    expect(view.describe(99, 0)).toBe('');
  });

  it('says why when the law cannot speak of the format', () => {
    const view = lossAgainstTokens.config(inputOf({ ...paper, format: 'int8' }));
    expect(view.chart).toBeNull();
    expect(view.summary).toContain('exponent and mantissa bits');
    // … and who can.
    expect(view.summary).toMatch(/Kumar.* do: see the tab Laws\.$/);
  });
});
