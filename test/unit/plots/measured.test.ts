import { describe, expect, it } from 'vitest';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { pooled } from '../../../src/core/laws/pooled/pooled.ts';
import type { MeasuredLosses } from '../../../src/core/run/measured.ts';
import { measuredPlot } from '../../../webview/plots/measured/measured.ts';
import { pointOf } from '../../webview/snapshots.ts';
import { curveNamed, curveNames, inputOf, lineAt, tableValue } from './input.ts';

const nvfp4 = { parameters: 1e9, tokens: 1e11, format: 'nvfp4' };
const point = pointOf(nvfp4);
const tokens = Array.from({ length: 500 }, (_, at) => (at + 1) * 1e8);
const baseline = tokens.map((each) => ({ tokens: each, loss: 2 + 400 / each ** 0.3 }));

/** A log to 50 B of 100 B tokens, `gap` above its twin. */
function losses(gap: number): MeasuredLosses {
  const points = baseline.map((each) => ({ ...each, loss: each.loss + gap }));
  return { name: 'run.csv', points, baseline, notes: ['The losses are “loss”.'] };
}

const view = measuredPlot.config(inputOf(nvfp4, { measured: losses(0.03), variant: 'gap' }));

describe('measured', () => {
  it('asks for a log where there is none, and says that it can be loaded', () => {
    const none = measuredPlot.config(inputOf(nvfp4));
    expect(none.chart).toBeNull();
    expect(none.summary).toContain('Load the run’s own losses');
    expect(measuredPlot.load).toBe('Load losses…');
  });

  it('draws the measured gap over the laws’', () => {
    const own = curveNamed(view, 'Measured');
    expect(own.every(({ y }) => Math.abs(y - 0.03) < 1e-12)).toBe(true);
    const predicted = curveNamed(view, 'Predicted, Capybara');
    const [first] = predicted;
    expect(first?.y).toBe(capybara.curve(point)(first?.x ?? 0).gap);
    expect(curveNames(view)).toEqual(expect.arrayContaining(['Chen', 'Kumar', 'Quartet']));
    const [low] = curveNamed(view, 'Pooled public runs (our own fit), 90 % from');
    const there = pooled.forecast({ ...point, tokens: low?.x ?? 0 });
    expect(low?.y).toBe(there.interval?.[0]);
  });

  it('answers whether the gap is normal, and what was measured nearby', () => {
    expect(view.headline).toMatch(
      /^Is the gap normal\? Nothing unusual so early: the measured gap at .* is \+0\.0300, at 49 % of the run\. There 14 public FP4 runs/,
    );
    const below = view.asides.join(' ');
    expect(below).toContain('Measured nearest to it in public: ');
    expect(below).toContain('The log ends at 49 % of the run’s 100 B tokens.');
    expect(below).toContain('The losses are “loss”.');
    expect(view.summary).toContain('Nothing unusual so early');
    const large = measuredPlot.config(inputOf(nvfp4, { measured: losses(0.9), variant: 'gap' }));
    expect(large.headline).toContain('Large even so early');
  });

  it('has measured over predicted for each law in its table', () => {
    const gap = tableValue(view, 'This run, measured', view.table.columns[1] ?? '');
    expect(gap).toBeCloseTo(0.03, 12);
    const said = tableValue(view, 'Capybara', view.table.columns[1] ?? '');
    expect(tableValue(view, 'Capybara', 'Measured / predicted')).toBeCloseTo(
      0.03 / Number(said),
      12,
    );
  });

  it('lays the losses on the law’s curve by their end, and says so', () => {
    const input = inputOf(nvfp4, { measured: losses(0.03), variant: 'loss' });
    const drawn = measuredPlot.config(input);
    expect(drawn.caption).toContain(
      'so that the BF16 twin ends on the BF16 curve of the Capybara law.',
    );
    const last = curveNamed(drawn, 'Measured BF16 twin').at(-1);
    const said = capybara.curve(point)(last?.x ?? 0).bf16Loss ?? NaN;
    expect(Math.abs((last?.y ?? NaN) - said)).toBeLessThan(0.01);
  });

  it('draws the losses of a run without a twin, and no gap', () => {
    const alone = { ...losses(0.03), baseline: null };
    const drawn = measuredPlot.config(inputOf(nvfp4, { measured: alone, variant: 'gap' }));
    expect(drawn.headline).toBe('Without the losses of a BF16 twin no gap can be measured.');
    expect(drawn.caption).toContain('their level says nothing');
    expect(curveNames(drawn)).toEqual(['BF16 twin, Capybara', 'Predicted, Capybara', 'Measured']);
  });

  it('draws on an even axis where the gap’s scatter reaches below 0', () => {
    const scale = (measured: MeasuredLosses) =>
      measuredPlot.config(inputOf(nvfp4, { measured, variant: 'gap' })).chart?.options?.scales?.y
        ?.type;
    expect(scale(losses(0.03))).toBe('logarithmic');
    // FP8’s interval begins below 0, where an axis of factors has no place.
    const fp8 = { ...nvfp4, format: 'fp8-e4m3', granularity: 'tensor' as const };
    const cut = (gap: number) =>
      measuredPlot.config(inputOf(fp8, { measured: losses(gap), variant: 'gap' })).caption;
    expect(cut(0.003)).toContain('What lies at or below 0 has no place on this axis.');
    expect(cut(-0.003)).not.toContain('no place on this axis');
    expect(scale(losses(-0.001))).toBe('linear');
  });

  it('marks the run’s D, and keeps to a chosen range', () => {
    expect(lineAt(view, 'planned')).toBe(1e11);
    const range = [1e10, 4e10] as const;
    const cut = measuredPlot.config(
      inputOf(nvfp4, { measured: losses(0.03), variant: 'gap', range }),
    );
    expect(lineAt(cut, 'planned')).toBeUndefined();
    const xs = curveNamed(cut, 'Measured').map(({ x }) => x);
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(1e10);
    expect(Math.max(...xs)).toBeLessThanOrEqual(4e10);
  });

  it('describes a point', () => {
    const at = curveNames(view).indexOf('Measured');
    expect(view.describe(at, 0)).toMatch(/^Measured at .* tokens: \+0\.0300$/);
  });
});
