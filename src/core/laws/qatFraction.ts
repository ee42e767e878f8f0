import type { FittedRange } from './law.ts';

/**
 * How much of its tokens a run that ends in quantisation-aware training (QAT) spends on it, by
 * "Compute-Optimal Quantization-Aware Training" (Apple, arXiv 2509.22935): no law of losses, since
 * the coefficients of its loss are not published, but a plan.
 */
export interface QatShare {
  /** The best share of all tokens, between 0 and 1. */
  readonly share: number;
  /** Tokens of quantisation-aware training. */
  readonly tokens: number;
  /** In which respects the question lies outside the fit. */
  readonly outside: readonly ('parameters' | 'tokens' | 'bits')[];
}

/** a of the fit, and the mean absolute error of the share that it gives. */
export const qatConstants = { a: 6.7297, meanAbsoluteError: 0.091 } as const;

/** The runs of the fit. */
export const qatFitted: FittedRange & { readonly bits: readonly [number, number] } = {
  parameters: [86e6, 2.2e9],
  tokens: [2.3e9, 1.4e12],
  bits: [1, 6],
  on: '757 runs of 86 M to 2.2 B parameters and 2.3 B to 1.4 T tokens in 1 to 6 bits',
};

/**
 * f = e^(−a / ln S) of N parameters, D tokens in all and weights of so many bits, where
 * S = D / (N·bits/8) is the tokens per byte of weights. Null for S of 1 and less, where the
 * formula has no meaning.
 */
export function qatFraction(N: number, D: number, bits: number): QatShare | null {
  const S = D / ((N * bits) / 8);
  if (!(S > 1) || !Number.isFinite(S)) return null;
  const share = Math.exp(-qatConstants.a / Math.log(S));
  const beyond = (value: number, [low, high]: readonly [number, number]): boolean =>
    value < low || value > high;
  const outside = [
    ...(beyond(N, qatFitted.parameters) ? (['parameters'] as const) : []),
    ...(beyond(D, qatFitted.tokens) ? (['tokens'] as const) : []),
    ...(beyond(bits, qatFitted.bits) ? (['bits'] as const) : []),
  ];
  return { share, tokens: share * D, outside };
}
