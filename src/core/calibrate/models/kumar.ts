import { kumarConstants, type KumarConstants } from '../../laws/kumar/formulas.ts';
import { quantises } from '../../laws/width.ts';
import {
  lossHuberDelta,
  type Constant,
  type Design,
  type MeasuredRun,
  type Model,
} from '../model.ts';
import { between, column, columnsOf, mean, withTwinsAsRuns } from '../rows.ts';

const operands = ['weights', 'activations', 'kv'] as const;

const constants: readonly Constant[] = [
  constant('E', 'runs'),
  constant('A', 'runs of several sizes'),
  constant('B', 'runs of several numbers of tokens'),
  constant('alpha', 'runs of at least three sizes'),
  constant('beta', 'runs of at least three numbers of tokens'),
  constant('gammaWeights', 'runs with weights in few bits'),
  constant('gammaActivations', 'runs with activations in few bits, and others without'),
  constant('gammaKv', 'runs with the key-value cache in few bits, and others without'),
  constant('offsetWeights', 'runs with weights in several low widths', true),
  constant('offsetActivations', 'runs with activations in several low widths', true),
  constant('offsetKv', 'runs with the key-value cache in several low widths', true),
];

function constant(name: keyof KumarConstants, needs: string, signed = false): Constant {
  return { name, published: kumarConstants[name] ?? 0, signed, needs };
}

/**
 * Kumar et al.'s law of training (arXiv 2411.04330, equation 4 with the offsets of appendix K):
 * losses of runs with weights, activations and key-value cache in any widths. α and β, which the
 * paper ties, are fitted apart, as the law's constants are.
 */
export const kumarModel: Model = { law: 'kumar', design };

function design(runs: readonly MeasuredRun[]): Design {
  const used = withTwinsAsRuns(runs);
  const { lnN, lnD, parameters, centre } = columnsOf(used);
  const measured = column(used, ({ loss }) => Math.log(loss));
  const middle = Math.exp(mean(measured));
  // P of each operand, row after row; 0 = not quantised, its factor is 1.
  const bits = Float64Array.from(
    used.flatMap(({ point }) =>
      operands.map((each) => (point.operands.includes(each) && quantises(point) ? point.bits : 0)),
    ),
  );
  const exponentials = new Float64Array(3);

  function evaluate(values: Float64Array, predicted: Float64Array, slopes: Float64Array): void {
    const [E = 0, A = 0, B = 0, alpha = 0, beta = 0] = values;
    const [lnA, lnB] = [Math.log(A), Math.log(B)];
    for (let row = 0; row < used.length; row++) {
      let lnShare = 0;
      for (let each = 0; each < 3; each++) {
        const P = bits[row * 3 + each] ?? 0;
        const e = P === 0 ? 0 : Math.exp(-P / (values[5 + each] ?? 1) + (values[8 + each] ?? 0));
        exponentials[each] = e;
        lnShare += Math.log(1 - e);
      }
      const N = (lnN[row] ?? 0) + lnShare;
      const D = lnD[row] ?? 0;
      const size = Math.exp(lnA - alpha * N);
      const data = Math.exp(lnB - beta * D);
      const loss = E + size + data;
      predicted[row] = Math.log(loss);
      const at = row * 11;
      slopes[at] = E / loss;
      slopes[at + 1] = size / loss;
      slopes[at + 2] = data / loss;
      slopes[at + 3] = (-alpha * N * size) / loss;
      slopes[at + 4] = (-beta * D * data) / loss;
      for (let each = 0; each < 3; each++) {
        const e = exponentials[each] ?? 0;
        const slope = ((alpha * size) / loss) * (e / (1 - e));
        slopes[at + 5 + each] = (slope * (bits[row * 3 + each] ?? 0)) / (values[5 + each] ?? 1);
        slopes[at + 8 + each] = slope;
      }
    }
  }

  function start(at: Float64Array): Float64Array {
    const [u0 = 0, u1 = 0, u2 = 0, u3 = 0, u4 = 0, ...rest] = at;
    const [alpha, beta] = [between(0.1, 1, u3), between(0.1, 1, u4)];
    return Float64Array.of(
      middle * between(0.2, 0.95, u0),
      middle * between(0.03, 0.5, u1) * Math.exp(alpha * centre.lnN),
      middle * between(0.01, 0.5, u2) * Math.exp(beta * centre.lnD),
      ...[alpha, beta],
      ...rest.slice(0, 3).map((u) => between(0.4, 4, u)),
      // Below 0 every width is defined.
      ...rest.slice(3).map((u) => 2 * u - 1.5),
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
    notes: [],
  };
}
