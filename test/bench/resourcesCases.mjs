// Configs whose memory others have published or a framework's own estimator computes. `what`:
// `state` compares weights, gradients and optimizer alone, `all` with activations. GB are 1e9 bytes.

const GiB = 2 ** 30 / 1e9;

/** Megatron-LM's megatron/training/theoretical_memory_usage.py (00caa53), run for these arguments. */
const megatron = 'Megatron-LM theoretical_memory_usage.py (00caa53)';

const llama3 = [
  '--num-layers 32 --hidden-size 4096 --ffn-hidden-size 14336 --num-attention-heads 32',
  '--group-query-attention --num-query-groups 8 --swiglu --normalization RMSNorm',
  '--disable-bias-linear --untie-embeddings-and-output-weights --vocab-size 128256',
  '--position-embedding-type rope --hidden-dropout 0 --seq-length 8192 --micro-batch-size 1',
].join(' ');
const llama2 = [
  '--num-layers 80 --hidden-size 8192 --ffn-hidden-size 28672 --num-attention-heads 64',
  '--group-query-attention --num-query-groups 8 --swiglu --normalization RMSNorm',
  '--disable-bias-linear --untie-embeddings-and-output-weights --vocab-size 32000',
  '--position-embedding-type rope --hidden-dropout 0 --seq-length 4096 --micro-batch-size 1',
].join(' ');
const gpt = (layers, hidden, heads, batch) =>
  `--num-layers ${layers} --hidden-size ${hidden} --num-attention-heads ${heads} --vocab-size 51200 --position-embedding-type none --seq-length 2048 --max-position-embeddings 2048 --micro-batch-size ${batch} --no-position-embedding`;
const script = (gpus, flags) =>
  `torchrun --nproc_per_node 8 --nnodes ${gpus / 8} pretrain_gpt.py ${flags} --global-batch-size 512 --train-iters 1000 --bf16\n`;

const megatronCases = [
  [
    'Llama 3 8B, distributed optimizer, 8 GPUs',
    'state',
    60.227,
    8,
    `${llama3} --use-distributed-optimizer`,
  ],
  ['Llama 3 8B, 8 GPUs', 'state', 144.545, 8, llama3],
  [
    'Llama 3 8B, TP 2, distributed optimizer',
    'state',
    36.136,
    8,
    `${llama3} --tensor-model-parallel-size 2 --sequence-parallel --use-distributed-optimizer`,
  ],
  [
    'Llama 3 8B, TP 2, distributed optimizer',
    'all',
    55.501,
    8,
    `${llama3} --tensor-model-parallel-size 2 --sequence-parallel --use-distributed-optimizer --recompute-granularity selective`,
  ],
  [
    'Llama 2 70B, TP 8, PP 4, 128 GPUs',
    'state',
    19.547,
    128,
    `${llama2} --tensor-model-parallel-size 8 --pipeline-model-parallel-size 4 --sequence-parallel --use-distributed-optimizer`,
  ],
  [
    'Llama 2 70B, TP 8, PP 4, 128 GPUs',
    'all',
    30.301,
    128,
    `${llama2} --tensor-model-parallel-size 8 --pipeline-model-parallel-size 4 --sequence-parallel --use-distributed-optimizer --recompute-granularity selective`,
  ],
  [
    'GPT-3 175B, TP 8, PP 8, 512 GPUs',
    'state',
    50.339,
    512,
    `${gpt(96, 12288, 96, 1)} --tensor-model-parallel-size 8 --pipeline-model-parallel-size 8 --sequence-parallel`,
  ],
  [
    'GPT-3 175B, TP 8, PP 8, 512 GPUs',
    'all',
    60.632,
    512,
    `${gpt(96, 12288, 96, 1)} --tensor-model-parallel-size 8 --pipeline-model-parallel-size 8 --sequence-parallel --recompute-granularity selective`,
  ],
  [
    'GPT 22B, TP 8',
    'all',
    60.142,
    8,
    `${gpt(48, 6144, 64, 4)} --tensor-model-parallel-size 8 --sequence-parallel --recompute-granularity selective`,
  ],
  [
    'GPT 22B, TP 8, no sequence parallelism',
    'all',
    82.879,
    8,
    `${gpt(48, 6144, 64, 4)} --tensor-model-parallel-size 8`,
  ],
  [
    'GPT 530B, TP 8, PP 35, 280 GPUs',
    'all',
    55.234,
    280,
    `${gpt(105, 20480, 128, 1)} --tensor-model-parallel-size 8 --pipeline-model-parallel-size 35 --sequence-parallel --recompute-granularity selective`,
  ],
].map(([name, what, gigabytes, gpus, flags]) => ({
  name: `Megatron-LM: ${name}`,
  what,
  gigabytes,
  file: 'train.sh',
  text: script(gpus, flags),
  source: megatron,
}));

/** DeepSpeed docs/code-docs/source/memory.rst (0cca539): its estimators, for Llama 2 7B. */
const zero = 'DeepSpeed estimate_zero*_model_states_mem_needs (0cca539)';
const parameters = 6_738_415_616;
const largestLayer = 32_000 * 4096;
const zeroConfig = (stage, offload) =>
  JSON.stringify({
    train_micro_batch_size_per_gpu: 1,
    bf16: { enabled: true },
    zero_optimization: {
      stage,
      ...(offload.optimizer && { offload_optimizer: { device: 'cpu' } }),
      ...(offload.param && { offload_param: { device: 'cpu' } }),
    },
  });
const zeroTune = [
  'model_name_or_path: meta-llama/Llama-2-7b-hf',
  'dataset_name: tatsu-lab/alpaca',
  'num_train_epochs: 1',
  'per_device_train_batch_size: 1',
  'max_length: 512',
  'bf16: true',
  'dtype: bfloat16',
  'deepspeed: ds.json',
  '',
].join('\n');
const zeroCases = [
  ['stage 2, 8 GPUs', 2, {}, 8, 4 * parameters + (16 * parameters) / 8],
  ['stage 2, optimizer on the host', 2, { optimizer: true }, 8, 2 * parameters],
  ['stage 3, 8 GPUs', 3, {}, 8, 4 * largestLayer + (18 * parameters) / 8],
  ['stage 3, 64 GPUs', 3, {}, 64, 4 * largestLayer + (18 * parameters) / 64],
  [
    'stage 3, optimizer on the host',
    3,
    { optimizer: true },
    8,
    4 * largestLayer + (2 * parameters) / 8,
  ],
].map(([name, stage, offload, gpus, bytes]) => ({
  name: `DeepSpeed: Llama 2 7B, ${name}`,
  what: 'state',
  gigabytes: bytes / 1e9,
  file: 'tune.yaml',
  text: zeroTune,
  others: { 'ds.json': zeroConfig(stage, offload) },
  worldSize: gpus,
  source: zero,
}));

/** Accelerate's `estimate-memory` (commands/estimate.py, 00e4d26): FP32 with Adam is 16 bytes. */
const accelerateCases = [
  ['Qwen/Qwen2.5-0.5B', 494_032_768],
  ['google/gemma-2-9b', 9_241_705_984],
].map(([model, count]) => ({
  name: `Accelerate: ${model} in FP32 with Adam`,
  what: 'state',
  gigabytes: (16 * count) / 1e9,
  file: 'tune.yaml',
  text: `model_name_or_path: ${model}\ndataset_name: a/b\nnum_train_epochs: 1\nbf16: false\ndtype: float32\n`,
  source: 'accelerate estimate-memory (00e4d26)',
}));

/** LLaMA-Factory's README (00409ff), “Hardware Requirement”: its own estimates. */
const factoryCases = [
  ['full, bf16', 'Qwen/Qwen2.5-14B', 240, ['finetuning_type: full', 'bf16: true']],
  ['full, bf16', 'meta-llama/Llama-2-7b-hf', 120, ['finetuning_type: full', 'bf16: true']],
  ['full, pure_bf16', 'meta-llama/Llama-2-7b-hf', 60, ['finetuning_type: full', 'pure_bf16: true']],
  ['full, bf16', 'meta-llama/Llama-2-70b-hf', 1200, ['finetuning_type: full', 'bf16: true']],
].map(([name, model, gigabytes, lines]) => ({
  name: `LLaMA-Factory: ${model}, ${name}`,
  what: 'state',
  gigabytes,
  file: 'sft.yaml',
  text: [
    `model_name_or_path: ${model}`,
    'stage: sft',
    'dataset: alpaca',
    'template: llama2',
    'cutoff_len: 512',
    'per_device_train_batch_size: 1',
    ...lines,
    '',
  ].join('\n'),
  source: 'LLaMA-Factory README.md (00409ff), estimated',
}));

/** torchtitan's measurements: peak reserved memory of Llama 3.1 8B at 8,192 tokens. */
const titan = (batch, lines = []) =>
  [
    '[model]',
    'name = "llama3"',
    'flavor = "8B"',
    '[optimizer]',
    'name = "AdamW"',
    '[training]',
    `local_batch_size = ${batch}`,
    'seq_len = 8192',
    'steps = 1000',
    '[activation_checkpoint]',
    'mode = "selective"',
    'selective_ac_option = "op"',
    ...lines,
    '',
  ].join('\n');
const titanCases = [
  ['8 GPUs', 82.4, 8, titan(2), 'llama3_h100_202412_torchtitan.md (31a17bf), table 1'],
  ['128 GPUs', 67.0, 128, titan(2), 'llama3_h100_202412_torchtitan.md (31a17bf), table 3'],
  [
    '8 GPUs, compiled',
    77.0,
    8,
    titan(2, ['[compile]', 'enable = true']),
    'llama3_h100_202412_torchtitan.md (31a17bf), table 1',
  ],
  [
    '32 H200, compiled',
    47.96,
    32,
    titan(2, ['[compile]', 'enable = true']),
    'llama3_8b_h200_2025-06_torchtitan.md (bcdeaa3)',
  ],
].map(([name, gibibytes, gpus, text, source]) => ({
  name: `torchtitan: Llama 3.1 8B, ${name}`,
  what: 'all',
  gigabytes: gibibytes * GiB,
  file: 'run.toml',
  text,
  worldSize: gpus,
  source: `torchtitan benchmarks/${source}`,
}));

/** LitGPT's measurements of its own configs: peak allocated memory on A10G at 512 tokens. */
const lit = (model, batch, lines, devices = 1) =>
  [
    `checkpoint_dir: checkpoints/${model}`,
    'precision: bf16-true',
    `devices: ${devices}`,
    ...lines,
    'train:',
    '  global_batch_size: 8',
    `  micro_batch_size: ${batch}`,
    '  epochs: 1',
    '  max_seq_length: 512',
    '  lr_warmup_steps: 10',
    'optimizer:',
    '  class_path: torch.optim.AdamW',
    '',
  ].join('\n');
const lora = (rank, more = []) => [
  `lora_r: ${rank}`,
  'lora_query: true',
  'lora_value: true',
  ...more,
];
const litCases = [
  ['llama-2-7b, LoRA', 19.77, lit('meta-llama/Llama-2-7b-hf', 2, lora(32))],
  ['llama-3-8b, LoRA', 19.73, lit('meta-llama/Meta-Llama-3-8B', 1, lora(32))],
  ['mistral-7b, LoRA', 20.66, lit('mistralai/Mistral-7B-v0.1', 2, lora(32))],
  [
    'gemma-2b, LoRA',
    12.62,
    lit(
      'google/gemma-2b',
      2,
      lora(8, ['lora_key: true', 'lora_projection: true', 'lora_mlp: true', 'lora_head: true']),
    ),
  ],
  [
    'tiny-llama, LoRA',
    13.5,
    lit(
      'TinyLlama/TinyLlama-1.1B-intermediate-step-1431k-3T',
      8,
      lora(32, ['lora_key: true', 'lora_projection: true', 'lora_mlp: true', 'lora_head: true']),
    ),
  ],
  ['tiny-llama, full', 14.1, lit('TinyLlama/TinyLlama-1.1B-intermediate-step-1431k-3T', 4, [])],
  ['gemma-2b, full, 4 GPUs', 17.43, lit('google/gemma-2b', 1, [], 4)],
  [
    'llama-2-7b, QLoRA',
    13.68,
    lit('meta-llama/Llama-2-7b-hf', 2, ['quantize: bnb.nf4', ...lora(32)]),
  ],
].map(([name, gigabytes, text]) => ({
  name: `LitGPT: ${name}`,
  what: 'all',
  gigabytes,
  file: 'tune.yaml',
  text,
  source: 'LitGPT config_hub/finetune/README.md (03ffc55)',
}));

/** NeMo Automodel's measurements: Llama 3.2 1B, 8 sequences of 2,048 tokens, AdamW, H100. */
const auto = (lines) =>
  [
    'step_scheduler: {global_batch_size: 64, local_batch_size: 8, max_steps: 100}',
    'model:',
    '  _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained',
    '  pretrained_model_name_or_path: meta-llama/Llama-3.2-1B',
    'packed_sequence: {packed_sequence_size: 2048}',
    'optimizer: {_target_: torch.optim.AdamW, lr: 1.0e-5}',
    ...lines,
    '',
  ].join('\n');
const fused =
  'loss_fn: {_target_: nemo_automodel.components.loss.linear_ce.FusedLinearCrossEntropy}';
const autoCases = [
  ['8 GPUs', 47.59, auto(['distributed: {strategy: fsdp2}'])],
  [
    '8 GPUs, recomputed, fused loss',
    7.3,
    auto(['distributed: {strategy: fsdp2, activation_checkpointing: true}', fused]),
  ],
].map(([name, gibibytes, text]) => ({
  name: `NeMo Automodel: Llama 3.2 1B, ${name}`,
  what: 'all',
  gigabytes: gibibytes * GiB,
  file: 'automodel.yaml',
  text,
  worldSize: 8,
  source: 'NeMo Automodel docs/guides/gradient-checkpointing.mdx (36044ad)',
}));

/** torchtune's measurements: Llama 3.1 8B on one 4090, 2 sequences of 2,048 tokens. */
const tune = (builder, lines) =>
  [
    'model:',
    `  _component_: torchtune.models.llama3_1.${builder}`,
    ...lines,
    'tokenizer:',
    '  max_seq_len: 2048',
    'dataset:',
    '  packed: true',
    'optimizer:',
    '  _component_: torch.optim.AdamW',
    'loss:',
    '  _component_: torchtune.modules.loss.CEWithChunkedOutputLoss',
    'epochs: 1',
    'batch_size: 2',
    'dtype: bf16',
    'enable_activation_checkpointing: true',
    '',
  ].join('\n');
const adapters = [
  "  lora_attn_modules: ['q_proj', 'v_proj', 'output_proj']",
  '  apply_lora_to_mlp: true',
  '  lora_rank: 8',
];
const tuneCases = [
  ['LoRA', 16.2, tune('lora_llama3_1_8b', adapters)],
  ['QLoRA', 7.4, tune('qlora_llama3_1_8b', adapters)],
].map(([name, gibibytes, text]) => ({
  name: `torchtune: Llama 3.1 8B, ${name}`,
  what: 'all',
  gigabytes: gibibytes * GiB,
  file: 'tune.yaml',
  text,
  source: 'torchtune README.md (0031bfb)',
}));

export const cases = [
  ...megatronCases,
  ...zeroCases,
  ...accelerateCases,
  ...factoryCases,
  ...titanCases,
  ...litCases,
  ...autoCases,
  ...tuneCases,
];
