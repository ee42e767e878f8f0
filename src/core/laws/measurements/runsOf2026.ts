import { everyOperand, type MeasuredSet } from './measurement.ts';

const llama = {
  dataset: 'Graphcore',
  kind: 'measured',
  status: 'runs',
  source:
    'MrHuff/mfu-fp4-training, docs/technical_report/data, validation ledger of 2026-09-03 (1f7b1b1)',
  caveat:
    'Held-out loss of one run each, in the stable phase: the learning rate has not decayed yet.',
  operands: everyOperand,
} as const;

const nemotron = {
  dataset: 'Graphcore',
  kind: 'measured',
  status: 'runs',
  source:
    'MrHuff/ue5m3-fp4, reproduce/reference_results/validation_metrics.csv (9bae397), Hu, Luschi and ' +
    'Balança 2026',
  caveat: 'Held-out loss of one run each. The first row is before, the second after the decay.',
  format: 'nvfp4',
  operands: everyOperand,
} as const;

const harness = {
  dataset: 'NVFP4 training harness',
  kind: 'measured',
  status: 'runs',
  source: 'rdspring1/nvfp4-training-harness, logs; mean of their last fifth',
  caveat: 'From random weights, but over 0.2 B tokens alone: the very beginning of a run.',
  operands: everyOperand,
} as const;

/** Of a source that was not read itself, only what stands before it or was said about it. */
const assumed = 'Printed as a percentage; the loss that makes it nats is assumed.';

const averis = {
  dataset: 'Averis',
  kind: 'measured',
  status: 'abstract',
  source: 'arXiv 2603.10444v2',
  caveat: assumed,
  format: 'nvfp4',
  operands: everyOperand,
} as const;

const ascend = {
  dataset: 'Ascend FP4',
  kind: 'measured',
  status: 'abstract',
  source: 'arXiv 2604.08826',
  caveat: assumed,
  format: 'mxfp4',
  operands: everyOperand,
} as const;

const chon = {
  dataset: 'CHON',
  kind: 'measured',
  status: 'abstract',
  source: 'arXiv 2602.02047',
  caveat: `${assumed} A model with gated linear attention.`,
  format: 'nvfp4',
  operands: everyOperand,
} as const;

/**
 * What was published after the pooled law was fitted, so that every law can be scored on it unseen.
 * Left out: mixtures of two formats, scales that no accelerator multiplies (UE5M3, HiFloat4), runs
 * continued from a 16-bit checkpoint, and those without N or D.
 */
export const runsOf2026: readonly MeasuredSet[] = [
  {
    ...llama,
    recipe: 'NVFP4 in all products, Transformer Engine, Llama 3.1 8B',
    format: 'nvfp4',
    rows: [
      [6.98e9, 4.194e10, 0.0146],
      [6.98e9, 1.594e11, 0.01028],
    ],
  },
  {
    ...llama,
    recipe: 'NVFP4 in all products, Transformer Engine, last 4 of 32 blocks in BF16, Llama 3.1 8B',
    format: 'nvfp4',
    rows: [
      [6.98e9, 4.194e10, 0.01389],
      [6.98e9, 1.594e11, 0.007269],
    ],
  },
  {
    ...llama,
    recipe: 'NVFP4 in all products, local scales, stochastic rounding, no rotation, Llama 3.1 8B',
    format: 'nvfp4',
    rows: [
      [6.98e9, 4.194e10, 0.01231],
      [6.98e9, 1.594e11, 0.03012],
    ],
  },
  {
    ...llama,
    recipe: 'NVFP4 in all products, local scales, weight gradients rotated, Llama 3.1 8B',
    format: 'nvfp4',
    rows: [
      [6.98e9, 4.194e10, 0.009493],
      [6.98e9, 1.594e11, 0.04359],
    ],
  },
  {
    ...llama,
    recipe: 'NVFP4 in all products, global scale, stochastic rounding, no rotation, Llama 3.1 8B',
    format: 'nvfp4',
    rows: [
      [6.98e9, 4.194e10, 0.01708],
      [6.98e9, 1.594e11, 0.03187],
    ],
  },
  {
    ...llama,
    recipe: 'MXFP4 in all products, stochastic rounding, no rotation, Llama 3.1 8B',
    format: 'mxfp4',
    rows: [
      [6.98e9, 4.194e10, 0.08414],
      [6.98e9, 1.594e11, 0.1629],
    ],
  },
  {
    ...llama,
    recipe: 'MXFP4 in all products, weight gradients rotated, Llama 3.1 8B',
    format: 'mxfp4',
    rows: [
      [6.98e9, 4.194e10, -0.01521],
      [6.98e9, 1.594e11, -0.007402],
    ],
  },
  {
    ...nemotron,
    recipe: 'NVFP4 in all products, Transformer Engine, Nemotron-H 8B',
    rows: [
      [8.084e9, 9.437e10, 0.04235],
      [8.084e9, 1.887e11, 0.04758],
    ],
  },
  {
    ...nemotron,
    recipe: 'NVFP4 in all products, no rotation, Nemotron-H 8B',
    caveat: `${nemotron.caveat} It diverged once on the way and came back.`,
    rows: [
      [8.084e9, 9.437e10, 0.2567],
      [8.084e9, 1.887e11, 0.1763],
    ],
  },
  {
    ...harness,
    recipe: 'MXFP8 in all products, Qwen3 8B',
    format: 'mxfp8-e4m3',
    rows: [[6.9e9, 2e8, 0.0022]],
  },
  {
    ...harness,
    recipe: 'NVFP4 in all products, last 15 % of the layers in BF16, Qwen3 8B',
    format: 'nvfp4',
    rows: [[6.9e9, 2e8, 0.0166]],
  },
  {
    ...averis,
    recipe: 'NVFP4 in all products, NVIDIA’s recipe, Qwen3',
    rows: [
      [4.4e8, 1e11, 0.0533],
      [1.5e9, 5e10, 0.0264],
    ],
  },
  {
    ...averis,
    recipe: 'NVFP4 in all products, means split off, Qwen3',
    rows: [
      [4.4e8, 1e11, 0.0309],
      [1.5e9, 5e10, 0.0194],
    ],
  },
  {
    ...ascend,
    recipe: 'MXFP4 in all products with rotation and stochastic rounding',
    rows: [
      [1e9, 5e10, 0.0465],
      [3e9, 5e10, 0.0357],
      [6.98e9, 5e10, 0.0346],
    ],
  },
  {
    ...chon,
    recipe: 'NVFP4 in all products',
    rows: [[1.3e9, 6e10, 0.0235]],
  },
  {
    ...chon,
    recipe: 'NVFP4 in all products, hot channels kept',
    rows: [[1.3e9, 6e10, 0.0145]],
  },
  {
    dataset: 'Full-stack NVFP4',
    kind: 'measured',
    status: 'second-hand',
    source: 'arXiv 2607.04422, as a public note quotes it',
    caveat: `${assumed} Attention and the optimizer are in NVFP4 too.`,
    recipe: 'NVFP4 in all products and in attention',
    format: 'nvfp4',
    operands: everyOperand,
    rows: [[3e9, 6.4e10, 0.0353]],
  },
  {
    dataset: 'NVIDIA, Nemotron 3 Ultra',
    kind: 'measured',
    status: 'second-hand',
    source: 'arXiv 2606.15007; the 0.4 % from a news summary alone',
    caveat: `${assumed} 550 B parameters, 55 B active.`,
    recipe: 'NVFP4 in all products',
    format: 'nvfp4',
    operands: everyOperand,
    rows: [[5.5e10, 2e13, 0.0052]],
  },
  {
    dataset: 'Ant, Ling-1T',
    kind: 'bound',
    status: 'second-hand',
    source: 'arXiv 2510.22115, as notes quote it',
    caveat: 'Stated as at most 0.25 %; a loss of 1.7 is assumed.',
    recipe: 'FP8 in all products, 50 B active',
    format: 'fp8-e4m3',
    block: 128,
    operands: everyOperand,
    rows: [[5e10, 9e11, 0.0043]],
  },
];
