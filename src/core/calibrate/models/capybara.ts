import { capybaraConstants, log2Block } from '../../laws/capybara/formulas.ts';
import { quantises } from '../../laws/width.ts';
import {
  lossHuberDelta,
  positive,
  type Constant,
  type Design,
  type MeasuredRun,
  type Model,
} from '../model.ts';
import { between, column, columnsOf, leftOut, mean, withTwinsAsRuns } from '../rows.ts';

const { n, alpha, d, beta, epsilon, gamma, delta, nu } = capybaraConstants;

const constants: readonly Constant[] = [
  positive('epsilon', epsilon, 'runs'),
  positive('n', n, 'runs of several sizes'),
  positive('d', d, 'runs of several numbers of tokens'),
  positive('gamma', gamma, 'runs in low precision'),
  positive('beta', beta, 'runs of at least three numbers of tokens'),
  positive('alpha', alpha, 'runs of at least three sizes'),
  positive('delta', delta, 'low-precision runs that differ in exponent bits'),
  positive('nu', nu, 'low-precision runs that differ in mantissa bits at the same exponent bits'),
];

/**
 * The precision term is D^β/N^α over γ, so that a γ of other exponents is none of these. Without
 * this, runs in BF16 would carry α and β off, and leave a gap a hundred times too small or large.
 */
const bound = {
  names: ['alpha', 'beta'],
  by: 'gamma',
  reason:
    'alpha and beta are part of the precision term, so they stay as published with gamma: the ' +
    'Chinchilla law fits them to runs in BF16.',
};

/** ln(log2 B) of a run: −Infinity without a precision term; null where the law cannot speak. */
function lnScaling(run: MeasuredRun, given: Readonly<Record<string, number>>): number | null {
  const { point } = run;
  if (!quantises(point)) return -Infinity;
  const { exponentBits, mantissaBits, granularity, parameters, tokens } = point;
  if (exponentBits === null || mantissaBits === null || granularity === 'none') return null;
  return Math.log(log2Block(point, parameters, tokens, { ...capybaraConstants, ...given }));
}

/** The Capybara law, equation 18 of arXiv 2501.02423: eight constants, losses of any layout. */
export const capybaraModel: Model = { law: 'capybara', design };

function design(runs: readonly MeasuredRun[], given: Readonly<Record<string, number>>): Design {
  const all = withTwinsAsRuns(runs);
  const used = all.filter((run) => lnScaling(run, given) !== null);
  const { lnN, lnD, parameters, centre } = columnsOf(used);
  const lnLog2B = column(used, (run) => lnScaling(run, given) ?? -Infinity);
  const lnE = column(used, ({ point }) => Math.log((point.exponentBits ?? 0) + 0.5));
  const lnM = column(used, ({ point }) => Math.log((point.mantissaBits ?? 0) + 0.5));
  const measured = column(used, ({ loss }) => Math.log(loss));
  const middle = Math.exp(mean(measured));

  function evaluate(values: Float64Array, predicted: Float64Array, slopes: Float64Array): void {
    const [epsilon = 0, n = 0, d = 0, gamma = 0, beta = 0, alpha = 0, delta = 0, nu = 0] = values;
    const [lnn, lnd, lnGamma] = [Math.log(n), Math.log(d), Math.log(gamma)];
    for (let row = 0; row < used.length; row++) {
      const [N, D] = [lnN[row] ?? 0, lnD[row] ?? 0];
      const [E, M] = [lnE[row] ?? 0, lnM[row] ?? 0];
      const size = Math.exp(lnn - alpha * N);
      const data = Math.exp(lnd - beta * D);
      const lnGap = beta * D - alpha * N + (lnLog2B[row] ?? 0) - lnGamma - delta * E - nu * M;
      const gap = Math.exp(lnGap);
      const loss = epsilon + size + data + gap;
      predicted[row] = Math.log(loss);
      const at = row * 8;
      slopes[at] = epsilon / loss;
      slopes[at + 1] = size / loss;
      slopes[at + 2] = data / loss;
      slopes[at + 3] = -gap / loss;
      slopes[at + 4] = (beta * D * (gap - data)) / loss;
      slopes[at + 5] = (-alpha * N * (size + gap)) / loss;
      slopes[at + 6] = (-delta * E * gap) / loss;
      slopes[at + 7] = (-nu * M * gap) / loss;
    }
  }

  /** Shares of the middle loss that the terms may have, and exponents, laid out evenly. */
  function start(at: Float64Array): Float64Array {
    const [u0 = 0, u1 = 0, u2 = 0, u3 = 0, u4 = 0, u5 = 0, u6 = 0, u7 = 0] = at;
    const [beta, alpha] = [between(0.1, 1, u4), between(0.1, 1, u5)];
    const [delta, nu] = [between(0.5, 6, u6), between(0.5, 6, u7)];
    const gap = middle * between(1e-4, 0.3, u3);
    const growth = Math.exp(beta * centre.lnD - alpha * centre.lnN);
    return Float64Array.of(
      middle * between(0.2, 0.95, u0),
      middle * between(0.03, 0.5, u1) * Math.exp(alpha * centre.lnN),
      middle * between(0.01, 0.5, u2) * Math.exp(beta * centre.lnD),
      // Ten shared values and a middling layout: 3.5 exponent bits' and 2.5 mantissa bits' worth.
      (growth * 10) / (gap * 3.5 ** delta * 2.5 ** nu),
      ...[beta, alpha, delta, nu],
    );
  }

  return {
    constants,
    held: null,
    bound,
    measured,
    bf16Loss: null,
    parameters,
    huberDelta: lossHuberDelta,
    evaluate,
    start,
    notes: leftOut(
      all.length - used.length,
      'the law needs exponent and mantissa bits and a scaling',
    ),
  };
}
