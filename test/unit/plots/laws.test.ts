import { describe, expect, it } from 'vitest';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { chen } from '../../../src/core/laws/chen/chen.ts';
import { kumar } from '../../../src/core/laws/kumar/kumar.ts';
import { ouyang } from '../../../src/core/laws/ouyang/ouyang.ts';
import { pooled } from '../../../src/core/laws/pooled/pooled.ts';
import { lawsPlot } from '../../../webview/plots/laws/laws.ts';
import { pointOf } from '../../webview/snapshots.ts';
import { curveNamed, curveNames, inputOf, lineAt, tableValue } from './input.ts';

/** Our own fit is called that wherever it is shown. */
const pooledName = 'Pooled public runs (our own fit)';
const nvfp4 = { parameters: 1e9, tokens: 1e11, format: 'nvfp4' };
const point = pointOf(nvfp4);
const view = lawsPlot.config(inputOf(nvfp4));
const headings = view.table.rows.map((row) => row[0]?.text);

describe('laws', () => {
  it('draw each law’s own gap, the leading law’s apart, and no mean of them', () => {
    expect(curveNamed(view, 'The law that leads')).toEqual([
      { x: capybara.forecast(point).gap, y: 0 },
    ]);
    const others = curveNamed(view, 'Another law').map(({ x }) => x);
    expect(others).toContain(chen.forecast(point).gap);
    expect(others).toContain(kumar.forecast(point).gap);
    expect(tableValue(view, 'Chen', 'Gap to BF16')).toBe(chen.forecast(point).gap);
  });

  it('keep quantising after training apart', () => {
    const after = curveNamed(view, 'Quantising after training').map(({ x }) => x);
    expect(after).toContain(ouyang.forecast(point).gap);
    expect(tableValue(view, 'Ouyang, after training', 'Gap to BF16')).toBe(
      ouyang.forecast(point).gap,
    );
    expect(headings).not.toContain('Ouyang');
  });

  it('draw a law’s interval as a line and its other readings as marks', () => {
    const interval = pooled.forecast(point).interval;
    expect(tableValue(view, pooledName, '90 % from')).toBe(interval?.[0]);
    expect(tableValue(view, pooledName, '90 % to')).toBe(interval?.[1]);
    const row = headings.indexOf(pooledName);
    const annotations = view.chart?.options?.plugins?.annotation?.annotations;
    const lines = Array.isArray(annotations)
      ? annotations.filter(({ id }) => String(id).startsWith('interval-'))
      : [];
    expect(lines.some((line) => line.type === 'line' && line.xMax === interval?.[1])).toBe(true);
    expect(row).toBeGreaterThanOrEqual(0);
    const readings = curveNamed(view, 'Another reading').map(({ x }) => x);
    const [first] = chen.forecast(point).variants;
    expect(readings).toContain(first?.gap);
  });

  it('list a law that has no number with its reason, in the table and below the picture', () => {
    expect(tableValue(view, 'Chinchilla', 'Gap to BF16')).toBeNull();
    expect(tableValue(view, 'Chinchilla', 'How far to lean on it')).toBe('has no number');
    expect(view.asides).toContain('The Chinchilla law knows no number format.');
  });

  it('give evidence, range and grade in words', () => {
    expect(tableValue(view, 'Capybara', 'How far to lean on it')).toBe(
      'form not supported by data',
    );
    expect(tableValue(view, 'Capybara', 'Fitted on')).toBe(capybara.fitted.on);
    expect(tableValue(view, 'Capybara', 'Against')).toBe(capybara.evidence.against.join(' '));
    expect(tableValue(view, pooledName, 'Source')).toContain('our own fit');
  });

  it('say how far each missed public runs of the kind', () => {
    // 1 B parameters, NVFP4: runs up to 2 B in four bits of a known recipe.
    expect(tableValue(view, pooledName, 'Missed runs of this kind by')).toBe(0.1);
    expect(tableValue(view, 'Chen', 'Missed runs of this kind by')).toBe(0.28);
    expect(view.asides[0]).toMatch(
      /^The 622 public runs of this kind \(N up to 2 B, 4 bits, recipe known\) were missed, in the median, by a factor of: Pooled public runs 1\.1, QuEST 1\.2, .*, Kumar 9\.1\.$/,
    );
  });

  it('put public measurements beside them, with where they were measured', () => {
    const nearby = curveNamed(view, 'Public measurement nearby').map(({ x }) => x);
    expect(nearby).toContain(0.04366);
    expect(tableValue(view, 'nanochat, 1.61 B parameters, 37.6 B tokens', 'Gap to BF16')).toBe(
      0.04366,
    );
    expect(view.caption).toContain('our own selection');
  });

  it('stand the gap target, or the run’s D, among them', () => {
    expect(lineAt(view, 'reference')).toBe(0.01);
    const critical = lawsPlot.config(inputOf(nvfp4, { variant: 'critical' }));
    expect(lineAt(critical, 'reference')).toBe(1e11);
    expect(curveNamed(critical, 'The law that leads')[0]?.x).toBe(
      capybara.forecast(point).criticalTokens,
    );
    expect(curveNames(critical)).not.toContain('Public measurement nearby');
    // A law that speaks and has none keeps its row, and its row says so.
    const rows = critical.chart?.options?.scales?.y?.max;
    const annotations = critical.chart?.options?.plugins?.annotation?.annotations;
    const without = (Array.isArray(annotations) ? annotations : []).filter(
      (each) => each.type === 'label' && each.content === 'no critical data size',
    );
    const speaking = critical.table.rows.filter(
      (row) => row[4]?.text === 'none' && row[1]?.value !== null,
    );
    expect(speaking.map((row) => row[0]?.text)).toContain('Quartet');
    expect(without).toHaveLength(speaking.length);
    expect(Number(rows)).toBeGreaterThan(speaking.length + 1);
  });

  it('lead with the law in force', () => {
    const other = lawsPlot.config(inputOf(nvfp4, { law: chen }));
    expect(curveNamed(other, 'The law that leads')[0]?.x).toBe(chen.forecast(point).gap);
    expect(other.table.rows[0]?.[0]?.text).toBe('Chen');
  });

  it('describe a point with its grade', () => {
    const last = curveNames(view).length - 1;
    expect(view.describe(last, 0)).toMatch(/^Capybara: \+0\.020, form not supported by data$/);
  });

  it('say in one sentence how far apart they are', () => {
    const said = [capybara, kumar, chen, pooled].map((law) => law.forecast(point).gap ?? NaN);
    const [, least, most, apart] =
      /gap \+([\d.]+) to \+([\d.]+), a factor of ([\d.]+) apart\.$/.exec(view.headline ?? '') ?? [];
    expect(Number(least)).toBeLessThanOrEqual(Math.min(...said) * 1.01);
    expect(Number(most)).toBeGreaterThanOrEqual(Math.max(...said) * 0.99);
    expect(Number(apart)).toBeCloseTo(Number(most) / Number(least), 0);
    const critical = lawsPlot.config(inputOf(nvfp4, { variant: 'critical' }));
    expect(critical.headline).toMatch(/^2 of the 7 laws of training that speak have a critical/);
  });

  it('say whose constants a calibrated law speaks with', () => {
    const own = capybara.withConstants({ gamma: 5000 }, 'mine.json');
    const laws = [own, kumar, pooled];
    const calibrated = lawsPlot.config(inputOf(nvfp4, { law: own, laws }));
    expect(calibrated.table.rows[0]?.[0]?.text).toBe('Capybara, calibrated');
    expect(calibrated.describe(curveNames(calibrated).length - 1, 0)).toMatch(
      /^Capybara, calibrated: /,
    );
  });

  it('have nothing to compare for a run in 16 bits', () => {
    const bf16 = lawsPlot.config(inputOf({ ...nvfp4, format: 'bf16' }));
    expect(bf16.chart).toBeNull();
    expect(bf16.summary).toContain('nothing to compare');
  });
});
