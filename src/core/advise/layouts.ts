import {
  capybaraConstants,
  continuousLayout,
  criticalTokens,
  layoutStrength,
  log2Block,
  precisionFactor,
  precisionGap,
  type CapybaraConstants,
} from '../laws/capybara/formulas.ts';
import type { Law, Scaling } from '../laws/law.ts';

/** One split of the bits into exponent and mantissa. */
export interface LayoutRow {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  /** D_crit in tokens and the gap in nats; null unless N and D are given. */
  readonly criticalTokens: number | null;
  readonly gap: number | null;
  /** True on the first row alone. */
  readonly optimal: boolean;
}

/** Every layout of a width, best first, and the best real-valued split. */
export interface Layouts {
  readonly bits: number;
  readonly layouts: readonly LayoutRow[];
  readonly continuous: { readonly exponentBits: number; readonly mantissaBits: number };
}

/**
 * Lists every E + M = P − 1 by the Capybara law (arXiv 2501.02423, equations 18, 19 and 21): the
 * only law that tells layouts of one width apart. Best = largest (E + 0.5)^δ·(M + 0.5)^ν, which
 * is the same for every N, D and block. No rows unless `bits` is an integer of 1 to 64.
 * `c` are the law's constants: the published ones unless a calibration has others.
 */
export function layouts(
  question: {
    readonly bits: number;
    /** N and D; without them the rows are ranked but not forecast. */
    readonly size: { readonly parameters: number; readonly tokens: number } | null;
    readonly scaling: Scaling;
  },
  c = capybaraConstants,
): Layouts {
  const { bits, size, scaling } = question;
  const continuous = continuousLayout(bits, c);
  const count = Number.isInteger(bits) && bits > 0 && bits <= 64 ? bits : 0;
  const rows = Array.from({ length: count }, (_, E) => ({ E, M: bits - 1 - E }))
    .sort((a, b) => layoutStrength(b.E, b.M, c) - layoutStrength(a.E, a.M, c))
    .map(({ E, M }, rank): LayoutRow => {
      const log2B = size && log2Block(scaling, size.parameters, size.tokens, c);
      const factor = log2B === null ? null : precisionFactor({ E, M, log2B }, c);
      return {
        exponentBits: E,
        mantissaBits: M,
        criticalTokens: size && factor ? criticalTokens(size.parameters, factor, c) : null,
        gap: size && factor !== null ? precisionGap(size.parameters, size.tokens, factor, c) : null,
        optimal: rank === 0,
      };
    });
  return {
    bits,
    layouts: rows,
    continuous: { exponentBits: continuous.E, mantissaBits: continuous.M },
  };
}

/** The constants of the Capybara law among `laws`, a calibration's where one is in force. */
export function capybaraConstantsIn(laws: readonly Law[]): CapybaraConstants {
  const law = laws.find(({ id }) => id === 'capybara');
  return { ...capybaraConstants, ...law?.constants };
}
