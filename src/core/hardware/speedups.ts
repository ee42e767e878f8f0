/**
 * How much faster a whole training step was measured to be than the same one in BF16: throughput
 * over throughput, communication, optimizer and casts in it.
 */
export interface MeasuredSpeedup {
  /** Id of the accelerator. */
  readonly accelerator: string;
  /** Format id of the forward products. */
  readonly format: string;
  readonly speedup: number;
  readonly model: string;
  /** Parameters that a token meets; null = not stated. */
  readonly parameters: number | null;
  /** Null = not stated. */
  readonly devices: number | null;
  /** The recipe and the run, in a few words. */
  readonly recipe: string;
  readonly source: string;
}

const titan = 'pytorch/torchtitan benchmarks/llama3_h100_202412_torchtitan.md (31a17bf)';
const foundry = 'mosaicml/llm-foundry scripts/train/benchmarking/README.md (061f2c7)';
const ao = 'pytorch/ao pull request 4798, comment of 2026-08-24';

/** Public end-to-end measurements against BF16 by one party on one machine. */
const measuredSpeedups: readonly MeasuredSpeedup[] = [
  {
    accelerator: 'h100',
    format: 'fp8-e4m3',
    speedup: 8532 / 6667,
    model: 'Llama 3.1 8B',
    parameters: 8.03e9,
    devices: 8,
    recipe: 'torchao tensorwise, FSDP, torch.compile, 8K tokens',
    source: `${titan}, table 1`,
  },
  {
    accelerator: 'h100',
    format: 'fp8-e4m3',
    speedup: 8380 / 6514,
    model: 'Llama 3.1 8B',
    parameters: 8.03e9,
    devices: 128,
    recipe: 'torchao tensorwise, FSDP, torch.compile, 8K tokens',
    source: `${titan}, table 3`,
  },
  {
    accelerator: 'h100',
    format: 'fp8-e4m3',
    speedup: 36527 / 27965,
    model: 'MPT 3B',
    parameters: 2.65e9,
    devices: 8,
    recipe: 'Transformer Engine, FSDP, 512 tokens',
    source: foundry,
  },
  {
    accelerator: 'h100',
    format: 'fp8-e4m3',
    speedup: 19146 / 16578,
    model: 'MPT 3B',
    parameters: 2.67e9,
    devices: 8,
    recipe: 'Transformer Engine, FSDP, 8K tokens',
    source: foundry,
  },
  {
    accelerator: 'h100',
    format: 'fp8-e4m3',
    speedup: 70315 / 52275,
    model: 'MPT 1B',
    parameters: 1.31e9,
    devices: 8,
    recipe: 'Transformer Engine, FSDP, 512 tokens',
    source: foundry,
  },
  {
    accelerator: 'b200',
    format: 'mxfp8-e4m3',
    speedup: 1.28,
    model: 'Llama 3 70B',
    parameters: 70.6e9,
    devices: 32,
    recipe: 'torchao MXFP8, HSDP, context parallel 2; 1.22 on 1,856 GPUs',
    source: 'pytorch.org/blog, Accelerating 2K scale pre-training up to 1.28x with TorchAO MXFP8',
  },
  {
    accelerator: 'gb300',
    format: 'mxfp8-e4m3',
    speedup: 4357 / 3848,
    model: 'DeepSeek-V3',
    parameters: 37e9,
    devices: 256,
    recipe: 'Transformer Engine MXFP8, pipeline 2, experts over 32',
    source: 'NVIDIA-NeMo/Megatron-Bridge docs/performance-summary.md (00b7660), 25.11 container',
  },
  {
    accelerator: 'gb300',
    format: 'mxfp8-e4m3',
    speedup: 1 - 0.078,
    model: 'DeepSeek-V3 16B',
    parameters: 2.4e9,
    devices: null,
    recipe: 'torchao MXFP8, torchtitan',
    source: ao,
  },
  {
    accelerator: 'gb300',
    format: 'nvfp4',
    speedup: 1.154,
    model: 'DeepSeek-V3 16B',
    parameters: 2.4e9,
    devices: null,
    recipe: 'NVFP4 feed-forward and MXFP8 attention, torchtitan',
    source: ao,
  },
  {
    accelerator: 'gb200',
    format: 'mxfp8-e4m3',
    speedup: 140351 / 187502,
    model: 'a mixture of 128 experts, width 6144',
    parameters: null,
    devices: 64,
    recipe: 'MXFP8 by XLA, FSDP',
    source: 'marin-community/marin issue 7201, comment of 2026-07-21',
  },
];

/** The measurements of a format on an accelerator, those of the nearest sizes first. */
export function speedupsOf(
  accelerator: string,
  format: string,
  parameters: number,
): readonly MeasuredSpeedup[] {
  const distance = (each: MeasuredSpeedup) =>
    Math.abs(Math.log((each.parameters ?? Infinity) / parameters));
  return measuredSpeedups
    .filter((each) => each.accelerator === accelerator && each.format === format)
    .sort((a, b) => distance(a) - distance(b));
}

/** The formats of which a whole training step was measured on an accelerator. */
export function measuredFormats(accelerator: string): readonly string[] {
  const on = measuredSpeedups.filter((each) => each.accelerator === accelerator);
  return [...new Set(on.map(({ format }) => format))];
}
