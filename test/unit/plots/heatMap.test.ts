import { describe, expect, it } from 'vitest';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import { layouts } from '../../../webview/plots/layouts/layouts.ts';
import { curveNamed, curveNames, inputOf, tableValue } from './input.ts';

const paper = { parameters: 1e9, tokens: 20e9, block: 128, format: 'fp8-e4m3' };
const view = (changes = {}) => layouts.config(inputOf(paper, { variant: 'widths', ...changes }));

describe('the map of all widths', () => {
  // D^0.5162 / N^0.2368 · log2 128 / (11334.5197 · 4.5^3.1926 · 3.5^2.9543), equation 18.
  it('has the gap and the D_crit of each layout at the run’s N, D and block', () => {
    expect(tableValue(view(), 'E4M3', 'Gap to BF16')).toBeCloseTo(0.00019235, 7);
    expect(tableValue(view(), 'E4M3', 'D_crit (tokens)')).toBeCloseTo(27.33e12, -10);
    expect(view().table.rows).toHaveLength(9 * 11);
  });

  it('marks the best of each width along the paper’s optima, and the run’s own', () => {
    const best = curveNamed(view(), 'Best of each width').map(({ x, y }) => `E${y}M${x}`);
    expect(best).toEqual(
      ['E1M1', 'E2M1', 'E2M2', 'E3M2', 'E3M3', 'E4M3', 'E4M4', 'E5M4', 'E5M5', 'E6M5'].concat([
        'E6M6',
        'E7M6',
        'E7M7',
        'E8M7',
      ]),
    );
    expect(curveNamed(view(), 'This run')).toEqual([{ x: 3, y: 4 }]);
  });

  it('puts each layout in the shade of its gap: twice as many where the target is wider', () => {
    const within = (gapTarget: number) =>
      curveNames(view({ gapTarget }))
        .filter((name) => /under a tenth|within/.test(name))
        .flatMap((name) => curveNamed(view({ gapTarget }), name)).length;
    const rows = view().table.rows.map((row) => Number(row[2]?.value));
    expect(within(0.01)).toBe(rows.filter((gap) => gap <= 0.01).length);
    expect(within(0.001)).toBe(rows.filter((gap) => gap <= 0.001).length);
    expect(within(0.01)).toBeGreaterThan(within(0.001));
  });

  it('shows what the chosen accelerator has, and says that E0 and E1 hold the same values', () => {
    const h100 = acceleratorById('h100') ?? null;
    const shown = view({ accelerator: h100 });
    expect(curveNamed(shown, 'NVIDIA H100 SXM has it').map(({ x, y }) => `E${y}M${x}`)).toEqual(
      expect.arrayContaining(['E4M3', 'E5M2']),
    );
    expect(shown.asides.join(' ')).toContain('E0Mn and E1M(n − 1) hold the same values');
    expect(shown.asides.join(' ')).toContain('How far to lean on it');
  });
});
