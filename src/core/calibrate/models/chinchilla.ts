import { chinchillaConstants } from '../../laws/chinchilla/formulas.ts';
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

const { A, alpha, B, beta, E } = chinchillaConstants;

const constants: readonly Constant[] = [
  positive('E', E, 'runs'),
  positive('A', A, 'runs of several sizes'),
  positive('B', B, 'runs of several numbers of tokens'),
  positive('alpha', alpha, 'runs of at least three sizes'),
  positive('beta', beta, 'runs of at least three numbers of tokens'),
];

/** L = E + A/N^α + B/D^β on the BF16 runs, as Besiroglu et al. (arXiv 2404.10102) fit it. */
export const chinchillaModel: Model = { law: 'chinchilla', design };

function design(runs: readonly MeasuredRun[]): Design {
  const all = withTwinsAsRuns(runs);
  const used = all.filter(({ point }) => !quantises(point));
  const { lnN, lnD, parameters, centre } = columnsOf(used);
  const measured = column(used, ({ loss }) => Math.log(loss));
  const middle = Math.exp(mean(measured));

  function evaluate(values: Float64Array, predicted: Float64Array, slopes: Float64Array): void {
    const [E = 0, A = 0, B = 0, alpha = 0, beta = 0] = values;
    const [lnA, lnB] = [Math.log(A), Math.log(B)];
    for (let row = 0; row < used.length; row++) {
      const [N, D] = [lnN[row] ?? 0, lnD[row] ?? 0];
      const size = Math.exp(lnA - alpha * N);
      const data = Math.exp(lnB - beta * D);
      const loss = E + size + data;
      predicted[row] = Math.log(loss);
      const at = row * 5;
      slopes[at] = E / loss;
      slopes[at + 1] = size / loss;
      slopes[at + 2] = data / loss;
      slopes[at + 3] = (-alpha * N * size) / loss;
      slopes[at + 4] = (-beta * D * data) / loss;
    }
  }

  function start(at: Float64Array): Float64Array {
    const [u0 = 0, u1 = 0, u2 = 0, u3 = 0, u4 = 0] = at;
    const [alpha, beta] = [between(0.1, 1, u3), between(0.1, 1, u4)];
    return Float64Array.of(
      middle * between(0.2, 0.95, u0),
      middle * between(0.03, 0.5, u1) * Math.exp(alpha * centre.lnN),
      middle * between(0.01, 0.5, u2) * Math.exp(beta * centre.lnD),
      ...[alpha, beta],
    );
  }

  return {
    constants,
    held: null,
    measured,
    bf16Loss: null,
    parameters,
    huberDelta: lossHuberDelta,
    evaluate,
    start,
    notes: leftOut(all.length - used.length, 'the law is one of BF16 runs alone'),
  };
}
