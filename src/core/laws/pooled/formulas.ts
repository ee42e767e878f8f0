import { quartetConstants, type Effective, type QuartetConstants } from '../quartet/formulas.ts';

/**
 * The pooled law: Floatcast's own fit to public runs with their BF16 twins, in no paper. The error q
 * of each quantised operand takes away from the parameters and the tokens that a run makes use of,
 *
 *     gap(N, D) = L(N·e^(−φ(h+k)), D·e^(−φk)) − L(N, D)
 *     h = u(q_w) + u(q_x)                     weights and activations of the forward pass
 *     u(q) = ln(1 + s·c·q^p) / s
 *     k = c1·(q_e1 + q_wb) + c2·(q_e2 + q_xb) gradient and weights, gradient and activations
 *
 * with L the BF16 law of Quartet, N parameters of linear layers, D tokens, φ the share of the linear
 * layers that is quantised. Losses in nats per token.
 */
export interface PooledConstants extends QuartetConstants {
  readonly c: number;
  readonly p: number;
  readonly s: number;
  readonly c1: number;
  readonly c2: number;
}

/** Our own fit to the runs of Quartet, QuEST and Quartet-II, on Quartet's published BF16 law. */
export const pooledConstants: PooledConstants = {
  ...quartetConstants,
  c: 5.9247,
  p: 0.7439,
  s: 0.7101,
  c1: 0.6977,
  c2: 0.2998,
};

/** The errors q of a step's operands; 0 = not quantised. */
export interface OperandErrors {
  /** Weights and activations of the forward pass. */
  readonly qw: number;
  readonly qx: number;
  /** Gradient and weights of the product that gives the gradient of the activations. */
  readonly qe1: number;
  readonly qwb: number;
  /** Gradient and activations of the product that gives the gradient of the weights. */
  readonly qe2: number;
  readonly qxb: number;
}

/** u(q): what a forward operand's error costs in parameters, as a logarithm; c·q^p at s = 0. */
function forwardCost(q: number, c: PooledConstants = pooledConstants): number {
  const small = c.c * q ** c.p;
  return c.s === 0 ? small : Math.log1p(c.s * small) / c.s;
}

/** h: what the forward pass costs in parameters. */
export function forwardCosts(
  { qw, qx }: OperandErrors,
  c: PooledConstants = pooledConstants,
): number {
  return forwardCost(qw, c) + forwardCost(qx, c);
}

/** k: what the backward pass costs in parameters and in tokens. */
export function backwardCosts(q: OperandErrors, c: PooledConstants = pooledConstants): number {
  return c.c1 * (q.qe1 + q.qwb) + c.c2 * (q.qe2 + q.qxb);
}

/** The shares of N and D that are left: e^(−φ(h+k)) and e^(−φk). */
export function pooledEffective(
  q: OperandErrors,
  phi = 1,
  c: PooledConstants = pooledConstants,
): Effective {
  const k = backwardCosts(q, c);
  return { effN: Math.exp(-phi * (forwardCosts(q, c) + k)), effD: Math.exp(-phi * k) };
}

/** A^γ·N^(−αγ)·(e^(αγφ(h+k)) − 1): the gap that ever more tokens lead up to. */
export function gapAtInfinity(
  N: number,
  q: OperandErrors,
  phi = 1,
  c: PooledConstants = pooledConstants,
): number {
  const exponent = c.alpha * c.gamma;
  const cost = phi * (forwardCosts(q, c) + backwardCosts(q, c));
  return (c.A ** c.gamma / N ** exponent) * Math.expm1(exponent * cost);
}
