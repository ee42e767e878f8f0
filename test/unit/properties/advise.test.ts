import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidates, layoutsOfWidth } from '../../../src/core/advise/candidates.ts';
import { mostTokens } from '../../../src/core/advise/criticalSize.ts';
import { bestAtEachRate, formatForHours } from '../../../src/core/advise/formatForHours.ts';
import { layouts } from '../../../src/core/advise/layouts.ts';
import { tokensToMatchTwin } from '../../../src/core/advise/matchTokens.ts';
import { nearestMeasurements } from '../../../src/core/advise/nearestMeasurements.ts';
import {
  cheapestToMatch,
  paretoFront,
  placed,
  tradeOffs,
  type Placed,
} from '../../../src/core/advise/pareto.ts';
import { accelerators } from '../../../src/core/hardware/registry.ts';
import { laws } from '../../../src/core/laws/registry.ts';
import { expectFinite } from './numbers.ts';
import { points, sizes } from './points.ts';

const law = fc.constantFrom(...laws);
const accelerator = fc.constantFrom(null, ...accelerators);
const spending = fc.constantFrom('compute', 'hours', 'money', 'memory');

function isWorse(one: Placed, other: Placed): boolean {
  return (
    other.gap <= one.gap &&
    other.amount <= one.amount &&
    (other.gap < one.gap || other.amount < one.amount)
  );
}

describe('advice on any run by any law', () => {
  it('ranks formats in finite numbers, the least gap first', () => {
    fc.assert(
      fc.property(law, points, accelerator, (law, point, accelerator) => {
        const rows = candidates(law, point, accelerator);
        expectFinite([rows, layoutsOfWidth(law, point, accelerator)]);
        expect(rows.filter(({ current }) => current)).toHaveLength(1);
        const gaps = rows.map(({ forecast }) => forecast.gap ?? Infinity);
        expect(gaps).toEqual([...gaps].sort((a, b) => (a < b ? -1 : Number(a > b))));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps on the Pareto front exactly the rows that no other beats', () => {
    fc.assert(
      fc.property(law, points, accelerator, spending, (law, point, accelerator, on) => {
        const stored = { total: point.parameters * 1.2, linear: point.parameters };
        const rows = tradeOffs(law, point, stored, { accelerator, pricePerHour: 2 });
        expectFinite(rows);
        for (const { memory, tokensToMatch, candidate } of rows) {
          expect(memory.total).toBeGreaterThan(0);
          if (tokensToMatch === null) continue;
          // A positive gap takes more tokens to make up for, a negative one fewer.
          const sign = Math.sign(candidate.forecast.gap ?? 0);
          const more = (tokensToMatch / candidate.point.tokens - 1) * sign;
          expect(more).toBeGreaterThan(-1e-6);
        }
        const all = placed(rows, on);
        const front = paretoFront(all);
        expect(front.length > 0).toBe(all.length > 0);
        for (const one of all) {
          expect(front.includes(one)).toBe(!all.some((other) => isWorse(one, other)));
        }
        expectFinite(cheapestToMatch(all, on));
      }),
      { numRuns: 80 },
    );
  });

  it('finds the tokens that match the BF16 twin on the curve itself', () => {
    fc.assert(
      fc.property(law, points, (law, point) => {
        const tokens = tokensToMatchTwin(law, point);
        if (tokens === null) return;
        const { bf16Loss } = law.forecast(point);
        const reached = law.curve(point)(tokens).loss ?? NaN;
        expect(reached).toBeLessThanOrEqual((bf16Loss ?? NaN) * (1 + 1e-9));
      }),
      { numRuns: 300 },
    );
  });

  it('cuts tokens to a whole number below the critical size', () => {
    fc.assert(
      fc.property(law, points, (law, point) => {
        const most = mostTokens(law, point);
        if (most === null) return;
        expect(Number.isSafeInteger(most)).toBe(true);
        expect(law.forecast({ ...point, tokens: most }).ratio).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  it('spends hours in a format of finite loss', () => {
    fc.assert(
      fc.property(
        law,
        points,
        fc.constantFrom(...accelerators),
        sizes(0, 9),
        fc.option(sizes(3, 13), { nil: null }),
        (law, point, accelerator, hours, parameters) => {
          const runs = bestAtEachRate(candidates(law, point, accelerator), accelerator);
          expectFinite(formatForHours(law, runs, accelerator, hours, parameters));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('names public measurements nearest first, one of each data set', () => {
    fc.assert(
      fc.property(points, fc.nat(8), (point, most) => {
        const near = nearestMeasurements(point, most);
        expectFinite(near);
        expect(near.length).toBeLessThanOrEqual(most);
        const distances = near.map(({ distance }) => distance);
        expect(distances).toEqual([...distances].sort((a, b) => a - b));
        expect(new Set(near.map(({ measurement }) => measurement.dataset)).size).toBe(near.length);
      }),
      { numRuns: 150 },
    );
  });

  it('lays out every width, one layout the best', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 64 }), (point, bits) => {
        const { parameters, tokens, granularity, block } = point;
        const scaling = { granularity, block };
        const found = layouts({ bits, size: { parameters, tokens }, scaling });
        expectFinite(found);
        expect(found.layouts).toHaveLength(bits);
        expect(found.layouts.filter(({ optimal }) => optimal)).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });
});
