import { capybaraConstants, log2Block } from '../../laws/capybara/formulas.ts';
import { quantises } from '../../laws/width.ts';
import {
  gapHuberDelta,
  lossHuberDelta,
  positive,
  type Constant,
  type Design,
  type MeasuredRun,
  type Model,
} from '../model.ts';
import { between, column, columnsOf, leftOut, mean, runCount, withTwinsAsRuns } from '../rows.ts';

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

/** Below this many runs the losses cannot carry eight constants, and the gaps alone are fitted. */
const fewestLosses = 15;

/** A gap this small is noise between a run and its twin, nats. */
const leastGap = 0.002;

/**
 * Whether the gaps are fitted and not the losses: where every run in low precision has a twin of
 * its own, or there are few runs. A twin takes the noise and the floor of the data out of a gap.
 */
function fitsGaps(runs: readonly MeasuredRun[]): boolean {
  const quantised = runs.filter(({ point }) => quantises(point));
  if (quantised.length === 0 || quantised.some(({ bf16Loss }) => bf16Loss === null)) return false;
  return runs.length < fewestLosses || quantised.length === runs.length;
}

/**
 * The precision term alone, on the log of gaps: ln gap = β ln D − α ln N + ln log2 B − ln γ −
 * δ ln(E + 0.5) − ν ln(M + 0.5), linear in all but γ. The BF16 part stays as published, α and β
 * with it.
 */
function gapDesign(runs: readonly MeasuredRun[], given: Readonly<Record<string, number>>): Design {
  const used = runs.filter(
    (run) =>
      quantises(run.point) &&
      lnScaling(run, given) !== null &&
      run.loss - (run.bf16Loss ?? Infinity) > leastGap,
  );
  const { lnN, lnD, parameters } = columnsOf(used);
  const lnLog2B = column(used, (run) => lnScaling(run, given) ?? 0);
  const lnE = column(used, ({ point }) => Math.log((point.exponentBits ?? 0) + 0.5));
  const lnM = column(used, ({ point }) => Math.log((point.mantissaBits ?? 0) + 0.5));
  const ofTerm = ['gamma', 'delta', 'nu'].flatMap((name) =>
    constants.filter((each) => each.name === name),
  );
  return {
    constants: ofTerm,
    held: null,
    measured: column(used, ({ loss, bf16Loss }) => Math.log(loss - (bf16Loss ?? 0))),
    bf16Loss: column(used, ({ bf16Loss }) => bf16Loss ?? 0),
    parameters,
    huberDelta: gapHuberDelta,
    evaluate(values, predicted, slopes) {
      const [g = 1, de = 0, nu_ = 0] = values;
      const [a, b] = [given.alpha ?? alpha, given.beta ?? beta];
      for (let row = 0; row < used.length; row++) {
        const [E, M] = [lnE[row] ?? 0, lnM[row] ?? 0];
        predicted[row] =
          b * (lnD[row] ?? 0) -
          a * (lnN[row] ?? 0) +
          (lnLog2B[row] ?? 0) -
          Math.log(g) -
          de * E -
          nu_ * M;
        slopes[row * 3] = -1;
        slopes[row * 3 + 1] = -de * E;
        slopes[row * 3 + 2] = -nu_ * M;
      }
    },
    start: ([u0 = 0, u1 = 0, u2 = 0]) =>
      Float64Array.of(between(100, 1e6, u0), between(0.5, 6, u1), between(0.5, 6, u2)),
    notes: [
      `${runCount(used.length)} with a BF16 twin: the gap to it is fitted, not the loss itself.`,
      ...leftOut(
        runs.filter(({ point }) => quantises(point)).length - used.length,
        `the law needs exponent and mantissa bits, a scaling and a gap above ${leastGap} nats`,
      ),
    ],
  };
}

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
  if (fitsGaps(runs)) return gapDesign(runs, given);
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
