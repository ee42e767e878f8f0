import { describe, expect, it } from 'vitest';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import type { PlotView } from '../../../webview/plots/plot.ts';
import { layouts } from '../../../webview/plots/layouts/layouts.ts';
import { inputOf, lineAt, tableValue } from './input.ts';

const paper = { parameters: 1e9, tokens: 20e9, block: 128 };

function labelsOf(view: PlotView): readonly unknown[] {
  return view.chart?.data.labels ?? [];
}

describe('layouts', () => {
  it('has every split of eight bits with the paper’s D_crit (1 B, B = 128)', () => {
    const view = layouts.config(inputOf({ ...paper, format: 'fp8-e4m3' }));
    expect(view.table.rows.map((row) => row[0]?.text)).toEqual(
      ['E0M7', 'E1M6', 'E2M5', 'E3M4'].concat(['E4M3', 'E5M2', 'E6M1', 'E7M0']),
    );
    expect(tableValue(view, 'E4M3', 'D_crit (tokens)')).toBeCloseTo(27.33e12, -10);
    expect(tableValue(view, 'E5M2', 'D_crit (tokens)')).toBeCloseTo(19.41e12, -10);
    expect(view.chart?.data.datasets[0]?.data[4]).toBe(tableValue(view, 'E4M3', 'D_crit (tokens)'));
  });

  // P_crit of 8 B at 15 T and B = 128 is 6.65 bits; the least loss of 1 B in E4M3 is 2.43391.
  it('says below how many bits D is past D_crit, and the least loss of the run’s layout', () => {
    const large = { parameters: 8e9, tokens: 15e12, block: 128, format: 'fp8-e4m3' };
    expect(layouts.config(inputOf(large)).caption).toContain(
      'layouts of fewer than 6.65 bits are past their D_crit at 15.0 T tokens',
    );
    const caption = layouts.config(inputOf({ ...paper, format: 'fp8-e4m3' })).caption;
    expect(caption).toContain('never gets below a loss of 2.43, at its D_crit');
  });

  it('takes a calibration’s constants, and says so', () => {
    const input = inputOf({ ...paper, format: 'fp8-e4m3' });
    const mine = input.law.withConstants({ gamma: 1000 }, 'mine.json');
    const view = layouts.config({ ...input, laws: [mine] });
    expect(tableValue(view, 'E4M3', 'D_crit (tokens)')).toBe(
      mine.forecast(input.explored.point).criticalTokens,
    );
    expect(view.caption).toContain('constants of mine.json');
    expect(layouts.config(input).caption).not.toContain('constants of');
  });

  it('says the best real-valued split: E 3.66, M 3.34 of eight bits', () => {
    const view = layouts.config(inputOf({ ...paper, format: 'fp8-e4m3' }));
    expect(view.caption).toContain('E_opt = 3.66, M_opt = 3.34');
  });

  it('marks the best, the run’s own and what hardware has by signs, not colour alone', () => {
    const labels = labelsOf(layouts.config(inputOf({ ...paper, format: 'fp8-e5m2' })));
    expect(labels).toEqual(
      ['E0M7', 'E1M6', 'E2M5', 'E3M4'].concat(['★ ◆ E4M3', '● ◆ E5M2', 'E6M1', 'E7M0']),
    );
  });

  it('counts only the chosen accelerator’s layouts as hardware’s', () => {
    const a100 = acceleratorById('a100') ?? null;
    const view = layouts.config(inputOf({ ...paper, format: 'fp8-e4m3' }, { accelerator: a100 }));
    expect(labelsOf(view)).toContain('● ★ E4M3');
    expect(view.caption).toContain('A100');
  });

  it('takes a BF16 run without scaling at block 128: 1,729.5 T for E8M7', () => {
    const view = layouts.config(inputOf({ ...paper, block: null, format: 'bf16' }));
    expect(tableValue(view, 'E8M7', 'D_crit (tokens)')).toBeCloseTo(1729.5e12, -12);
    expect(tableValue(view, 'E8M7', 'Marks')).toContain('in hardware as BF16');
    expect(tableValue(view, 'E5M10', 'Marks')).toContain('in hardware as FP16');
    expect(view.caption).toContain('the run has no scaling factors');
  });

  it('stands the run’s D, or the gap target, as a line among the bars', () => {
    const request = { ...paper, format: 'fp8-e4m3' };
    expect(lineAt(layouts.config(inputOf(request)), 'reference')).toBe(20e9);
    const gap = layouts.config(inputOf(request, { variant: 'gap' }));
    expect(lineAt(gap, 'reference')).toBe(0.01);
    expect(gap.chart?.data.datasets[0]?.data[4]).toBe(tableValue(gap, 'E4M3', 'Gap to BF16'));
  });

  it('describes a bar', () => {
    const view = layouts.config(inputOf({ ...paper, format: 'fp8-e4m3' }));
    expect(view.describe(0, 5)).toBe(
      'E5M2: D_crit 19.4 T tokens, in hardware as FP8 E5M2, MXFP8 E5M2',
    );
  });

  it('has nothing to weigh in an integer, nor with a scale for every value', () => {
    expect(layouts.config(inputOf({ ...paper, format: 'int8' })).chart).toBeNull();
    const each = layouts.config(inputOf({ ...paper, block: 1, format: 'fp8-e4m3' }));
    expect(each.chart).toBeNull();
  });
});
