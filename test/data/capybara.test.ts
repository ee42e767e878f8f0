import { describe, expect, it } from 'vitest';
import { capybara } from '../../src/core/laws/capybara/capybara.ts';
import {
  optimalBitsAtTokens,
  precisionFactor,
  tokensToMatch,
} from '../../src/core/laws/capybara/formulas.ts';
import { pointFor, type PointRequest } from '../../src/core/laws/point.ts';
import { dataFile } from './folder.ts';

interface Reference {
  readonly capybara_loss: readonly {
    readonly N: number;
    readonly D: number;
    readonly fmt: string;
    readonly log2B: number;
    readonly loss: number;
    readonly bf16_inf: number;
  }[];
  readonly capybara_dcrit: readonly { N: number; fmt: string; B: number; dcrit: number }[];
  readonly capybara_Popt_D_B128: Readonly<Record<string, number>>;
  readonly capybara_joint_B128: readonly Record<'C' | 'P' | 'N' | 'D' | 'loss', number>[];
  readonly capybara_Popt_N_B128: readonly Record<'N' | 'C' | 'P', number>[];
  readonly capybara_equiv_tokens_B128: readonly {
    N: number;
    D0: number;
    fmt: string;
    ratio: number | null;
  }[];
}

const reference = JSON.parse(dataFile('laws.json')) as Reference;
const scaling = { granularity: 'block', block: 128 } as const;

function point(request: PointRequest) {
  const found = pointFor(request);
  if (!found) throw new Error('no point');
  return found;
}

const layout = (fmt: string) => fmt.toLowerCase();

describe('every reference value of the Capybara law', () => {
  it.each(reference.capybara_loss)('loss %o', ({ N, D, fmt, log2B, loss, bf16_inf }) => {
    const channel = log2B === 13.1567;
    const found = capybara.forecast(
      point({
        parameters: N,
        tokens: D,
        format: layout(fmt),
        ...(channel ? { granularity: 'channel' } : { granularity: 'block', block: 2 ** log2B }),
      }),
    );
    expect(found.loss).toBeCloseTo(loss, 6);
    expect(found.bf16Loss).toBeCloseTo(bf16_inf, 6);
  });

  it.each(reference.capybara_dcrit)('D_crit %o', ({ N, fmt, B, dcrit }) => {
    const request = { parameters: N, tokens: 1e12, format: layout(fmt), block: B };
    const found = capybara.forecast(point(request)).criticalTokens ?? 0;
    // Six digits are printed.
    expect(Number(found.toPrecision(6))).toBe(dcrit);
  });

  it.each(Object.entries(reference.capybara_Popt_D_B128))('P at D = %s', (tokens, bits) => {
    expect(optimalBitsAtTokens(Number(tokens), 7)).toBeCloseTo(bits, 4);
  });

  it.each(reference.capybara_joint_B128)('joint optimum %o', ({ C, P, N, D, loss }) => {
    const found = capybara.optimum?.({ fixed: 'compute', compute: C, scaling });
    expect(found?.bits).toBeCloseTo(P, 5);
    expect(Number(found?.parameters?.toPrecision(6))).toBe(N);
    expect(Number(found?.tokens?.toPrecision(6))).toBe(D);
    expect(found?.loss).toBeCloseTo(loss, 5);
  });

  it.each(reference.capybara_Popt_N_B128)('P at fixed N %o', ({ N, C, P }) => {
    const found = capybara.optimum?.({ fixed: 'parameters', parameters: N, compute: C, scaling });
    expect(found?.bits).toBeCloseTo(P, 4);
  });

  it.each(reference.capybara_equiv_tokens_B128)('tokens to match %o', ({ N, D0, fmt, ratio }) => {
    const [, E, M] = /^E(\d+)M(\d+)$/.exec(fmt) ?? [];
    const factor = precisionFactor({ E: Number(E), M: Number(M), log2B: 7 });
    const found = tokensToMatch(N, D0, factor);
    if (ratio === null) expect(found).toBeNull();
    else expect((found ?? 0) / D0).toBeCloseTo(ratio, 4);
  });
});
