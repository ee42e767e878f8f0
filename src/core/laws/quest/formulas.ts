/**
 * The efficiencies of "QuEST" (arXiv 2502.05003; the values of its repository's fit): a run of N
 * parameters in low precision loses as one of eff·N parameters in BF16 does. With a rotation by a
 * Hadamard matrix unless said otherwise; W = weights, A = activations, and their bits.
 */
export interface QuestEfficiencies {
  readonly effW1A1: number;
  readonly effW2A2: number;
  readonly effW3A3: number;
  readonly effW4A4: number;
  readonly effW8A8: number;
  /** Weights and activations in FP4 E2M1, channel-wise. */
  readonly effFp4: number;
  readonly effW1: number;
  readonly effW2: number;
  readonly effW3: number;
  readonly effW4: number;
  /** Without the rotation. */
  readonly effW4A4Plain: number;
  readonly effW8A8Plain: number;
}

/** The published values. */
export const questEfficiencies: QuestEfficiencies = {
  effW1A1: 0.0205,
  effW2A2: 0.1519,
  effW3A3: 0.4331,
  effW4A4: 0.6918,
  effW8A8: 1.016,
  effFp4: 0.6296,
  effW1: 0.138,
  effW2: 0.414,
  effW3: 0.653,
  effW4: 0.84,
  effW4A4Plain: 0.603,
  effW8A8Plain: 0.938,
};
