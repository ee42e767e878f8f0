import {
  pooledConstants,
  type OperandErrors,
  type PooledConstants,
} from '../laws/pooled/formulas.ts';
import type { QuartetConstants } from '../laws/quartet/formulas.ts';
import { valuesOf } from './descent.ts';
import { gapHuberDelta, positive, type Constant, type Design } from './model.ts';
import { between, column } from './rows.ts';
import { outcome, prepare, search } from './search.ts';

/** One measured gap with the quantisation error q of every operand; 0 = not quantised. */
export interface PooledRow {
  readonly N: number;
  readonly D: number;
  /** Share of the linear layers that is quantised. */
  readonly phi: number;
  readonly q: OperandErrors;
  /** Nats per token above the BF16 twin. */
  readonly gap: number;
}

/**
 * Gaps at or below this are lost in the noise between a run and its twin (nats), and their
 * logarithms would weigh as much as any: they are left out, as in the fit of the law.
 */
export const leastGap = 0.002;

const constants: readonly Constant[] = [
  constant('c', 'runs with a quantised forward pass'),
  constant('c1', 'runs in which the product that gives the activations’ gradient is quantised'),
  constant('c2', 'runs in which the product that gives the weights’ gradient is quantised, or not'),
  constant('p', 'forward passes in formats of several widths'),
  constant('s', 'forward passes in formats of at least three widths'),
];

function constant(name: 'c' | 'c1' | 'c2' | 'p' | 's', needs: string): Constant {
  return positive(name, pooledConstants[name], needs);
}

/**
 * The pooled law laid out for a fit of ln gap: gap = L(N·e^(−φ(h+k)), D·e^(−φk)) − L(N, D) with
 * h = Σ ln(1 + s·c·q^p)/s over the forward operands, k = c1·(q_e1 + q_wb) + c2·(q_e2 + q_xb), and
 * L the BF16 law of `base`, which stays as it is. Rows whose gap is noise must be left out by now.
 */
export function pooledDesign(
  rows: readonly PooledRow[],
  bf16Loss: Float64Array,
  base: QuartetConstants,
  notes: readonly string[],
): Design {
  const { A, alpha, B, beta, gamma } = base;
  const sizeTerm = column(rows, ({ N }) => A / N ** alpha);
  const dataTerm = column(rows, ({ D }) => B / D ** beta);
  const phi = column(rows, (row) => row.phi);
  const lnForward = Float64Array.from(rows.flatMap(({ q }) => [Math.log(q.qw), Math.log(q.qx)]));
  const firstProduct = column(rows, ({ q }) => q.qe1 + q.qwb);
  const secondProduct = column(rows, ({ q }) => q.qe2 + q.qxb);

  function evaluate(values: Float64Array, predicted: Float64Array, slopes: Float64Array): void {
    const [c = 0, c1 = 0, c2 = 0, p = 0, s = 0] = values;
    for (let row = 0; row < rows.length; row++) {
      let h = 0;
      let [byC, byP, byS] = [0, 0, 0];
      for (let operand = 0; operand < 2; operand++) {
        const lnQ = lnForward[row * 2 + operand] ?? -Infinity;
        if (lnQ === -Infinity) continue;
        const raw = c * Math.exp(p * lnQ);
        const u = Math.log1p(s * raw) / s;
        const slope = raw / (1 + s * raw);
        h += u;
        byC += slope;
        byP += slope * p * lnQ;
        byS += slope - u;
      }
      const first = c1 * (firstProduct[row] ?? 0);
      const second = c2 * (secondProduct[row] ?? 0);
      const share = phi[row] ?? 1;
      const [a0, b0] = [sizeTerm[row] ?? 0, dataTerm[row] ?? 0];
      const a = a0 * Math.exp(alpha * share * (h + first + second));
      const b = b0 * Math.exp(beta * share * (first + second));
      const gap = (a + b) ** gamma - (a0 + b0) ** gamma;
      predicted[row] = Math.log(gap);
      const steepness = (share * gamma * (a + b) ** (gamma - 1)) / gap;
      const byForward = steepness * alpha * a;
      const byBackward = steepness * (alpha * a + beta * b);
      const at = row * 5;
      slopes[at] = byForward * byC;
      slopes[at + 1] = byBackward * first;
      slopes[at + 2] = byBackward * second;
      slopes[at + 3] = byForward * byP;
      slopes[at + 4] = byForward * byS;
    }
  }

  return {
    constants,
    held: null,
    measured: column(rows, ({ gap }) => Math.log(gap)),
    bf16Loss,
    parameters: column(rows, ({ N }) => N),
    huberDelta: gapHuberDelta,
    evaluate,
    start: ([c = 0, c1 = 0, c2 = 0, p = 0, s = 0]) =>
      Float64Array.of(
        between(0.5, 50, c),
        ...[c1, c2].map((each) => between(0.05, 5, each)),
        ...[between(0.3, 1.5, p), between(0.05, 5, s)],
      ),
    notes,
  };
}

/** Few starts do: the published constants and a spread of others come to the same place. */
const starts = 20;

/**
 * Fits the pooled law's constants to measured gaps of known quantisation error. Those that the gaps
 * cannot move stay as published; so do all with too few rows. Gaps within the noise are left out.
 */
export function fitPooled(rows: readonly PooledRow[]): PooledConstants {
  const used = rows.filter(({ gap }) => gap > leastGap);
  const design = pooledDesign(
    used,
    column(used, () => 0),
    pooledConstants,
    [],
  );
  const prepared = prepare(design, {}, 'pooled');
  if ('error' in prepared) return pooledConstants;
  const { theta } = outcome(search(design, prepared, starts));
  const [c = 0, c1 = 0, c2 = 0, p = 0, s = 0] = valuesOf(design, theta);
  return { ...pooledConstants, c, p, s, c1, c2 };
}
