/**
 * The formulas of "Low-Bit Quantization Favors Undertrained LLMs" (Ouyang et al., arXiv
 * 2411.17691), in the paper's letters: N parameters, D tokens, P bits of the weights after
 * quantisation. Losses in nats per token. "Derived" marks what is not a statement of the paper.
 */
export interface OuyangConstants {
  /** k, α (of N), β (of D) and γ (of P) of the quantisation term. */
  readonly k: number;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  /** N_c, D_c, α_N and α_D of the 16-bit loss. */
  readonly Nc: number;
  readonly Dc: number;
  readonly alphaN: number;
  readonly alphaD: number;
}

/** The published joint fit to Pythia models quantised by GPTQ. */
export const ouyangConstants: OuyangConstants = {
  k: 0.017,
  alpha: 0.2261,
  beta: 0.5251,
  gamma: 5.4967,
  Nc: 4.74e19,
  Dc: 7.63e10,
  alphaN: 0.045,
  alphaD: 0.399,
};

/** [(N_c/N)^(α_N/α_D) + D_c/D]^α_D: the loss of the 16-bit model. */
export function ouyangLoss(N: number, D: number, c = ouyangConstants): number {
  return ((c.Nc / N) ** (c.alphaN / c.alphaD) + c.Dc / D) ** c.alphaD;
}

/** k·D^β / (N^α·P^γ): what quantising the weights to P bits adds. */
export function quantisationGap(N: number, D: number, P: number, c = ouyangConstants): number {
  return (c.k * D ** c.beta) / (N ** c.alpha * P ** c.gamma);
}

/**
 * D_crit, where the 16-bit loss and the quantisation term together are least; found by bisection
 * over ln D (derived). What more tokens take off the loss falls with D, what they add grows.
 */
export function ouyangCriticalTokens(N: number, P: number, c = ouyangConstants): number {
  const size = (c.Nc / N) ** (c.alphaN / c.alphaD);
  let below = 0;
  let above = Math.log(1e40);
  for (let step = 0; step < 100; step++) {
    const middle = (below + above) / 2;
    const D = Math.exp(middle);
    const taken = c.alphaD * (size + c.Dc / D) ** (c.alphaD - 1) * (c.Dc / D);
    const added = c.beta * quantisationGap(N, D, P, c);
    if (taken > added) below = middle;
    else above = middle;
  }
  return Math.exp((below + above) / 2);
}
