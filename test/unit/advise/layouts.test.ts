import { describe, expect, it } from 'vitest';
import { capybaraConstantsIn, layouts } from '../../../src/core/advise/layouts.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { pointFor } from '../../../src/core/laws/point.ts';

const block128 = { granularity: 'block', block: 128 } as const;

describe('layouts of a width', () => {
  // Figure 5 of arXiv 2501.02423: the best layout of 1 to 16 bits.
  it('puts the paper’s integer optima first', () => {
    const best = Array.from({ length: 16 }, (_, index) => {
      const [row] = layouts({ bits: index + 1, size: null, scaling: block128 }).layouts;
      return row && `E${row.exponentBits}M${row.mantissaBits}`;
    });
    expect(best).toEqual([
      ...['E0M0', 'E1M0', 'E1M1', 'E2M1', 'E2M2', 'E3M2', 'E3M3', 'E4M3'],
      ...['E4M4', 'E5M4', 'E5M5', 'E6M5', 'E6M6', 'E7M6', 'E7M7', 'E8M7'],
    ]);
  });

  it('lists every split once, best first, one of them optimal', () => {
    const size = { parameters: 1e9, tokens: 1e12 };
    const { layouts: rows } = layouts({ bits: 8, size, scaling: block128 });
    expect(rows.map((row) => row.exponentBits).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(rows.every((row) => row.exponentBits + row.mantissaBits === 7)).toBe(true);
    expect(rows.map((row) => row.optimal)).toEqual([true, ...Array<boolean>(7).fill(false)]);
    const gaps = rows.map((row) => row.gap ?? NaN);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
  });

  it.each(['block', 'channel', 'tensor'] as const)(
    'agrees with the law, %s-wise',
    (granularity) => {
      const size = { parameters: 1e9, tokens: 1e12 };
      const block = granularity === 'block' ? 128 : null;
      const { layouts: rows } = layouts({ bits: 8, size, scaling: { granularity, block } });
      for (const row of rows) {
        const format = `e${row.exponentBits}m${row.mantissaBits}`;
        const point = pointFor({ ...size, format, granularity, block });
        const forecast = point && capybara.forecast(point);
        expect(row.gap).toBeCloseTo(forecast?.gap ?? NaN, 14);
        expect(row.criticalTokens).toBe(forecast?.criticalTokens);
      }
      expect(rows[0]?.criticalTokens).toBeGreaterThan(1e12);
    },
  );

  it('takes the constants of the law in force', () => {
    const size = { parameters: 1e9, tokens: 1e12 };
    const mine = capybara.withConstants({ delta: 1, nu: 5, gamma: 100 }, 'mine.json');
    const found = layouts({ bits: 8, size, scaling: block128 }, capybaraConstantsIn([mine]));
    // (E + 0.5)·(M + 0.5)⁵ of eight bits is largest at E1M6: 1.5 · 11,603.
    expect(found.layouts[0]).toMatchObject({ exponentBits: 1, mantissaBits: 6, optimal: true });
    const point = pointFor({ ...size, format: 'e1m6', block: 128 });
    expect(found.layouts[0]?.gap).toBeCloseTo((point && mine.forecast(point).gap) ?? NaN, 14);
    expect(found.continuous.exponentBits).toBeCloseTo(8 / 6 - 0.5, 12);
    expect(capybaraConstantsIn([capybara])).toEqual(capybara.constants);
  });

  it('forecasts nothing without N and D, and ranks all the same', () => {
    const { layouts: rows } = layouts({ bits: 4, size: null, scaling: block128 });
    expect(rows).toEqual([
      { exponentBits: 2, mantissaBits: 1, criticalTokens: null, gap: null, optimal: true },
      { exponentBits: 1, mantissaBits: 2, criticalTokens: null, gap: null, optimal: false },
      { exponentBits: 3, mantissaBits: 0, criticalTokens: null, gap: null, optimal: false },
      { exponentBits: 0, mantissaBits: 3, criticalTokens: null, gap: null, optimal: false },
    ]);
  });

  it('gives the continuous optimum of equation 19', () => {
    const { continuous } = layouts({ bits: 8, size: null, scaling: block128 });
    expect(continuous.exponentBits).toBeCloseTo(3.65507, 5);
    expect(continuous.mantissaBits).toBeCloseTo(3.34493, 5);
  });

  it('has no rows for a width that is none', () => {
    for (const bits of [0, -1, 3.5, NaN, 65, 1e12]) {
      expect(layouts({ bits, size: null, scaling: block128 }).layouts).toEqual([]);
    }
  });
});
