import { behind, within, type Fragments } from './fragment.ts';

const litgpt = within(
  'litgpt.yaml',
  behind(
    'checkpoint_dir: checkpoints/meta-llama/Llama-3.2-1B',
    'out_dir: out/lora',
    'data: {class_path: litgpt.data.Alpaca}',
    'train: {global_batch_size: 16, micro_batch_size: 1, epochs: 1, max_seq_length: 512}',
  ),
);
const lightning = within(
  'lightning.yaml',
  behind(
    'model: {class_path: own.LanguageModel, init_args: {model_name: meta-llama/Llama-3.2-1B}}',
    'data: {class_path: own.Text, init_args: {seq_length: 2048}}',
  ),
);
const foundry = within(
  'foundry.yaml',
  behind(
    'tokenizer: {name: EleutherAI/gpt-neox-20b}',
    'train_loader: {name: text, dataset: {max_seq_len: 2048}}',
    'global_train_batch_size: 256',
    'max_duration: 4800ba',
  ),
);
const mpt = 'name: mpt_causal_lm, d_model: 768, n_heads: 12, n_layers: 12, vocab_size: 50432';
const maxtext = within(
  'configs/run.yml',
  behind(
    'base_emb_dim: 2048',
    'base_num_query_heads: 16',
    'base_num_kv_heads: 16',
    'base_mlp_dim: 8192',
    'base_num_decoder_layers: 16',
    'per_device_batch_size: 4',
    'max_target_length: 2048',
    'steps: 1000',
  ),
);
const recipe = behind(
  'model: {_component_: torchtune.models.llama3_1.llama3_1_8b}',
  'tokenizer: {_component_: torchtune.models.llama3.llama3_tokenizer, path: tokenizer.model}',
  'dataset: {_component_: torchtune.datasets.alpaca_dataset}',
  'checkpointer: {_component_: torchtune.training.FullModelHFCheckpointer, checkpoint_dir: model}',
  'batch_size: 2',
  'epochs: 1',
);
const adamw = 'optimizer:\n  _component_: torch.optim.AdamW\n  lr:';
const tune = within('torchtune.yaml', (said) =>
  recipe(said.includes('optimizer:') ? said : `${said}\n${adamw} 2.0e-4`),
);
const lingua = within(
  'lingua.yaml',
  behind(
    'steps: 1000',
    'model: {dim: 1024, n_layers: 8, n_heads: 8}',
    'data: {batch_size: 4, seq_len: 1024, tokenizer: {name: tiktoken}}',
    'optim: {lr: 3.0e-3, warmup: 100}',
  ),
);
const nanotron = within(
  'nanotron.yaml',
  behind(
    'general: {project: small, run: llama}',
    'parallelism: {dp: 8, pp: 1, tp: 1}',
    'tokens: {micro_batch_size: 16, sequence_length: 2048, train_steps: 1000}',
  ),
);
const shape = 'model_config: {hidden_size: 768, num_hidden_layers: 12, num_attention_heads: 12}';
const levanter = within(
  'levanter.yaml',
  behind(
    'model: {type: llama, hidden_dim: 1024, num_layers: 12, num_heads: 16, seq_len: 2048}',
    'data: {id: openwebtext, tokenizer: gpt2}',
    'optimizer: {learning_rate: 3.0e-4}',
  ),
);
const verl = within(
  'verl.yaml',
  behind(
    'data: {train_files: train.parquet, train_batch_size: 256, max_prompt_length: 512, max_response_length: 512}',
    'algorithm: {adv_estimator: grpo}',
    'trainer: {total_epochs: 1, n_gpus_per_node: 8, nnodes: 1}',
  ),
);
const primeRl = within(
  'prime.toml',
  behind(
    'max_steps = 100',
    '[data]',
    'seq_len = 4096',
    'batch_size = 64',
    '[optim]',
    'lr = 1e-6',
    '[model]',
    'name = "Qwen/Qwen3-4B"',
  ),
);
const olmo = within('olmo.py', (config) =>
  [
    'from olmo_core.float8 import Float8Config',
    'from olmo_core.nn.transformer import TransformerConfig',
    'from olmo_core.train import Duration, TrainerConfig',
    'from olmo_core.train.train_module import TransformerTrainModuleConfig',
    'model = TransformerConfig.olmo2_1B(vocab_size=100352)',
    `module = TransformerTrainModuleConfig(rank_microbatch_size=16384, max_sequence_length=4096, ${config})`,
    'trainer = TrainerConfig(max_duration=Duration.tokens(20_000_000_000))',
    '',
  ].join('\n'),
);

/** Rules of frameworks with few of them. */
export const others: Fragments = {
  'litgpt-bnb-with-mixed-precision': litgpt(
    'quantize: bnb.nf4\nprecision: bf16-mixed',
    'quantize: bnb.nf4\nprecision: bf16-true',
  ),
  'litgpt-bnb-with-several-gpus': litgpt(
    'quantize: bnb.fp4\nprecision: bf16-true\nnum_nodes: 2',
    'quantize: bnb.fp4\nprecision: bf16-true\nnum_nodes: 1',
  ),
  'litgpt-int8-training-needs-fp16': litgpt(
    'quantize: bnb.int8-training\nprecision: bf16-true',
    'quantize: bnb.int8-training\nprecision: 16-true',
  ),
  'lightning-fsdp-bf16-reduces-in-bf16': lightning(
    'trainer:\n  strategy: fsdp\n  precision: bf16-mixed\n  max_steps: 1000',
    'trainer:\n  strategy: ddp\n  precision: bf16-mixed\n  max_steps: 1000',
  ),
  'lightning-te-with-fsdp': lightning(
    'trainer:\n  strategy: fsdp\n  precision: transformer-engine\n  max_steps: 1000',
    'trainer:\n  strategy: ddp\n  precision: transformer-engine\n  max_steps: 1000',
  ),
  'llmfoundry-amp-fp8-without-te-layers': foundry(
    `precision: amp_fp8\nmodel: {${mpt}}`,
    `precision: amp_fp8\nmodel: {${mpt}, fc_type: te}`,
  ),
  'composer-amp-fp8-needs-sm89': foundry(
    `precision: amp_fp8\nmodel: {${mpt}, fc_type: te}`,
    `precision: amp_fp8\nmodel: {${mpt}, fc_type: te}`,
    'a100',
    'l4',
  ),
  'llmfoundry-bf16-master-weights': foundry(
    `precision: amp_bf16\nmodel: {${mpt}, master_weights_dtype: bf16}`,
    `precision: amp_bf16\nmodel: {${mpt}}`,
  ),
  'composer-default-is-fp16': foundry(`model: {${mpt}}`, `precision: amp_bf16\nmodel: {${mpt}}`),
  'composer-fsdp-pure-reduces-in-half': foundry(
    `precision: amp_bf16\nmodel: {${mpt}}\nfsdp_config: {mixed_precision: PURE}`,
    `precision: amp_bf16\nmodel: {${mpt}}\nfsdp_config: {mixed_precision: DEFAULT}`,
  ),
  'maxtext-fp8-with-gradient-accumulation': maxtext(
    'quantization: fp8\ngradient_accumulation_steps: 2',
    'quantization: fp8\ngradient_accumulation_steps: 1',
  ),
  'maxtext-quantization-needs-qwix': maxtext(
    'quantization: fp8_full',
    'quantization: fp8_full\nuse_qwix_quantization: true',
  ),
  'maxtext-qwix-silently-unquantised': maxtext(
    'quantization: te_mxfp8\nuse_qwix_quantization: true',
    'quantization: te_mxfp8\nuse_qwix_quantization: false',
  ),
  'maxtext-unknown-quantization': [
    maxtext('quantization: int8w', 'quantization: int8'),
    within(
      'run.sh',
      (keys) =>
        `python3 -m MaxText.train src/MaxText/configs/base.yml model_name=llama2-7b steps=1000 per_device_batch_size=4 ${keys}\n`,
    )('quantization=aqt_fp8', 'quantization=te_nvfp4'),
  ],
  'maxtext-qwix-needs-nnx-decoder': maxtext(
    'quantization: fp8\nuse_qwix_quantization: true\npure_nnx_decoder: false',
    'quantization: fp8\nuse_qwix_quantization: true\npure_nnx_decoder: true',
  ),
  'maxtext-batch-split-only-fp8-full': maxtext(
    'quantization: int8\nuse_batch_split_schedule: true',
    'quantization: fp8_full\nuse_batch_split_schedule: true',
  ),
  'maxtext-pipeline-prefetch-no-quantization': maxtext(
    'quantization: int8\npipeline_fsdp_ag_per_repeat: true\nici_pipeline_parallelism: 4',
    'quantization: int8\npipeline_fsdp_ag_per_repeat: true\nici_pipeline_parallelism: 1',
  ),
  'maxtext-fp8-no-faster-on-old-tpu': maxtext(
    'quantization: fp8',
    'quantization: fp8',
    'tpu-v6e',
    'tpu7x',
  ),
  'maxtext-fp8-kind-per-gpu-vendor': maxtext(
    'quantization: nanoo_fp8',
    'quantization: nanoo_fp8',
    'mi355x',
    'mi300x',
  ),
  'maxtext-bf16-weights': maxtext('weight_dtype: bfloat16', 'weight_dtype: float32'),
  'int8-matmul-on-blackwell-ultra': maxtext('quantization: int8', 'quantization: fp8', 'gb300'),
  'torchtune-fp16-full-finetune': tune('dtype: fp16', 'dtype: bf16'),
  'torchtune-bf16-is-everything-bf16': tune(
    `dtype: bf16\n${adamw} 5.0e-6`,
    `dtype: bf16\n${adamw} 2.0e-4`,
  ),
  'torchtune-fp8-with-context-parallel': tune(
    'dtype: bf16\nenable_fp8_training: true\ncontext_parallel_dim: 2',
    'dtype: bf16\nenable_fp8_training: false\ncontext_parallel_dim: 2',
  ),
  'torchtune-fp8-recipe-name-without-switch': tune(
    'dtype: bf16\nfp8_recipe_name: rowwise',
    'dtype: bf16\nfp8_recipe_name: rowwise\nenable_fp8_training: true',
  ),
  'lingua-float8-recipe-name': lingua(
    'distributed:\n  float8_recipe: tensorwise',
    'distributed:\n  float8_recipe: rowwise',
  ),
  'nanotron-no-fp32-accumulation': nanotron(
    `model:\n  dtype: bfloat16\n  ${shape}\noptimizer:\n  accumulate_grad_in_fp32: false`,
    `model:\n  dtype: bfloat16\n  ${shape}\noptimizer:\n  accumulate_grad_in_fp32: true`,
  ),
  'levanter-mp-default-and-half': levanter(
    'trainer:\n  mp: bfloat16\n  train_batch_size: 128\n  num_train_steps: 1000',
    'trainer:\n  mp: p=f32,c=bfloat16\n  train_batch_size: 128\n  num_train_steps: 1000',
  ),
  'verl-fp16-needs-mbridge': verl(
    'actor_rollout_ref:\n  model: {path: Qwen/Qwen3-8B}\n  actor:\n    strategy: megatron\n    megatron: {dtype: float16, use_mbridge: false}',
    'actor_rollout_ref:\n  model: {path: Qwen/Qwen3-8B}\n  actor:\n    strategy: megatron\n    megatron: {dtype: float16, use_mbridge: true}',
  ),
  'primerl-mxfp8-needs-sm100': primeRl(
    '[model.quantization]\ntype = "mxfp8"',
    '[model.quantization]\ntype = "mxfp8"',
    'h200',
    'b300',
  ),
  'primerl-mxfp8-ep-backend': primeRl(
    'ep_comm_backend = "deepep"\n[model.quantization]\ntype = "mxfp8"',
    'ep_comm_backend = "deepep"\n[model.quantization]\ntype = "fp8"',
  ),
  'primerl-bf16-optimization-dtype': primeRl(
    'optimization_dtype = "bfloat16"',
    'optimization_dtype = "float32"',
  ),
  'olmo-float8-options-exclusive': olmo(
    'float8_config=Float8Config(enabled=True, ao=AOFloat8LinearConfig(), ao_recipe=AOFloat8LinearRecipe.rowwise)',
    'float8_config=Float8Config(enabled=True, ao_recipe=AOFloat8LinearRecipe.rowwise)',
  ),
  'olmo-mx-needs-sm100': olmo(
    'float8_config=Float8Config(enabled=True, ao_mx=AOMXLinearConfig.mxfp8_cublas())',
    'float8_config=Float8Config(enabled=True, ao_mx=AOMXLinearConfig.mxfp8_cublas())',
    'h100',
    'b200',
  ),
};
