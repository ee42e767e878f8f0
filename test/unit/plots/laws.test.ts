import { describe, expect, it } from 'vitest';
import { capybara } from '../../../src/core/laws/capybara.ts';
import { chen } from '../../../src/core/laws/chen.ts';
import { kumar } from '../../../src/core/laws/kumar.ts';
import { ouyang } from '../../../src/core/laws/ouyang.ts';
import { pooled } from '../../../src/core/laws/pooled.ts';
import { lawsPlot } from '../../../webview/plots/laws.ts';
import { pointOf } from '../../webview/snapshots.ts';
import { curveNamed, curveNames, inputOf, lineAt, tableValue } from './input.ts';

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
    expect(tableValue(view, pooled.name, '90 % from')).toBe(interval?.[0]);
    expect(tableValue(view, pooled.name, '90 % to')).toBe(interval?.[1]);
    const row = headings.indexOf(pooled.name);
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

  it('list a law that has no number with its reason, in the table and the caption', () => {
    expect(tableValue(view, 'Chinchilla', 'Gap to BF16')).toBeNull();
    expect(tableValue(view, 'Chinchilla', 'How far to lean on it')).toBe('has no number');
    expect(view.caption).toContain('Chinchilla: The Chinchilla law knows no number format.');
  });

  it('give evidence, range and grade in words', () => {
    expect(tableValue(view, 'Capybara', 'How far to lean on it')).toBe(
      'form not supported by data',
    );
    expect(tableValue(view, 'Capybara', 'Fitted on')).toBe(capybara.fitted.on);
    expect(tableValue(view, 'Capybara', 'Against')).toBe(capybara.evidence.against.join(' '));
    expect(tableValue(view, pooled.name, 'Source')).toContain('our own fit');
  });

  it('put public measurements beside them, with where they were measured', () => {
    const nearby = curveNamed(view, 'Public measurement nearby').map(({ x }) => x);
    expect(nearby).toContain(0.04366);
    expect(tableValue(view, 'nanochat, 1.61 B, 37.6 B tokens', 'Gap to BF16')).toBe(0.04366);
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
    expect(critical.caption).toMatch(/No critical data size by .*Quartet/);
  });

  it('lead with the law in force', () => {
    const other = lawsPlot.config(inputOf(nvfp4, { law: chen }));
    expect(curveNamed(other, 'The law that leads')[0]?.x).toBe(chen.forecast(point).gap);
    expect(other.table.rows[0]?.[0]?.text).toBe('Chen');
  });

  it('describe a point with its grade', () => {
    const last = curveNames(view).length - 1;
    expect(view.describe(last, 0)).toMatch(/^Capybara: \+0\.0201, form not supported by data$/);
  });

  it('have nothing to compare for a run in 16 bits', () => {
    const bf16 = lawsPlot.config(inputOf({ ...nvfp4, format: 'bf16' }));
    expect(bf16.chart).toBeNull();
    expect(bf16.summary).toContain('nothing to compare');
  });
});
