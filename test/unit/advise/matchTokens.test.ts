import { describe, expect, it } from 'vitest';
import { tokensToMatchTwin, tokensToReach } from '../../../src/core/advise/matchTokens.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { precisionFactor, tokensToMatch } from '../../../src/core/laws/capybara/formulas.ts';
import type { RunPoint } from '../../../src/core/laws/law.ts';
import { pointFor } from '../../../src/core/laws/point.ts';

function point(parameters: number, tokens: number, format: string, block = 128): RunPoint {
  const found = pointFor({ parameters, tokens, format, block });
  if (!found) throw new Error('no point');
  return found;
}

const layouts = [
  { format: 'fp8-e4m3', E: 4, M: 3 },
  { format: 'fp6-e3m2', E: 3, M: 2 },
  { format: 'fp4-e2m1', E: 2, M: 1 },
];

describe('tokens to match the BF16 loss', () => {
  // Derived from arXiv 2501.02423 equation 18 with B = 128 and checked by brute force.
  it.each([
    [1e9, 20e9, [1.0011, 1.0068, 1.1013]],
    [7e9, 140e9, [1.0053, 1.0332, 2.1077]],
    [7e9, 2e12, [1.0919, null, null]],
  ])('at %d parameters and %d tokens', (parameters, tokens, ratios) => {
    layouts.forEach(({ format }, at) => {
      const found = tokensToMatchTwin(capybara, point(parameters, tokens, format));
      const ratio = ratios[at] ?? null;
      if (ratio === null) expect(found).toBeNull();
      else expect((found ?? NaN) / tokens).toBeCloseTo(ratio, 4);
    });
  });

  it.each(layouts)('are those of the closed form, $format', ({ format, E, M }) => {
    for (const [parameters, tokens] of [
      [1e9, 20e9],
      [7e9, 140e9],
      [70e9, 100e9],
      [7e9, 2e12],
    ] as const) {
      const found = tokensToMatchTwin(capybara, point(parameters, tokens, format));
      const closed = tokensToMatch(parameters, tokens, precisionFactor({ E, M, log2B: 7 }));
      if (closed === null) expect(found).toBeNull();
      else expect((found ?? NaN) / closed).toBeCloseTo(1, 7);
    }
  });

  it('are the run’s own without a gap, and unknown where the law is silent', () => {
    const twin = pointFor({ parameters: 1e9, tokens: 20e9, format: 'bf16' });
    expect(twin && tokensToMatchTwin(capybara, twin)).toBe(20e9);
    expect(tokensToMatchTwin(capybara, point(1e9, 20e9, 'int8'))).toBeNull();
  });
});

describe('tokens to reach a loss', () => {
  const run = point(1e9, 20e9, 'fp4-e2m1');

  it('are the fewest with which the curve is there', () => {
    for (const tokens of [5e9, 20e9, 300e9]) {
      const loss = capybara.curve(run)(tokens).loss ?? NaN;
      expect(tokensToReach(capybara, run, loss)).toBeCloseTo(tokens, -4);
    }
  });

  // D_crit is 0.3928 T: past it the loss rises again, so 600 B tokens do no better than fewer.
  it('lie below the critical size, and do not exist under the least loss', () => {
    const late = capybara.curve(run)(600e9).loss ?? NaN;
    expect(tokensToReach(capybara, run, late)).toBeLessThan(392.8e9);
    const least = capybara.curve(run)(392.8e9).loss ?? NaN;
    expect(tokensToReach(capybara, run, least + 1e-6)).not.toBeNull();
    expect(tokensToReach(capybara, run, least - 1e-6)).toBeNull();
  });

  it('are looked for up to a thousand times the run’s own', () => {
    const twin = pointFor({ parameters: 1e9, tokens: 1e6, format: 'bf16' });
    if (!twin) throw new Error('no point');
    const lossAt = (tokens: number) => capybara.curve(twin)(tokens).loss ?? NaN;
    expect(tokensToReach(capybara, twin, lossAt(0.9e9))).toBeCloseTo(0.9e9, -2);
    expect(tokensToReach(capybara, twin, lossAt(1.1e9))).toBeNull();
  });
});
