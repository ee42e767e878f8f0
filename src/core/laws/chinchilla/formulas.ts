/**
 * The formula of the Chinchilla law, L = E + A/N^α + B/D^β (Hoffmann et al., arXiv 2203.15556), in
 * the paper's letters. N parameters, D tokens, C = 6·N·D the compute; losses in nats per token.
 */
export interface ChinchillaConstants {
  readonly A: number;
  readonly alpha: number;
  readonly B: number;
  readonly beta: number;
  readonly E: number;
}

/**
 * The maximum-likelihood fit of Besiroglu et al. (arXiv 2404.10102) to the points they read off
 * Hoffmann's figure; standard errors 124.52, 0.0154, 1293.28, 0.0206 and 0.0257.
 */
export const chinchillaConstants: ChinchillaConstants = {
  A: 482.01,
  alpha: 0.34781,
  B: 2085.43,
  beta: 0.36585,
  E: 1.81686,
};

/** The loss of N parameters after D tokens. */
export function chinchillaLoss(N: number, D: number, c = chinchillaConstants): number {
  return c.E + c.A / N ** c.alpha + c.B / D ** c.beta;
}

/** The N of least loss for a compute C = 6·N·D (equation 4 of Hoffmann et al.). */
export function chinchillaOptimalSize(C: number, c = chinchillaConstants): number {
  const sum = c.alpha + c.beta;
  const G = ((c.alpha * c.A) / (c.beta * c.B)) ** (1 / sum);
  return G * (C / 6) ** (c.beta / sum);
}
