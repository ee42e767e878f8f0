import {
  backwardOperands,
  everyOperand,
  forwardOperands,
  type MeasuredSet,
} from './measurement.ts';

const quartet = {
  dataset: 'Quartet',
  kind: 'measured',
  status: 'runs',
  source: 'Quartet (arXiv 2505.14669), runs in IST-DASLab/Quartet, notebooks/plots.ipynb',
  caveat:
    'Against the BF16 twin of the same repository. At 200 M that twin is 0.007 worse than the ' +
    'sibling repository’s, so those gaps may be low.',
} as const;

const quest = {
  dataset: 'QuEST',
  kind: 'measured',
  status: 'runs',
  source: 'QuEST (arXiv 2502.05003), runs in IST-DASLab/QuEST',
  caveat: 'A BF16 twin off the published grid is taken from the sibling repository Quartet.',
} as const;

const quartetTwo = {
  dataset: 'Quartet-II',
  kind: 'measured',
  status: 'runs',
  source: 'Quartet-II (arXiv 2601.22813), runs in IST-DASLab/Quartet-II',
  caveat: '',
} as const;

/**
 * A selection from three public sets of small Llama-type runs on C4 that share code and most of
 * their set-up: they are not independent of each other. Of each recipe about three D/N per size:
 * the shortest run, the one nearest to 100 tokens a parameter, and the longest. The choice of
 * recipes and rows is this project's own; the full sets hold several times as many.
 */
export const smallRuns: readonly MeasuredSet[] = [
  {
    ...quartet,
    recipe: 'MXFP4 in the forward product, QuEST quantiser with rotation',
    format: 'mxfp4',
    operands: forwardOperands,
    // prettier-ignore
    rows: [[3.048e7, 7.5e8, 0.06638], [3.048e7, 3e9, 0.07941], [3.048e7, 2.4e10, 0.102], [4.956e7, 1.25e9, 0.0682], [4.956e7, 5e9, 0.07782], [4.956e7, 4e10, 0.09204], [1.028e8, 2.5e9, 0.06616], [1.028e8, 1e10, 0.07552], [1.028e8, 8e10, 0.0857], [2.032e8, 5e9, 0.06435], [2.032e8, 2e10, 0.06754]],
  },
  {
    ...quartet,
    recipe: 'MXFP4 in all products, QuEST forward, stochastic rounding backward',
    format: 'mxfp4',
    operands: everyOperand,
    // prettier-ignore
    rows: [[3.048e7, 7.5e8, 0.08462], [3.048e7, 3e9, 0.09094], [3.048e7, 2.4e10, 0.1058], [4.956e7, 1.25e9, 0.08074], [4.956e7, 5e9, 0.09062], [4.956e7, 4e10, 0.09957], [1.028e8, 2.5e9, 0.08029], [1.028e8, 1e10, 0.0867], [1.028e8, 8e10, 0.09058], [2.032e8, 5e9, 0.07883], [2.032e8, 2e10, 0.07835]],
  },
  {
    ...quartet,
    recipe: 'MXFP4 in the backward products alone, stochastic rounding',
    format: 'mxfp4',
    operands: backwardOperands,
    // prettier-ignore
    rows: [[3.048e7, 7.5e8, 0.01449], [3.048e7, 4.8e10, 0.00892], [4.956e7, 1.25e9, 0.01516], [4.956e7, 4e10, 0.00897], [1.028e8, 2.5e9, 0.01557], [1.028e8, 8e10, 0.00857], [2.032e8, 5e9, 0.01038], [2.032e8, 2e10, 0.00722]],
  },
  {
    ...quest,
    recipe: 'INT4 weights and activations with rotation',
    format: 'int4',
    granularity: 'channel',
    operands: forwardOperands,
    // prettier-ignore
    rows: [[3.048e7, 7.5e8, 0.04606], [3.048e7, 3e9, 0.06498], [4.956e7, 1.25e9, 0.05167], [4.956e7, 5e9, 0.06736], [1.028e8, 2.5e9, 0.04532], [1.028e8, 1e10, 0.06172], [2.032e8, 2e10, 0.05297], [4.431e8, 4.3e10, 0.04301], [8.222e8, 8e10, 0.034]],
  },
  {
    ...quest,
    recipe: 'INT4 weights and activations without rotation',
    format: 'int4',
    granularity: 'channel',
    operands: forwardOperands,
    // prettier-ignore
    rows: [[3.048e7, 3e9, 0.09648], [4.956e7, 5e9, 0.09833], [1.028e8, 1e10, 0.09213], [2.032e8, 2e10, 0.08052], [4.431e8, 4.3e10, 0.06677], [8.222e8, 8e10, 0.05616]],
  },
  {
    ...quest,
    recipe: 'INT4 weights with rotation, 16-bit activations',
    format: 'int4',
    granularity: 'channel',
    operands: ['weights'],
    rows: [
      [3.048e7, 3e9, 0.04007],
      [4.956e7, 5e9, 0.03715],
      [1.028e8, 1e10, 0.02953],
      [2.032e8, 2e10, 0.02691],
    ],
  },
  {
    ...quest,
    recipe: 'INT8 weights and activations without rotation',
    format: 'int8',
    granularity: 'channel',
    operands: forwardOperands,
    rows: [
      [3.048e7, 3e9, 0.01393],
      [4.956e7, 5e9, 0.01332],
      [1.028e8, 1e10, 0.01807],
      [2.032e8, 2e10, 0.01451],
    ],
  },
  {
    ...quest,
    recipe: 'INT8 weights and activations with rotation',
    format: 'int8',
    granularity: 'channel',
    operands: forwardOperands,
    caveat: 'Gaps this small are near the noise from run to run, about 0.0025.',
    rows: [
      [3.048e7, 3e9, 0.00177],
      [4.956e7, 5e9, 0.00076],
      [1.028e8, 1e10, 0.00199],
    ],
  },
  {
    ...quest,
    recipe: 'FP4 E2M1 weights and activations with rotation',
    format: 'fp4-e2m1',
    granularity: 'channel',
    operands: forwardOperands,
    rows: [
      [3.048e7, 3e9, 0.0887],
      [4.956e7, 5e9, 0.08833],
      [1.028e8, 1e10, 0.07996],
      [2.032e8, 2e10, 0.06966],
    ],
  },
  {
    ...quartetTwo,
    recipe: 'NVFP4 in all products, the Quartet-II recipe',
    format: 'nvfp4',
    operands: everyOperand,
    // prettier-ignore
    rows: [[3.048e7, 7.5e8, 0.04446], [3.048e7, 3e9, 0.06621], [3.048e7, 2.4e10, 0.08485], [4.956e7, 1.25e9, 0.04946], [4.956e7, 5e9, 0.06229], [4.956e7, 4e10, 0.07306], [1.028e8, 2.5e9, 0.04804], [1.028e8, 1e10, 0.06145], [1.028e8, 8e10, 0.06191], [2.032e8, 5e9, 0.04706], [2.032e8, 2e10, 0.05124]],
  },
  {
    ...quartetTwo,
    recipe: 'NVFP4 in all products, NVIDIA’s recipe',
    format: 'nvfp4',
    operands: everyOperand,
    // prettier-ignore
    rows: [[3.048e7, 7.5e8, 0.05478], [3.048e7, 3e9, 0.07871], [3.048e7, 2.4e10, 0.1046], [4.956e7, 1.25e9, 0.0577], [4.956e7, 5e9, 0.07908], [4.956e7, 4e10, 0.09471], [1.028e8, 2.5e9, 0.05688], [1.028e8, 1e10, 0.07281], [1.028e8, 8e10, 0.07997], [2.032e8, 5e9, 0.05415], [2.032e8, 2e10, 0.06151]],
  },
  {
    ...quartetTwo,
    recipe: 'NVFP4 in all products, TetraJet-v2',
    format: 'nvfp4',
    operands: everyOperand,
    // prettier-ignore
    rows: [[3.048e7, 7.5e8, 0.05411], [3.048e7, 2.4e10, 0.08749], [4.956e7, 1.25e9, 0.05651], [4.956e7, 4e10, 0.07619], [1.028e8, 2.5e9, 0.0554], [1.028e8, 8e10, 0.06305], [2.032e8, 5e9, 0.05239], [2.032e8, 2e10, 0.05473]],
  },
  {
    ...quartetTwo,
    recipe: 'NVFP4 in the forward product, 4/6 scaling',
    format: 'nvfp4',
    operands: forwardOperands,
    // prettier-ignore
    rows: [[3.048e7, 7.5e8, 0.03816], [3.048e7, 3e9, 0.05578], [3.048e7, 2.4e10, 0.07209], [4.956e7, 1.25e9, 0.03962], [4.956e7, 5e9, 0.05206], [4.956e7, 4e10, 0.06274], [1.028e8, 2.5e9, 0.03574], [1.028e8, 1e10, 0.0483], [1.028e8, 8e10, 0.04953], [2.032e8, 5e9, 0.0357], [2.032e8, 2e10, 0.03896]],
  },
  {
    ...quartetTwo,
    recipe: 'NVFP4 in the backward products alone, stochastic rounding',
    format: 'nvfp4',
    operands: backwardOperands,
    // prettier-ignore
    rows: [[3.048e7, 7.5e8, 0.01495], [3.048e7, 3e9, 0.01096], [3.048e7, 2.4e10, 0.01055], [4.956e7, 1.25e9, 0.01167], [4.956e7, 5e9, 0.01126], [4.956e7, 4e10, 0.00824], [1.028e8, 2.5e9, 0.01331], [1.028e8, 1e10, 0.01178], [1.028e8, 8e10, 0.00861]],
  },
  {
    ...quartetTwo,
    recipe: 'MXFP4 in the backward products alone, stochastic rounding',
    format: 'mxfp4',
    operands: backwardOperands,
    // prettier-ignore
    rows: [[3.048e7, 7.5e8, 0.01543], [3.048e7, 3e9, 0.01352], [3.048e7, 2.4e10, 0.00985], [4.956e7, 1.25e9, 0.01445], [4.956e7, 5e9, 0.01387], [4.956e7, 2e10, 0.01324]],
  },
];
