/**
 * The formula of "Quartet: Native FP4 Training Can Be Optimal" (arXiv 2505.14669v4, equation 1 and
 * appendix): L = (A/(N·effN)^α + B/(D·effD)^β)^γ + E, in the paper's letters. N parameters of
 * linear layers, D tokens; losses in nats per token on C4.
 */
export interface QuartetConstants {
  readonly A: number;
  readonly alpha: number;
  readonly B: number;
  readonly beta: number;
  readonly E: number;
  readonly gamma: number;
}

/** The published fit of the BF16 runs, 30 to 822 M parameters. */
export const quartetConstants: QuartetConstants = {
  A: 1.52e5,
  alpha: 0.589,
  B: 5.25e5,
  beta: 0.544,
  E: 1.35,
  gamma: 0.274,
};

/** The loss of N (effective) parameters after D (effective) tokens. */
export function quartetLoss(N: number, D: number, c = quartetConstants): number {
  return (c.A / N ** c.alpha + c.B / D ** c.beta) ** c.gamma + c.E;
}

/** The shares of N and of D that a quantised run makes use of; 1 = all, as in BF16. */
export interface Effective {
  readonly effN: number;
  readonly effD: number;
}

/** The gap to the same run in BF16 that the effective sizes make. */
export function quartetGap(
  N: number,
  D: number,
  { effN, effD }: Effective,
  c = quartetConstants,
): number {
  return quartetLoss(N * effN, D * effD, c) - quartetLoss(N, D, c);
}

/**
 * The published efficiencies of MXFP4 (table 2), by what is quantised and how. `effN` and `effD`
 * are of the complete method, forward and backward; the others of one pass alone.
 */
export interface QuartetEfficiencies {
  /** Forward pass, projected as QuEST does. */
  readonly effNForward: number;
  /** Forward pass, rounded to nearest. */
  readonly effNNearest: number;
  readonly effN: number;
  readonly effD: number;
  /** Backward pass, rounded to nearest. */
  readonly effDNearest: number;
  /** Backward pass, rounded stochastically. */
  readonly effDStochastic: number;
}

/** Table 2 of the paper's fourth version. */
export const quartetEfficiencies: QuartetEfficiencies = {
  effNForward: 0.64,
  effNNearest: 0.59,
  effN: 0.65,
  effD: 0.95,
  effDNearest: 0.93,
  effDStochastic: 0.88,
};
