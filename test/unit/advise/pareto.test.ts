import { describe, expect, it } from 'vitest';
import {
  cheapestToMatch,
  cheapestWithin,
  paretoFront,
  placed,
  tradeOffs,
  type Placed,
  type Spending,
  type TradeOff,
} from '../../../src/core/advise/pareto.ts';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';

const b200 = acceleratorById('b200') ?? null;
const h100 = acceleratorById('h100') ?? null;
const stored = { total: 7e9, linear: 6.5e9 };

function rows(
  accelerator: typeof b200,
  request: Partial<PointRequest> = {},
  pricePerHour: number | null = null,
): readonly TradeOff[] {
  const point = pointFor({ parameters: 7e9, tokens: 140e9, format: 'bf16', ...request });
  if (!point) throw new Error('no point');
  return tradeOffs(capybara, point, stored, { accelerator, pricePerHour });
}

function nameOf({ candidate: { format, granularity, block } }: TradeOff): string {
  return `${format} ${block ?? granularity}`;
}

function front(from: readonly TradeOff[], on: Spending): readonly string[] {
  return paretoFront(placed(from, on)).map(({ row }) => nameOf(row));
}

describe('trade-offs', () => {
  it('are of the formats that the accelerator multiplies, and of the run’s own', () => {
    expect(rows(h100).map(nameOf)).not.toContain('nvfp4 16');
    expect(rows(null).map(nameOf)).toContain('nvfp4 16');
    const own = rows(h100, { format: 'nvfp4' }).find(({ candidate }) => candidate.current);
    expect(own?.candidate.format).toBe('nvfp4');
    expect(own?.cost.hours).toBeNull();
  });

  it('carry the tokens to match: 1.0053 times as many in E4M3, 2.1077 in E2M1 (7 B, B = 128)', () => {
    const own = (format: string) =>
      rows(null, { format, block: 128 }).find(({ candidate }) => candidate.current);
    expect((own('fp8-e4m3')?.tokensToMatch ?? NaN) / 140e9).toBeCloseTo(1.0053, 4);
    expect((own('fp4-e2m1')?.tokensToMatch ?? NaN) / 140e9).toBeCloseTo(2.1077, 4);
  });

  it('have no amount where none is known', () => {
    expect(placed(rows(null), 'hours')).toEqual([]);
    expect(placed(rows(b200), 'money')).toEqual([]);
    expect(placed(rows(b200, {}, 3), 'money')).toHaveLength(rows(b200).length);
    expect(placed(rows(null, { format: 'int8' }), 'memory').map(({ row }) => nameOf(row))).toEqual(
      expect.not.arrayContaining(['int8 128']),
    );
  });
});

describe('the Pareto front', () => {
  // At one rate the least gap alone is on it: NVFP4's blocks of 16 beat MXFP4's of 32.
  it('has one format a rate in hours: 4, 2 and 1 times BF16 on a B200', () => {
    expect(front(rows(b200), 'hours')).toEqual(['nvfp4 16', 'mxfp8-e4m3 32', 'bf16 none']);
    expect(front(rows(h100), 'hours')).toEqual(['fp8-e4m3 128', 'bf16 none']);
  });

  it('has more in bits, where each fraction counts', () => {
    expect(front(rows(null), 'compute')).toEqual([
      ...['fp4-e2m1 channel', 'mxfp4 32', 'nvfp4 16', 'mxfp6-e3m2 32'],
      ...['fp8-e4m3 channel', 'mxfp8-e4m3 32', 'bf16 none'],
    ]);
  });

  it('is what no other row beats, and every row off it is beaten', () => {
    const all = placed(rows(null), 'memory');
    const best = paretoFront(all);
    const beats = (a: Placed, b: Placed) =>
      a.gap <= b.gap && a.amount <= b.amount && (a.gap < b.gap || a.amount < b.amount);
    expect(best.length).toBeGreaterThan(2);
    for (const one of all) {
      expect(best.some((other) => beats(other, one))).toBe(!best.includes(one));
    }
  });

  it('keeps rows that are alike in both', () => {
    const [one] = placed(rows(null), 'memory');
    if (!one) throw new Error('no row');
    expect(paretoFront([one, { ...one }])).toHaveLength(2);
  });
});

describe('the cheapest', () => {
  it('within a gap is the fastest, then the best at that rate', () => {
    const on = placed(rows(b200), 'hours');
    const name = (gap: number): string | null => {
      const found = cheapestWithin(on, gap);
      return found && nameOf(found.row);
    };
    expect(name(0.01)).toBe('mxfp8-e4m3 32');
    expect(name(1)).toBe('nvfp4 16');
    expect(name(0)).toBe('bf16 none');
    expect(name(-1)).toBeNull();
  });

  // 7 B, 140 B tokens: NVFP4 (log2 B = 4) needs 36 % more tokens at a quarter of the time.
  it('to match BF16 counts the longer training', () => {
    const [best] = cheapestToMatch(placed(rows(b200), 'hours'), 'hours');
    const hours = rows(b200).find((row) => nameOf(row) === 'bf16 none')?.cost.hours ?? NaN;
    expect(best && nameOf(best.row)).toBe('nvfp4 16');
    expect(best?.tokenRatio).toBeCloseTo(1.357, 2);
    expect((best?.amount ?? NaN) / hours).toBeCloseTo((best?.tokenRatio ?? NaN) / 4, 10);
  });

  it('leaves out what never matches: 4-bit formats at 7 B and 2 T tokens', () => {
    const found = cheapestToMatch(placed(rows(b200, { tokens: 2e12 }), 'hours'), 'hours');
    expect(found.map(({ row }) => nameOf(row))).not.toContain('nvfp4 16');
    expect(found[0] && nameOf(found[0].row)).toBe('mxfp8-e4m3 32');
  });

  it('does not charge memory for tokens', () => {
    const on = placed(rows(null), 'memory');
    for (const { row, amount } of cheapestToMatch(on, 'memory')) {
      expect(amount).toBe(row.memory.total);
    }
  });
});
