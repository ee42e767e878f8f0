import { costFactor } from '../law.ts';

/**
 * The formulas of "Scaling Laws for Precision" (Kumar et al., arXiv 2411.04330v2, ICLR 2025), in
 * the paper's letters: N non-embedding parameters, D tokens, P bits, C = (6/16)·P·N·D the cost.
 * Losses in nats per token. "Derived" marks what follows from the law but is not a statement of
 * the paper.
 *
 * Every exponential carries an offset n. Equation 4 leaves it out to save clutter; appendix K says
 * that the fits have it, and only with it do the constants of table 2 give the paper's own 7 to 8
 * compute-optimal bits.
 */

/** The fitted constants of table 2 and of appendix N, named as the paper's letters. */
export interface KumarConstants {
  readonly A: number;
  readonly alpha: number;
  readonly B: number;
  readonly beta: number;
  readonly E: number;
  /** γ and n of the factors of weights, activations and key-value cache. */
  readonly gammaWeights: number;
  readonly offsetWeights: number;
  readonly gammaActivations: number;
  readonly offsetActivations: number;
  readonly gammaKv: number;
  readonly offsetKv: number;
  /** γ and n of the weights' factor in the fit to floating-point runs (appendix N). */
  readonly gammaFloat: number;
  readonly offsetFloat: number;
  /** C_T, γ_D, γ_N, γ_post and b of quantisation after training. */
  readonly CT: number;
  readonly gammaD: number;
  readonly gammaN: number;
  readonly gammaPost: number;
  readonly offsetPost: number;
  /** C_w, C_a and C_kv of equation 9: not published, null unless someone gives them. */
  readonly cWeights: number | null;
  readonly cActivations: number | null;
  readonly cKv: number | null;
}

/** The published fit (table 2, appendix N). The paper gives no standard errors. */
export const kumarConstants: KumarConstants = {
  A: 4.299e3,
  alpha: 0.4965,
  B: 1.806e4,
  beta: 0.4965,
  E: 2.7648,
  gammaWeights: 2.6745,
  offsetWeights: 0.3037,
  gammaActivations: 2.2102,
  offsetActivations: 1.4072,
  gammaKv: 0.9578,
  offsetKv: 2.4185,
  gammaFloat: 2.8111,
  offsetFloat: 0.124,
  CT: 0.0598,
  gammaD: 0.5068,
  gammaN: 0.3439,
  gammaPost: 0.5907,
  offsetPost: 1.1277,
  cWeights: null,
  cActivations: null,
  cKv: null,
};

/** γ and n of one factor 1 − e^(−P/γ + n). */
export interface Factor {
  readonly gamma: number;
  readonly offset: number;
}

/** The factor of each operand whose precision the law knows. */
export function factorsOf(c = kumarConstants): Record<'weights' | 'activations' | 'kv', Factor> {
  return {
    weights: { gamma: c.gammaWeights, offset: c.offsetWeights },
    activations: { gamma: c.gammaActivations, offset: c.offsetActivations },
    kv: { gamma: c.gammaKv, offset: c.offsetKv },
  };
}

/** The weights' factor in the fit to floating-point runs, which quantise weights alone. */
export function floatFactor(c = kumarConstants): Factor {
  return { gamma: c.gammaFloat, offset: c.offsetFloat };
}

/** f = 1 − e^(−P/γ + n): the share of the parameters that P bits leave of an operand. */
export function keptShare(P: number, { gamma, offset }: Factor): number {
  return 1 - Math.exp(-P / gamma + offset);
}

/** The product of several factors at the same bits: N_eff / N. */
export function keptShareOfAll(P: number, factors: readonly Factor[]): number {
  return factors.reduce((share, factor) => share * keptShare(P, factor), 1);
}

/** P = γ·n, where a factor reaches 0: the law is undefined there and below. */
export function leastBits({ gamma, offset }: Factor): number {
  return gamma * offset;
}

/** A/N^α + B/D^β + E: the loss without low precision (equation 4 with N_eff = N). */
export function kumarLoss(N: number, D: number, c = kumarConstants): number {
  return c.A / N ** c.alpha + c.B / D ** c.beta + c.E;
}

/** A/(N·share)^α − A/N^α: the gap of a run trained with N·share effective parameters. */
export function trainingGap(N: number, share: number, c = kumarConstants): number {
  return (c.A / N ** c.alpha) * (share ** -c.alpha - 1);
}

/**
 * δ / D^γD of quantising to P bits after training: C_T·e^(−P/γ_post + b) / N^γN (equation 2 with
 * the offset of appendix K). `withOffset` false leaves b out, as equation 13 prints it.
 */
export function postTrainingFactor(
  N: number,
  P: number,
  withOffset: boolean,
  c = kumarConstants,
): number {
  const b = withOffset ? c.offsetPost : 0;
  return (c.CT * Math.exp(-P / c.gammaPost + b)) / N ** c.gammaN;
}

/** Bits of one operand of a run in low precision, and its C_x of equation 9. */
export interface TrainedOperand {
  readonly P: number;
  readonly C: number;
}

/**
 * Π [1 − e^(−C_x·(P_x − P_post))] of equation 9: what is left of δ because training had already
 * met part of the error. 0 where an operand was trained in the bits that it is quantised to.
 */
export function alreadyMet(operands: readonly TrainedOperand[], post: number): number {
  return operands.reduce((left, { P, C }) => left * (1 - Math.exp(-C * (P - post))), 1);
}

/** C_x = 1/γ_post, which gives equation 9 the structure of the illustrative equation 10. */
export function assumedTrainedConstant(c = kumarConstants): number {
  return 1 / c.gammaPost;
}

/** D_crit of quantisation after training, where B/D^β + factor·D^γD is least (equation 13). */
export function postTrainingCriticalTokens(factor: number, c = kumarConstants): number {
  return ((c.beta * c.B) / (c.gammaD * factor)) ** (1 / (c.gammaD + c.beta));
}

/** d ln f / dP of several factors at the same bits. */
function relativeSlope(P: number, factors: readonly Factor[]): number {
  return factors.reduce((sum, { gamma, offset }) => {
    const e = Math.exp(-P / gamma + offset);
    return sum + e / (gamma * (1 - e));
  }, 0);
}

/** Where `excess`, positive at `low` and falling, reaches 0; by doubling, then by bisection. */
function root(excess: (P: number) => number, low: number): number {
  let below = low;
  let above = low + 1;
  for (let step = 0; step < 12 && excess(above) > 0; step++) above = low + 2 * (above - low);
  for (let step = 0; step < 80; step++) {
    const P = (below + above) / 2;
    if (excess(P) > 0) below = P;
    else above = P;
  }
  return (below + above) / 2;
}

/**
 * Compute-optimal bits: the least of P/f(P), whatever C, A, B, α and β (derived, as a correction:
 * equations 7 and 28 differ, and carry powers that belong elsewhere).
 */
export function optimalBits(factors: readonly Factor[]): number {
  const low = Math.max(...factors.map(leastBits), 0);
  return root((P) => P * relativeSlope(P, factors) - 1, low);
}

/** One factor cubed in place of the three: γ and n averaged over the operands. */
export function averagedFactors(c = kumarConstants): readonly Factor[] {
  const factors = Object.values(factorsOf(c));
  const mean = (key: keyof Factor) =>
    factors.reduce((sum, factor) => sum + factor[key], 0) / factors.length;
  const average = { gamma: mean('gamma'), offset: mean('offset') };
  return [average, average, average];
}

/**
 * Parameters and tokens of least loss for a compute at fixed bits, u = f^−α. Derived: N falls as
 * P^(−β/(α+β)) and D as P^(−α/(α+β))·u^(−1/(α+β)); the exponents of equations 6, 16 and 17
 * contradict each other.
 */
export function optimalSizes(C: number, P: number, c = kumarConstants): { N: number; D: number } {
  const u = keptShareOfAll(P, Object.values(factorsOf(c))) ** -c.alpha;
  const s = c.alpha + c.beta;
  const ratio = ((u * c.A * c.alpha) / (c.B * c.beta)) ** (1 / s);
  const ND = C / (costFactor * P);
  return { N: ratio * ND ** (c.beta / s), D: ND ** (c.alpha / s) / ratio };
}

/** Compute-optimal bits and tokens at a fixed number of parameters, found numerically (derived). */
export function optimumAtSize(N: number, C: number, c = kumarConstants): { P: number; D: number } {
  const factors = Object.values(factorsOf(c));
  // P·dL/dP: what the parameters gain by a bit more against what the tokens lose by it.
  const excess = (P: number) => {
    const share = keptShareOfAll(P, factors);
    const gain = ((c.alpha * c.A) / (N * share) ** c.alpha) * P * relativeSlope(P, factors);
    const D = C / (costFactor * N * P);
    return gain - (c.beta * c.B) / D ** c.beta;
  };
  const low = Math.max(...factors.map(leastBits), 0);
  const P = root(excess, low);
  return { P, D: C / (costFactor * N * P) };
}
