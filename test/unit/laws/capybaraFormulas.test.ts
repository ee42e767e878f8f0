import { describe, expect, it } from 'vitest';
import {
  bestPrecisionFactor,
  capybaraConstants,
  channelLog2Block,
  continuousLayout,
  criticalBits,
  criticalTokens,
  jointOptimum,
  layoutGamma,
  layoutStrength,
  leastLoss,
  log2Block,
  optimalBitsAtSize,
  optimalBitsAtTokens,
  precisionFactor,
  precisionGap,
  tensorLog2Block,
  tokensToMatch,
  unquantisedLoss,
} from '../../../src/core/laws/capybara/formulas.ts';
import { costFactor } from '../../../src/core/laws/law.ts';
import {
  bitsAtSize,
  bitsAtTokens,
  criticalSizes,
  jointOptima,
  losses,
  matchingTokens,
} from './capybaraReference.ts';

function lossOf(N: number, D: number, factor: number): number {
  return unquantisedLoss(N, D) + precisionGap(N, D, factor);
}

/** Expects a value that was printed with `digits` significant digits. */
function expectDigits(actual: number, printed: number, digits: number): void {
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(printed))) + 1 - digits);
  expect(Math.abs(actual - printed)).toBeLessThan(0.5001 * unit);
}

/** The place of the least value of a function with one minimum, by golden-section search. */
function leastAt(low: number, high: number, f: (x: number) => number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let step = 0; step < 90; step++) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (f(left) < f(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

describe('reference values', () => {
  it.each(losses)(
    'loss at N %d, D %d, E%dM%d, log2 B %d',
    (N, D, E, M, log2B, loss, unquantised) => {
      expect(lossOf(N, D, precisionFactor({ E, M, log2B }))).toBeCloseTo(loss, 6);
      expect(unquantisedLoss(N, D)).toBeCloseTo(unquantised, 6);
    },
  );

  it.each(criticalSizes)('D_crit at N %d, E%dM%d, B %d', (N, E, M, B, tokens) => {
    expectDigits(criticalTokens(N, precisionFactor({ E, M, log2B: Math.log2(B) })), tokens, 6);
  });

  it.each(bitsAtTokens)('bits at D %d', (D, bits) => {
    expect(optimalBitsAtTokens(D, 7)).toBeCloseTo(bits, 4);
  });

  it.each(bitsAtSize)('bits at N %d, C %d', (N, C, bits) => {
    expect(optimalBitsAtSize(N, C, 7)).toBeCloseTo(bits, 4);
  });

  it.each(jointOptima)('joint optimum at C %d', (C, bits, parameters, tokens, loss) => {
    const { P, N, D } = jointOptimum(C, 7);
    expectDigits(P, bits, 6);
    expectDigits(N, parameters, 6);
    expectDigits(D, tokens, 6);
    expectDigits(lossOf(N, D, bestPrecisionFactor(P, 7)), loss, 6);
  });

  it.each(matchingTokens)('tokens to match BF16 at N %d, D %d, E%dM%d', (N, D0, E, M, ratio) => {
    const tokens = tokensToMatch(N, D0, precisionFactor({ E, M, log2B: 7 }));
    if (ratio === null) expect(tokens).toBeNull();
    else expect((tokens ?? NaN) / D0).toBeCloseTo(ratio, 4);
  });

  it('has the constants that follow from the fit', () => {
    expect(layoutGamma()).toBeCloseTo(160.697239, 6);
    expect(layoutStrength(2, 1)).toBeCloseTo(61.76, 2);
    expect(layoutStrength(4, 3) / layoutStrength(8, 7)).toBeCloseTo(0.0138, 4);
  });
});

describe('the paper’s headline numbers', () => {
  // 1 B parameters in blocks of 128: abstract and section 4.2.
  it.each([
    [8, 7, 1730e12],
    [4, 3, 27e12],
    [2, 1, 0.4e12],
  ])('D_crit of E%dM%d', (E, M, tokens) => {
    const critical = criticalTokens(1e9, precisionFactor({ E, M, log2B: 7 }));
    expect(Math.abs(critical / tokens - 1)).toBeLessThan(0.02);
  });

  it('goes from 4 to 8 bits between 0.1 T and 100 T tokens', () => {
    expect(Math.round(optimalBitsAtTokens(0.1e12, 7))).toBe(4);
    expect(Math.round(optimalBitsAtTokens(100e12, 7))).toBe(8);
  });

  it('goes from 4 to 8 bits between 1e21 and 1e31 FLOP', () => {
    expect(Math.round(jointOptimum(1e21, 7).P)).toBe(4);
    expect(Math.round(jointOptimum(1e31, 7).P)).toBe(8);
  });

  it('splits the bits 0.519 to 0.481', () => {
    const { E, M } = continuousLayout(8);
    expect(E).toBeCloseTo(8 * 0.519384 - 0.5, 5);
    expect(M).toBeCloseTo(8 * 0.480616 - 0.5, 5);
    expect(E + M + 1).toBeCloseTo(8, 12);
  });
});

describe('closed forms against brute force', () => {
  const factor = precisionFactor({ E: 4, M: 3, log2B: 7 });

  it('D_crit is where the loss is least, and the least loss is the loss there', () => {
    const logTokens = leastAt(Math.log(1e10), Math.log(1e16), (x) =>
      lossOf(1e9, Math.exp(x), factor),
    );
    expect(Math.exp(logTokens) / criticalTokens(1e9, factor)).toBeCloseTo(1, 5);
    expect(leastLoss(1e9, factor)).toBeCloseTo(lossOf(1e9, Math.exp(logTokens), factor), 10);
    expect(leastLoss(1e9, factor)).toBeCloseTo(2.43391, 5);
  });

  it('matching tokens give the same loss as the unquantised run', () => {
    const narrow = precisionFactor({ E: 2, M: 1, log2B: 7 });
    const tokens = tokensToMatch(7e9, 140e9, narrow) ?? NaN;
    expect(lossOf(7e9, tokens, narrow)).toBeCloseTo(unquantisedLoss(7e9, 140e9), 12);
    expect(tokens).toBeLessThan(criticalTokens(7e9, narrow));
  });

  // 8B at 15 T, 70B at 15 T, 405B at 15.6 T, 1B at 10 T tokens.
  it.each([
    [8e9, 15e12, 6.65],
    [70e9, 15e12, 6.12],
    [405e9, 15.6e12, 5.76],
    [1e9, 10e12, 6.73],
  ])('critical bits at N %d, D %d put D on D_crit', (N, D, bits) => {
    const P = criticalBits(N, D, 7);
    expect(P).toBeCloseTo(bits, 2);
    expect(criticalTokens(N, bestPrecisionFactor(P, 7)) / D).toBeCloseTo(1, 9);
  });

  it('no split of the bits beats the continuous layout', () => {
    const best = continuousLayout(8).E;
    expect(leastAt(0, 7, (E) => -layoutStrength(E, 7 - E))).toBeCloseTo(best, 5);
    expect(precisionFactor({ E: best, M: 7 - best, log2B: 7 })).toBeCloseTo(
      bestPrecisionFactor(8, 7),
      14,
    );
  });

  // Cost k·(P + b)·N·D at fixed D: N follows from P, so the best P is a search in one variable.
  it.each([
    [0, 6.2838],
    [0.0625, 6.2943],
    [0.25, 6.3251],
    [0.5, 6.3646],
    [1, 6.4387],
  ])('bits at 10 T tokens with b = %d, at any compute', (b, bits) => {
    expect(optimalBitsAtTokens(1e13, 7, b)).toBeCloseTo(bits, 4);
    for (const C of [1e22, 1e26]) {
      const found = leastAt(1, 16, (P) =>
        lossOf(C / (costFactor * (P + b) * 1e13), 1e13, bestPrecisionFactor(P, 7)),
      );
      expect(found).toBeCloseTo(optimalBitsAtTokens(1e13, 7, b), 4);
    }
  });

  it('bits at a fixed size', () => {
    const found = leastAt(1, 32, (P) =>
      lossOf(7e9, 5.88e21 / (costFactor * P * 7e9), bestPrecisionFactor(P, 7)),
    );
    expect(found).toBeCloseTo(optimalBitsAtSize(7e9, 5.88e21, 7), 4);
  });

  it.each([1e21, 1e25, 1e31])('bits and tokens together at C %d', (C) => {
    const lossAt = (P: number, logD: number): number => {
      const D = Math.exp(logD);
      return lossOf(C / (costFactor * P * D), D, bestPrecisionFactor(P, 7));
    };
    const logTokens = (P: number): number =>
      leastAt(Math.log(1e8), Math.log(1e18), (x) => lossAt(P, x));
    const P = leastAt(2, 12, (bits) => lossAt(bits, logTokens(bits)));
    const closed = jointOptimum(C, 7);
    expect(P).toBeCloseTo(closed.P, 3);
    expect(lossAt(P, logTokens(P))).toBeCloseTo(lossAt(closed.P, Math.log(closed.D)), 10);
    expect(costFactor * closed.P * closed.N * closed.D).toBeCloseTo(C, -Math.log10(C) + 10);
  });
});

describe('blocks', () => {
  it('counts values by the granularity', () => {
    expect(log2Block({ granularity: 'block', block: 128 }, 1e9, 1e11)).toBe(7);
    expect(log2Block({ granularity: 'channel', block: null }, 1e9, 1e11)).toBe(13.1567);
    expect(log2Block({ granularity: 'none', block: null }, 1e9, 1e11)).toBe(0);
    expect(log2Block({ granularity: 'tensor', block: null }, 1e9, 1e11)).toBe(
      tensorLog2Block(1e9, 1e11),
    );
  });

  // Figure 12: log2 B from about 16 to 55 as ln(N/D) goes from −8 to −3.
  it('takes tensor-wise scaling off figure 12 and never finer than a channel', () => {
    expect(tensorLog2Block(1, Math.exp(8))).toBeCloseTo(15.07, 2);
    expect(tensorLog2Block(1, Math.exp(3))).toBeCloseTo(51.31, 2);
    expect(tensorLog2Block(1, Math.exp(9))).toBe(channelLog2Block);
  });

  it('takes other constants than the published ones', () => {
    const other = { ...capybaraConstants, epsilon: 1 };
    expect(unquantisedLoss(1e9, 1e11, other)).toBeCloseTo(unquantisedLoss(1e9, 1e11) - 0.9061, 12);
  });
});
