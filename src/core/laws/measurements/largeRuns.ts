import { everyOperand, forwardOperands, type MeasuredSet } from './measurement.ts';

const nanochat = {
  dataset: 'nanochat',
  kind: 'measured',
  status: 'figure',
  source: 'Quartet-II (arXiv 2601.22813), IST-DASLab/Quartet-II, figures/nanochat_curves.pdf',
  caveat:
    'Read off the end of the curves: percent of bits per byte, made nats with 4.8 bytes a token ' +
    'and, at 393 M, 0.79 bits per byte, both assumed (5 to 8 %).',
  format: 'nvfp4',
  operands: everyOperand,
} as const;

const nvidia = {
  dataset: 'NVIDIA',
  kind: 'measured',
  status: 'percent',
  source: 'arXiv 2509.25149',
  operands: everyOperand,
} as const;

const wang = {
  dataset: 'Wang et al.',
  kind: 'measured',
  status: 'second-hand',
  source: 'arXiv 2501.17116, figures as a secondary page quotes them',
  caveat:
    'Training losses to two decimals, not checked against the paper. Every law is far below the ' +
    '7 B and 13 B rows.',
} as const;

const alto = {
  dataset: 'AMD ALTO',
  kind: 'measured',
  status: 'printed',
  source: 'AMD-AGI/ALTO, draft of its technical report',
  caveat:
    'GPT-OSS-20B; its 3.6 B active parameters are taken for N. Early in the schedule, before any ' +
    'decay of the learning rate.',
  operands: everyOperand,
} as const;

const deepSeek = {
  dataset: 'DeepSeek-V3',
  kind: 'bound',
  status: 'percent',
  source: 'arXiv 2412.19437',
  format: 'fp8-e4m3',
  block: 128,
  operands: everyOperand,
} as const;

/**
 * Gaps of larger runs from the literature, few of which print a loss: what was assumed to get
 * nats out of percentages is in each caveat. Left out are published comparisons without N or D
 * (they cannot be placed) and those whose arms differ in more than the format.
 */
export const largeRuns: readonly MeasuredSet[] = [
  {
    ...nanochat,
    recipe: 'NVFP4 in all products, NVIDIA’s recipe',
    rows: [
      [3.932e8, 1.122e10, 0.04108],
      [1.611e9, 3.76e10, 0.04366],
    ],
  },
  {
    ...nanochat,
    recipe: 'NVFP4 in all products, NVIDIA’s recipe with 4/6 scaling',
    rows: [
      [3.932e8, 1.122e10, 0.04004],
      [1.611e9, 3.76e10, 0.04044],
    ],
  },
  {
    ...nanochat,
    recipe: 'NVFP4 in all products, TetraJet-v2',
    rows: [
      [3.932e8, 1.122e10, 0.04076],
      [1.611e9, 3.76e10, 0.03924],
    ],
  },
  {
    ...nanochat,
    recipe: 'NVFP4 in all products, the Quartet-II recipe',
    rows: [
      [3.932e8, 1.122e10, 0.03201],
      [1.611e9, 3.76e10, 0.03292],
    ],
  },
  {
    ...nvidia,
    recipe: 'NVFP4 in all products of 85 % of the linear layers',
    format: 'nvfp4',
    caveat: 'Stated as 1.5 %; a loss of 1.75 is assumed, so 0.021 to 0.032.',
    rows: [[8e9, 1e12, 0.02625]],
  },
  {
    ...nvidia,
    recipe: 'MXFP4 in all products of 85 % of the linear layers',
    format: 'mxfp4',
    caveat: 'Stated as 2.5 %; a loss of 1.75 is assumed, so 0.035 to 0.053.',
    rows: [[8e9, 1e12, 0.04375]],
  },
  {
    ...nvidia,
    recipe: 'NVFP4 in all products of 84 % of the linear layers',
    format: 'nvfp4',
    caveat:
      'Stated as slightly above 1.5 % against an FP8 run, and below 1 % before the learning rate ' +
      'decays; a loss of 1.5 is assumed, so 0.017 to 0.030.',
    rows: [[1.2e10, 1e13, 0.02325]],
  },
  {
    ...alto,
    recipe: 'MXFP4 in all products, batch 16',
    format: 'mxfp4',
    rows: [[3.6e9, 2.114e9, 0.0135]],
  },
  {
    ...alto,
    recipe: 'NVFP4 in all products, batch 16',
    format: 'nvfp4',
    rows: [[3.6e9, 2.114e9, 0.0153]],
  },
  {
    ...alto,
    recipe: 'MXFP4 in all products, batch 64',
    format: 'mxfp4',
    rows: [[3.6e9, 4.027e9, 0.0722]],
  },
  {
    ...alto,
    recipe: 'NVFP4 in all products, batch 64',
    format: 'nvfp4',
    rows: [[3.6e9, 4.027e9, 0.0337]],
  },
  {
    dataset: 'marin',
    kind: 'measured',
    status: 'printed',
    source: 'marin-community/marin, issue 7271',
    recipe: 'MXFP8 in all products of a mixture of experts',
    format: 'mxfp8-e4m3',
    operands: everyOperand,
    caveat:
      'Active parameters are inferred, tokens a step too but in the last row; training loss, with ' +
      'held-out differences of either sign in mid-run and of +0.0013 to +0.0043 at the end.',
    rows: [
      [2e9, 1.049e10, 0.00233],
      [2e9, 1.678e10, 0.00278],
      [2e9, 6.601e10, 0.0031],
    ],
  },
  {
    ...deepSeek,
    recipe: 'FP8 in all products, 16 B in all, 2.4 B active',
    caveat: 'Stated as below 0.25 %; a loss of 1.9 is assumed.',
    rows: [[2.4e9, 1e12, 0.00475]],
  },
  {
    ...deepSeek,
    recipe: 'FP8 in all products, 230 B in all, 21 B active',
    caveat: 'Stated as below 0.25 %; a loss of 1.7 is assumed.',
    rows: [[2.1e10, 9e11, 0.00425]],
  },
  {
    dataset: 'NVIDIA',
    kind: 'bound',
    status: 'words',
    source: 'arXiv 2506.08027',
    recipe: 'MXFP8 in all products',
    format: 'mxfp8-e4m3',
    operands: everyOperand,
    caveat:
      'Said to match BF16, without a number: taken as at most 0.5 % of an assumed loss of 1.6.',
    rows: [[8e9, 1.5e13, 0.008]],
  },
  {
    ...wang,
    recipe: 'FP4 E2M1 weights and activations, clamped outliers',
    format: 'fp4-e2m1',
    granularity: 'channel',
    operands: forwardOperands,
    rows: [
      [1.3e9, 1e11, 0.06],
      [7e9, 1e11, 0.1],
      [1.3e10, 1e11, 0.09],
    ],
  },
];
