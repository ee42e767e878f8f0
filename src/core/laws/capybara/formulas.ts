import { costFactor, type Scaling } from '../law.ts';

/**
 * The formulas of "Scaling Laws for Floating Point Quantization Training" (arXiv 2501.02423),
 * in the paper's letters: N parameters of linear layers, D tokens, E and M exponent and mantissa
 * bits, P = E + M + 1 bits, B values that share a scale, C = k·(P + b)·N·D the cost. Losses in
 * nats per token. "Derived" marks what follows from the law but is not a statement of the paper.
 */

/** The eight fitted constants, named as the paper's letters. */
export interface CapybaraConstants {
  readonly n: number;
  readonly alpha: number;
  readonly d: number;
  readonly beta: number;
  readonly epsilon: number;
  readonly gamma: number;
  readonly delta: number;
  readonly nu: number;
  /** ω, ξ and η of tensor-wise scaling (section 3.6): not published, null unless someone gives them. */
  readonly omega: number | null;
  readonly xi: number | null;
  readonly eta: number | null;
}

/** The published fit (table 2). The paper gives no standard errors. */
export const capybaraConstants: CapybaraConstants = {
  n: 69.2343,
  alpha: 0.2368,
  d: 68973.0621,
  beta: 0.5162,
  epsilon: 1.9061,
  gamma: 11334.5197,
  delta: 3.1926,
  nu: 2.9543,
  omega: null,
  xi: null,
  eta: null,
};

/** log2 B of channel-wise scaling, constant over N and D (section 3.6). */
export const channelLog2Block = 13.1567;

/** Whether log2 B of tensor-wise scaling is computed from ω, ξ and η, not read off an axis. */
export function knowsTensorScaling(c: CapybaraConstants): boolean {
  return c.omega !== null && c.xi !== null && c.eta !== null;
}

/**
 * log2 B of tensor-wise scaling: N^ω / (ξ·D^η) where someone gives the constants, which the paper
 * does not print. Else roughly, read off the limits of its figure 12. Never below channel-wise.
 */
export function tensorLog2Block(N: number, D: number, c = capybaraConstants): number {
  const { omega, xi, eta } = c;
  const fitted =
    omega === null || xi === null || eta === null
      ? 107 * (N / D) ** 0.245
      : N ** omega / (xi * D ** eta);
  return Math.max(fitted, channelLog2Block);
}

/**
 * log2 B of a scaling at a run's N and D: 0 without scaling factors or with one for every value,
 * where the precision term vanishes.
 */
export function log2Block(scaling: Scaling, N: number, D: number, c = capybaraConstants): number {
  switch (scaling.granularity) {
    case 'channel':
      return channelLog2Block;
    case 'tensor':
      return tensorLog2Block(N, D, c);
    case 'block':
      return Math.log2(scaling.block ?? 1);
    case 'none':
      return 0;
  }
}

/** A number layout under a scaling, as the precision term sees it. */
export interface Layout {
  readonly E: number;
  readonly M: number;
  readonly log2B: number;
}

/** (E + 0.5)^δ · (M + 0.5)^ν: how much of the loss a layout keeps away; larger is better. */
export function layoutStrength(E: number, M: number, c = capybaraConstants): number {
  return (E + 0.5) ** c.delta * (M + 0.5) ** c.nu;
}

/** log2 B / (γ·(E + 0.5)^δ·(M + 0.5)^ν): the precision term but for D^β / N^α. */
export function precisionFactor(layout: Layout, c = capybaraConstants): number {
  return layout.log2B / (c.gamma * layoutStrength(layout.E, layout.M, c));
}

/** The same factor for the best real-valued layout of P bits: log2 B / (γ_ρ·P^(δ+ν)). */
export function bestPrecisionFactor(P: number, log2B: number, c = capybaraConstants): number {
  return log2B / (layoutGamma(c) * P ** (c.delta + c.nu));
}

/** γ_ρ = γ·δ^δ·ν^ν / (δ+ν)^(δ+ν), appendix C; 160.697 with the published constants. */
export function layoutGamma(c = capybaraConstants): number {
  const s = c.delta + c.nu;
  return c.gamma * (c.delta / s) ** c.delta * (c.nu / s) ** c.nu;
}

/** n/N^α + d/D^β + ε: the law without its precision term (equation 2). */
export function unquantisedLoss(N: number, D: number, c = capybaraConstants): number {
  return c.n / N ** c.alpha + c.d / D ** c.beta + c.epsilon;
}

/** D^β/N^α · `factor`: the precision term of equation 18, the gap to the unquantised loss. */
export function precisionGap(N: number, D: number, factor: number, c = capybaraConstants): number {
  return (D ** c.beta / N ** c.alpha) * factor;
}

/** D_crit = [d·N^α / factor]^(1/2β), where more tokens begin to raise the loss (equation 21). */
export function criticalTokens(N: number, factor: number, c = capybaraConstants): number {
  return ((c.d * N ** c.alpha) / factor) ** (1 / (2 * c.beta));
}

/** The least loss that N parameters can reach, at D = D_crit (derived). */
export function leastLoss(N: number, factor: number, c = capybaraConstants): number {
  return c.n / N ** c.alpha + c.epsilon + 2 * Math.sqrt((c.d * factor) / N ** c.alpha);
}

/**
 * Tokens at which the quantised run reaches the unquantised loss of `D0` tokens (derived);
 * null when it never does. The quantised loss is a quadratic in D^β, of which this is the lower
 * root, in the form that does not lose digits when the precision term is small.
 */
export function tokensToMatch(
  N: number,
  D0: number,
  factor: number,
  c = capybaraConstants,
): number | null {
  const q = factor / N ** c.alpha;
  const t = c.d / D0 ** c.beta;
  const discriminant = t * t - 4 * q * c.d;
  if (discriminant < 0) return null;
  return ((2 * c.d) / (t + Math.sqrt(discriminant))) ** (1 / c.beta);
}

/** Bits, in the best layout, below which D tokens exceed D_crit (derived). */
export function criticalBits(N: number, D: number, log2B: number, c = capybaraConstants): number {
  const s = c.delta + c.nu;
  return ((D ** (2 * c.beta) * log2B) / (c.d * layoutGamma(c) * N ** c.alpha)) ** (1 / s);
}

/** The best real-valued split of P bits, sign included (equations 19 and 31). */
export function continuousLayout(P: number, c = capybaraConstants): { E: number; M: number } {
  const s = c.delta + c.nu;
  return { E: (c.delta * P) / s - 0.5, M: (c.nu * P) / s - 0.5 };
}

/** γ_D = (δ+ν−α) / (n·α·γ_ρ) of equation 22. */
function tokensGamma(c: CapybaraConstants): number {
  return (c.delta + c.nu - c.alpha) / (c.n * c.alpha * layoutGamma(c));
}

/**
 * Compute-optimal bits at a fixed number of tokens, whatever the compute: equation 22, or
 * equation 45 solved by bisection when `b`, the overhead of scaling in bits, is not 0.
 */
export function optimalBitsAtTokens(
  D: number,
  log2B: number,
  b = 0,
  c = capybaraConstants,
): number {
  const s = c.delta + c.nu;
  const target = tokensGamma(c) * D ** c.beta * log2B;
  const withoutOverhead = target ** (1 / s);
  if (b === 0) return withoutOverhead;
  // (45) times P^(s+1): (s·(P+b) − α·P) / (s−α) = P^(s+1) / target, whose right side grows faster.
  let low = withoutOverhead;
  let high = withoutOverhead + b + 1;
  for (let step = 0; step < 60; step++) {
    const P = (low + high) / 2;
    const excess = P ** (s + 1) / target - (s * (P + b) - c.alpha * P) / (s - c.alpha);
    if (excess < 0) low = P;
    else high = P;
  }
  return (low + high) / 2;
}

/** Compute-optimal bits at a fixed number of parameters (equations 23 and 52, b = 0). */
export function optimalBitsAtSize(
  N: number,
  C: number,
  log2B: number,
  c = capybaraConstants,
): number {
  const s = c.delta + c.nu;
  const sizeGamma = (c.beta + s) / (c.d * c.beta * layoutGamma(c));
  const right =
    (sizeGamma * (C / costFactor) ** (2 * c.beta) * log2B) / N ** (c.alpha + 2 * c.beta);
  return right ** (1 / (s + 2 * c.beta));
}

/** Bits, parameters and tokens of least loss for a compute (equations 25 and 54, b = 0). */
export function jointOptimum(
  C: number,
  log2B: number,
  c = capybaraConstants,
): { P: number; N: number; D: number } {
  const s = c.delta + c.nu;
  const scale = tokensGamma(c) * log2B;
  const ratio = (c.alpha + c.beta) / c.beta;
  const lambda = ((c.d * c.beta) / (c.n * c.alpha)) * ((s - c.alpha) / (s + c.beta));
  const P = (lambda * scale ** ratio * (C / costFactor) ** c.alpha) ** (1 / (s * ratio + c.alpha));
  const D = (P ** s / scale) ** (1 / c.beta);
  return { P, N: C / (costFactor * P * D), D };
}
