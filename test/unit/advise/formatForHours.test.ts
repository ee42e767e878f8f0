import { describe, expect, it } from 'vitest';
import { candidates } from '../../../src/core/advise/candidates.ts';
import { acceleratorHours } from '../../../src/core/advise/cost.ts';
import { bestAtEachRate, formatForHours } from '../../../src/core/advise/formatForHours.ts';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { pointFor } from '../../../src/core/laws/point.ts';

const b200 = acceleratorById('b200');
if (!b200) throw new Error('b200');
const accelerator = b200;
const run = pointFor({ parameters: 7e9, tokens: 140e9, format: 'bf16' });
if (!run) throw new Error('no point');
const bf16 = run;
const rows = candidates(capybara, bf16, accelerator);
const all = rows.map(({ point }) => point);

describe('the best format at each rate', () => {
  it('is one of 2250, 4500 and 9000 TFLOP/s on a B200: BF16, MXFP8 E4M3 and NVFP4', () => {
    const formats = bestAtEachRate(rows, accelerator).map(({ format }) => format);
    expect(formats).toEqual(['bf16', 'mxfp8-e4m3', 'nvfp4']);
  });

  it('loses nothing to all formats together', () => {
    const few = bestAtEachRate(rows, accelerator);
    for (const hours of [1, 1e3, 1e6]) {
      for (const parameters of [7e9, null]) {
        const best = formatForHours(capybara, few, accelerator, hours, parameters);
        const ofAll = formatForHours(capybara, all, accelerator, hours, parameters);
        expect(best).toEqual(ofAll);
      }
    }
  });
});

describe('the format for a budget of hours', () => {
  // N*, D* of n/N^α + d/D^β at fixed N·D: αn/N^α = βd/D^β, so N^(α+β) = (αn/βd)·(N·D)^β.
  it('chooses N and D in BF16 as the closed form of the law without its precision term', () => {
    const hours = acceleratorHours(accelerator, bf16) ?? NaN;
    const found = formatForHours(capybara, [bf16], accelerator, hours, null);
    const [alpha, beta] = [0.2368, 0.5162];
    const ratio = (alpha * 69.2343) / (beta * 68973.0621);
    const N = (ratio * (7e9 * 140e9) ** beta) ** (1 / (alpha + beta));
    expect((found?.point.parameters ?? NaN) / N).toBeCloseTo(1, 2);
    expect((found?.point.tokens ?? NaN) * (found?.point.parameters ?? NaN)).toBeCloseTo(
      7e9 * 140e9,
      -10,
    );
    expect(found?.loss).toBe(found && capybara.forecast(found.point).loss);
  });

  it('spends the whole budget, and has the least loss of all formats', () => {
    for (const hours of [10, 1e4, 1e7]) {
      const best = formatForHours(capybara, all, accelerator, hours, 7e9);
      if (!best) throw new Error('none');
      expect(acceleratorHours(accelerator, best.point)).toBeCloseTo(hours, 6);
      for (const point of all) {
        const one = formatForHours(capybara, [point], accelerator, hours, 7e9);
        expect(one?.loss ?? Infinity).toBeGreaterThanOrEqual(best.loss);
      }
    }
  });

  it('widens with the budget at a fixed N: FP4, then FP8, then BF16', () => {
    const bits = [1e2, 1e5, 1e9].map(
      (hours) => formatForHours(capybara, all, accelerator, hours, 7e9)?.point.bits,
    );
    expect(bits).toEqual([4, 8, 16]);
  });

  it('has none where nothing is native or the law is silent', () => {
    const int8 = pointFor({ parameters: 7e9, tokens: 140e9, format: 'int8' });
    expect(int8 && formatForHours(capybara, [int8], accelerator, 1e4, null)).toBeNull();
    const a100 = acceleratorById('a100');
    const fp8 = all.filter(({ format }) => format === 'fp8-e4m3');
    expect(a100 && formatForHours(capybara, fp8, a100, 1e4, null)).toBeNull();
  });
});
