import { describe, expect, it } from 'vitest';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { kumar } from '../../../src/core/laws/kumar/kumar.ts';
import { laws } from '../../../src/core/laws/registry.ts';
import { tradeOff } from '../../../webview/plots/tradeOff/tradeOff.ts';
import { curveNamed, curveNames, inputOf, lineAt, tableValue } from './input.ts';

const request = { parameters: 7e9, tokens: 140e9, format: 'nvfp4' };
const b200 = acceleratorById('b200') ?? null;
const h100 = acceleratorById('h100') ?? null;

describe('trade-off', () => {
  // 6·N·D = 5.88e21 FLOP at 9000 TFLOP/s · 40 % · 3600 s: 453.7 hours; BF16 at 2250 takes 1814.8.
  it('draws gap against hours, the front as a line that steps down to BF16', () => {
    const view = tradeOff.config(inputOf(request, { variant: 'hours', accelerator: b200 }));
    const front = curveNamed(view, 'Pareto front');
    expect(front.map(({ x }) => x)[0]).toBeCloseTo(5.88e21 / (9e15 * 0.4 * 3600), 6);
    expect(front.map(({ x }) => Math.round(x))).toEqual([454, 907, 1815]);
    expect(front[0]?.y).toBe(capybara.forecast(inputOf(request).explored.point).gap);
    // BF16 has no gap, which a logarithmic axis has no place for: it stands at the foot.
    const heights = [...front, ...curveNamed(view, 'Dominated')].map(({ y }) => y);
    expect(Math.min(...heights)).toBe(front[2]?.y);
    expect(front[2]?.y).toBeGreaterThan(0);
    const [line] = view.chart?.type === 'line' ? view.chart.data.datasets : [];
    expect(line?.stepped).toBe('before');
  });

  it('marks the run by shape, hollow where it is dominated', () => {
    const mark = (format: string, granularity?: 'tensor') => {
      const asked = { ...request, format, granularity };
      const view = tradeOff.config(inputOf(asked, { variant: 'hours', accelerator: b200 }));
      const sets = view.chart?.type === 'line' ? view.chart.data.datasets : [];
      return sets.find(({ label }) => label === 'This run');
    };
    expect(mark('nvfp4')).toMatchObject({ pointStyle: 'rectRot', backgroundColor: '#ff0000' });
    expect(mark('fp8-e4m3', 'tensor')).toMatchObject({
      pointStyle: 'rectRot',
      backgroundColor: '#ffffff',
    });
  });

  it('puts no name over another, and one name on marks that stand on one spot', () => {
    const names = (law = capybara, format = 'nvfp4') => {
      const view = tradeOff.config(inputOf({ ...request, format }, { variant: 'compute', law }));
      const annotations = view.chart?.options?.plugins?.annotation?.annotations;
      return (Array.isArray(annotations) ? annotations : []).flatMap((each) =>
        each.type === 'label' && typeof each.content === 'string'
          ? [{ content: each.content, yAdjust: Number(each.yAdjust) }]
          : [],
      );
    };
    // MXFP4 and NVFP4 cost nearly the same: without care their names lie on each other.
    const four = names().filter(({ content }) => /^(MX|NV)FP4/.test(content));
    expect(four).toHaveLength(2);
    const [a, b] = four.map(({ yAdjust }) => yAdjust);
    expect(Math.abs((a ?? 0) - (b ?? 0))).toBeGreaterThan(12);
    // Kumar knows the bits alone, so all 8-bit formats have one gap.
    const eight = names(kumar).filter(({ content }) => content.includes('8'));
    expect(eight).toHaveLength(1);
    expect(eight[0]?.content).toMatch(/ and \d more$/);
  });

  it('leaves the run out where its format is not native', () => {
    const view = tradeOff.config(inputOf(request, { variant: 'hours', accelerator: h100 }));
    expect(curveNames(view)).not.toContain('This run');
    expect(view.summary).toContain('has no place here');
    expect(view.asides.join(' ')).toContain('has no place here');
    expect(tableValue(view, 'NVFP4 (block 16) (this run)', 'GPU-hours')).toBeNull();
  });

  it('has a table of all costs', () => {
    const view = tradeOff.config(
      inputOf(request, { variant: 'money', accelerator: b200, pricePerHour: 3 }),
    );
    const at = (column: string) => tableValue(view, 'NVFP4 (block 16) (this run)', column);
    const hours = 5.88e21 / (9e15 * 0.4 * 3600);
    expect(at('GPU-hours')).toBeCloseTo(hours, 6);
    expect(at('Money')).toBeCloseTo(3 * hours, 6);
    expect(Number(at('Cost C, b = 0 (FLOP)')) / 1.47e21).toBeCloseTo(1, 12);
    expect(Number(at('Cost C with scales (FLOP)')) / 1.47e21).toBeCloseTo(4.5 / 4, 12);
    // 7.21 B stored, 7 B of them linear: 4.5 bits each, the rest in 16, and 14 bytes for all.
    expect(at('Memory')).toBeCloseTo((7e9 * 4.5) / 8 + 0.21e9 * 2 + 7.21e9 * 14, -2);
    expect(at('On the front')).toBe('yes');
    expect(Number(at('GPU-hours to match BF16')) / hours).toBeCloseTo(1.357, 2);
    expect(Number(at('Tokens to match BF16')) / 140e9).toBeCloseTo(1.357, 2);
  });

  it('says in words what never reaches BF16', () => {
    const view = tradeOff.config(inputOf({ ...request, tokens: 2e12 }, { variant: 'compute' }));
    const row = view.table.rows.find(([name]) => name?.text === 'NVFP4 (block 16) (this run)');
    const column = view.table.columns.indexOf('Tokens to match BF16');
    expect(row?.[column]).toEqual({ text: 'out of reach', value: null });
    expect(view.asides.join(' ')).toContain(
      'NVFP4 (block 16) never reach it within 1000 times the tokens',
    );
  });

  it('says which is cheapest within the target, and whether it wins when trained on', () => {
    const view = tradeOff.config(inputOf(request, { variant: 'hours', accelerator: b200 }));
    expect(view.headline).toBe(
      'Cheapest within the gap target of 0.01: MXFP8 E4M3 (block 32), 907 GPU-hours.',
    );
    expect(view.asides.join(' ')).toContain(
      'reached cheapest in NVFP4 (block 16) with 36 % more tokens: 615 GPU-hours, 34 % of BF16’s.',
    );
    expect(view.asides.join(' ')).toContain('40 % of the peak rate');
    expect(view.summary).toContain(
      'On the Pareto front: NVFP4 (block 16), MXFP8 E4M3 (block 32) and BF16.',
    );
    expect(lineAt(view, 'target')).toBe(0.01);
  });

  it('works without an accelerator, and says what to set for time and money', () => {
    const compute = tradeOff.config(inputOf(request, { variant: 'compute' }));
    expect(compute.chart).not.toBeNull();
    expect(compute.asides).toContain('Time and money need an accelerator (floatcast.hardware).');
    expect(tradeOff.config(inputOf(request, { variant: 'memory' })).chart).not.toBeNull();
    const summary = (variant: string, accelerator: typeof b200) =>
      tradeOff.config(inputOf(request, { variant, accelerator })).summary;
    expect(summary('hours', null)).toContain(
      'Time needs an accelerator (the setting floatcast.hardware',
    );
    expect(summary('money', null)).toMatch(
      /^Money needs an accelerator .* and the price of .*floatcast\.pricePerHour\)\.$/,
    );
    expect(summary('money', b200)).toContain('the setting floatcast.pricePerHour');
  });

  it('counts the memory of the linear layers alone where N is another than the file’s', () => {
    const overrides = { parameters: 1e9 };
    const view = tradeOff.config(inputOf(request, { variant: 'memory', overrides }));
    expect(tableValue(view, 'BF16', 'Memory')).toBe(16e9);
    expect(view.asides.join(' ')).toContain('the linear layers alone are counted');
    const file = tradeOff.config(inputOf(request, { variant: 'memory', accelerator: b200 }));
    expect(tableValue(file, 'BF16', 'Memory')).toBe(16 * 7.21e9);
    expect(file.asides.join(' ')).toContain('take the memory of at least 1 NVIDIA B200 (HGX)');
  });

  it('describes a point with its place on the front', () => {
    const view = tradeOff.config(inputOf(request, { variant: 'hours', accelerator: b200 }));
    const names = curveNames(view);
    expect(view.describe(names.indexOf('This run'), 0)).toBe(
      'NVFP4 (block 16): gap +0.015, 454 GPU-hours, on the front, the run’s own format',
    );
    expect(view.describe(names.indexOf('Dominated'), 0)).toContain('dominated');
    expect(view.describe(9, 0)).toBe('');
  });

  it('says so for a law of quantising afterwards, and for one that speaks of no other format', () => {
    const input = inputOf(request, { variant: 'compute' });
    const after = tradeOff.config({ ...input, law: { ...input.law, stage: 'post-training' } });
    expect(after.chart).toBeNull();
    expect(after.summary).toContain('quantising a trained model');
    const mute = {
      ...input.law,
      forecast: () => input.law.forecast({ ...input.explored.point, exponentBits: null }),
    };
    expect(tradeOff.config({ ...input, law: mute }).chart).toBeNull();
  });

  it.each(laws)('has finite places and numbers by $name', (law) => {
    for (const { id: variant } of tradeOff.variants) {
      const view = tradeOff.config(
        inputOf(request, { variant, law, accelerator: b200, pricePerHour: 3 }),
      );
      const sets = view.chart?.type === 'line' ? view.chart.data.datasets : [];
      for (const { x, y } of sets.flatMap(({ data }) => data)) {
        expect([Number.isFinite(x), Number.isFinite(y)]).toEqual([true, true]);
      }
      for (const { value } of view.table.rows.flat()) {
        expect(typeof value !== 'number' || Number.isFinite(value)).toBe(true);
      }
      expect(view.summary).toMatch(/\.$/);
    }
  });

  it('names the calibration that its gaps come from', () => {
    const law = capybara.withConstants({ gamma: 5000 }, 'mine.json');
    expect(tradeOff.config(inputOf(request, { variant: 'compute', law })).caption).toContain(
      'by the Capybara law calibrated on mine.json for the run’s N and D',
    );
  });
});
