import { behind, within, type Fragments } from './fragment.ts';

const zero = within('ds_config.json', (said) => `{\n  "train_batch_size": 64,\n  ${said}\n}\n`);

const neox = within(
  'run.yml',
  behind(
    'num_layers: 12',
    'hidden_size: 768',
    'num_attention_heads: 12',
    'seq_length: 2048',
    'max_position_embeddings: 2048',
    'train_iters: 1000',
    'no_weight_tying: true',
    'gpt_j_residual: true',
    'train_micro_batch_size_per_gpu: 4',
  ),
);

/** DeepSpeed's rules, and GPT-NeoX's, which hands its file on to it. */
export const deepspeed: Fragments = {
  'deepspeed-fp16-and-bf16': zero(
    '"fp16": {"enabled": true}, "bf16": {"enabled": true}',
    '"fp16": {"enabled": false}, "bf16": {"enabled": true}',
  ),
  'deepspeed-bf16-unknown-key': zero(
    '"bf16": {"enabled": true, "loss_scale_window": 500}',
    '"bf16": {"enabled": true}',
  ),
  'deepspeed-bf16-accumulates-in-bf16': zero(
    '"gradient_accumulation_steps": 4, "bf16": {"enabled": true}, "zero_optimization": {"stage": 2}',
    '"gradient_accumulation_steps": 4, "bf16": {"enabled": true}, "zero_optimization": {"stage": 2}, "data_types": {"grad_accum_dtype": "fp32"}',
  ),
  'deepspeed-grad-accum-dtype-without-zero': zero(
    '"fp16": {"enabled": true}, "data_types": {"grad_accum_dtype": "fp32"}',
    '"fp16": {"enabled": true}, "zero_optimization": {"stage": 1}, "data_types": {"grad_accum_dtype": "fp32"}',
  ),
  'deepspeed-param-dtype-mismatch': zero(
    '"bf16": {"enabled": true}, "data_types": {"param_dtype": "fp32"}',
    '"bf16": {"enabled": true}, "data_types": {"param_dtype": "bf16"}',
  ),
  'deepspeed-bf16-optimizer-states': zero(
    '"zero_optimization": {"stage": 2}, "bf16": {"enabled": true, "bf16_optimizer_states": true}',
    '"zero_optimization": {"stage": 2}, "bf16": {"enabled": true, "bf16_optimizer_states": true, "bf16_master_weights_and_grads": true}',
  ),
  'deepspeed-bf16-master-weights': zero(
    '"bf16": {"enabled": true, "bf16_master_weights_and_grads": true}',
    '"bf16": {"enabled": true, "bf16_master_weights_and_grads": false}',
  ),
  'deepspeed-fp16-master-weights-need-offload': zero(
    '"fp16": {"enabled": true, "fp16_master_weights_and_grads": true}, "zero_optimization": {"stage": 2}',
    '"fp16": {"enabled": true, "fp16_master_weights_and_grads": true}, "zero_optimization": {"stage": 2, "offload_optimizer": {"device": "cpu"}}',
  ),
  'deepspeed-static-loss-scale': zero(
    '"fp16": {"enabled": true, "loss_scale": 1024}',
    '"fp16": {"enabled": true, "loss_scale": 0}',
  ),
  'deepspeed-loss-scale-window-zero': zero(
    '"fp16": {"enabled": true, "loss_scale_window": 0}',
    '"fp16": {"enabled": true, "loss_scale_window": 1000}',
  ),
  'deepspeed-max-grad-norm-in-optimizer': zero(
    '"bf16": {"enabled": true}, "optimizer": {"type": "AdamW", "params": {"lr": 0.0001, "max_grad_norm": 1.0}}',
    '"bf16": {"enabled": true}, "gradient_clipping": 1.0, "optimizer": {"type": "AdamW", "params": {"lr": 0.0001}}',
  ),
  'deepspeed-train-batch-not-multiple': [
    zero(
      '"bf16": {"enabled": true}, "train_micro_batch_size_per_gpu": 8, "gradient_accumulation_steps": 3',
      '"bf16": {"enabled": true}, "train_micro_batch_size_per_gpu": 8, "gradient_accumulation_steps": 4',
    ),
    neox(
      'train_batch_size: 100\ngradient_accumulation_steps: 8',
      'train_batch_size: 96\ngradient_accumulation_steps: 8',
    ),
  ],
  'deepspeed-onebit-with-zero': zero(
    '"fp16": {"enabled": true}, "optimizer": {"type": "onebitadam"}, "zero_optimization": {"stage": 1}',
    '"fp16": {"enabled": true}, "optimizer": {"type": "onebitadam"}, "zero_optimization": {"stage": 0}',
  ),
  'neox-te-fp8-keys-inert': neox(
    'precision: bfloat16\nzero_optimization:\n  stage: 1\nte_fp8_format: hybrid',
    'precision: bfloat16\nzero_optimization:\n  stage: 1\nte_columnparallel: true',
  ),
  'neox-te-fp8-mha-crashes': neox(
    'zero_optimization:\n  stage: 1\nte_fp8_mha: true',
    'zero_optimization:\n  stage: 1\nte_fp8_mha: false',
  ),
  'neox-precision-conflict': neox(
    'precision: fp16\nbf16:\n  enabled: true',
    'precision: bfloat16\nbf16:\n  enabled: true',
  ),
  'neox-fp16-type-bfloat16': neox(
    'fp16:\n  enabled: true\n  type: bfloat16',
    'fp16:\n  enabled: true\n  type: float16',
  ),
  'neox-bf16-zero-pipeline': neox(
    'bf16:\n  enabled: true\nzero_optimization:\n  stage: 1\npipe_parallel_size: 2',
    'bf16:\n  enabled: true\nzero_optimization:\n  stage: 1\npipe_parallel_size: 0',
  ),
  'neox-bfloat16-without-zero-optimization': neox(
    'precision: bfloat16',
    'precision: bfloat16\nzero_optimization:\n  stage: 0',
  ),
  'megatron-fp16-cross-entropy-without-fp16': neox(
    'precision: bfloat16\nfp16_lm_cross_entropy: true',
    'precision: fp16\nfp16_lm_cross_entropy: true',
  ),
};
