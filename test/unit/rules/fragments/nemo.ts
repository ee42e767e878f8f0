import { behind, within, type Fragments } from './fragment.ts';

const bridge = within(
  'bridge.yaml',
  behind(
    'train: {train_iters: 1000, global_batch_size: 256, micro_batch_size: 1}',
    'dataset: {sequence_length: 4096}',
  ),
);
const provider =
  'model:\n  _target_: megatron.bridge.models.llama.llama_provider.Llama3ModelProvider8B\n  seq_length: 4096\n';
const automodel = within(
  'automodel.yaml',
  behind(
    'step_scheduler: {global_batch_size: 64, local_batch_size: 1, max_steps: 1000}',
    'dataset: {_target_: nemo_automodel.components.datasets.llm.squad.make_squad_dataset}',
  ),
);
const pretrained =
  'model:\n  _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained\n  pretrained_model_name_or_path: meta-llama/Llama-3.2-1B\n';
const grpo = within(
  'grpo.yaml',
  behind('grpo: {num_prompts_per_step: 32, num_generations_per_prompt: 16, max_num_steps: 100}'),
);
const policy = 'policy:\n  model_name: Qwen/Qwen2.5-1.5B\n  max_total_sequence_length: 512\n';
const vllm = `${policy}  generation:\n    vllm_cfg:\n`;
const fp8 = `${policy}  megatron_cfg:\n    enabled: true\n    fp8_cfg:\n`;
const primus = within('run.yaml', (keys) =>
  [
    'work_group: own',
    'exp_name: llama',
    'modules:',
    '  pre_trainer:',
    '    framework: megatron',
    '    config: pre_trainer.yaml',
    '    model: llama3.1_8B.yaml',
    '    overrides:',
    '      train_iters: 1000',
    '      micro_batch_size: 2',
    '      seq_length: 4096',
    ...keys.split('\n').map((key) => `      ${key}`),
    '',
  ].join('\n'),
);

/** Rules of NVIDIA's NeMo family and of AMD's Primus. */
export const nemo: Fragments = {
  'bridge-mixed-precision-overrides-model-keys': bridge(
    `${provider}  fp8: hybrid\nmixed_precision: bf16_mixed`,
    `${provider}mixed_precision: bf16_mixed`,
  ),
  'bridge-first-last-bf16-zero-layers': bridge(
    `${provider}mixed_precision:\n  bf16: true\n  fp8: hybrid\n  fp8_recipe: tensorwise\n  first_last_layers_bf16: true`,
    `${provider}mixed_precision:\n  bf16: true\n  fp8: hybrid\n  fp8_recipe: tensorwise\n  first_last_layers_bf16: true\n  num_layers_at_end_in_bf16: 1`,
  ),
  'bridge-mxfp8-param-gather-needs-reuse-buffer': bridge(
    `${provider}mixed_precision:\n  bf16: true\n  fp8: e4m3\n  fp8_recipe: mxfp8\n  fp8_param_gather: true`,
    `${provider}mixed_precision:\n  bf16: true\n  fp8: e4m3\n  fp8_recipe: mxfp8\n  fp8_param_gather: true\n  reuse_grad_buf_for_mxfp8_param_ag: true`,
  ),
  'bridge-mfsdp-v2-bf16-only': bridge(
    `${provider}ddp:\n  megatron_fsdp_version: 2\nmixed_precision:\n  bf16: true\n  fp8: hybrid`,
    `${provider}ddp:\n  megatron_fsdp_version: 2\nmixed_precision:\n  bf16: true`,
  ),
  'bridge-bf16-and-fp16': bridge(
    `${provider}mixed_precision:\n  bf16: true\n  fp16: true`,
    `${provider}mixed_precision:\n  bf16: true\n  fp16: false`,
  ),
  'bridge-unknown-recipe-name': bridge(
    `${provider}mixed_precision: bf16_with_fp8_block_scaling_mixed`,
    `${provider}mixed_precision: bf16_with_fp8_subchannel_scaling_mixed`,
  ),
  'bridge-nanov2-preset-is-blockwise': bridge(
    `${provider}mixed_precision: nanov2_bf16_with_fp8_current_scaling_mixed`,
    `${provider}mixed_precision: nemotron_h_bf16_with_fp8_current_scaling_mixed`,
  ),
  'bridge-fp16-mixed-reduces-in-fp16': bridge(
    `${provider}mixed_precision: fp16_mixed`,
    `${provider}mixed_precision: bf16_mixed`,
  ),
  'te-fp8-dpa-tensorwise-below-sm100': bridge(
    `${provider}mixed_precision:\n  fp8: hybrid\n  fp8_recipe: tensorwise\n  fp8_dot_product_attention: true`,
    `${provider}mixed_precision:\n  fp8: hybrid\n  fp8_recipe: delayed\n  fp8_dot_product_attention: true`,
    'h100',
  ),
  'te-fp8-attention-none-on-sm120': bridge(
    `${provider}mixed_precision:\n  fp8: hybrid\n  fp8_recipe: tensorwise\n  fp8_dot_product_attention: true`,
    `${provider}mixed_precision:\n  fp8: hybrid\n  fp8_recipe: tensorwise\n  fp8_dot_product_attention: true`,
    'rtx5090',
    'gb200',
  ),
  'te-fp8-dpa-inert-with-blockwise': bridge(
    `${provider}mixed_precision:\n  fp8: e4m3\n  fp8_recipe: blockwise\n  fp8_dot_product_attention: true`,
    `${provider}mixed_precision:\n  fp8: e4m3\n  fp8_recipe: tensorwise\n  fp8_dot_product_attention: true`,
  ),
  'te-mxfp8-needs-sm100': [
    bridge(
      `${provider}mixed_precision:\n  fp8: e4m3\n  fp8_recipe: mxfp8`,
      `${provider}mixed_precision:\n  fp8: e4m3\n  fp8_recipe: tensorwise`,
      'h100',
    ),
    grpo(
      `${fp8}      enabled: true\n      fp8: e4m3\n      fp8_recipe: mxfp8`,
      `${fp8}      enabled: true\n      fp8: e4m3\n      fp8_recipe: blockwise`,
      'h100',
    ),
  ],
  'nvfp4-without-bf16-layers': bridge(
    `${provider}mixed_precision: bf16_with_nvfp4_mixed`,
    `${provider}mixed_precision:\n  fp4: e2m1\n  fp4_recipe: nvfp4\n  first_last_layers_bf16: true`,
  ),
  'automodel-fp8-without-compile': automodel(
    `${pretrained}fp8:\n  enabled: true`,
    `${pretrained}fp8:\n  enabled: true\ncompile:\n  enabled: true`,
  ),
  'automodel-rowwise-inert-keys': automodel(
    `${pretrained}compile: {enabled: true}\nfp8:\n  enabled: true\n  recipe_name: rowwise\n  enable_fsdp_float8_all_gather: true`,
    `${pretrained}compile: {enabled: true}\nfp8:\n  enabled: true\n  recipe_name: rowwise`,
  ),
  'automodel-precompute-needs-named-tensorwise': automodel(
    `${pretrained}compile: {enabled: true}\nfp8:\n  enabled: true\n  enable_fsdp_float8_all_gather: true\n  precompute_float8_dynamic_scale_for_fsdp: true`,
    `${pretrained}compile: {enabled: true}\nfp8:\n  enabled: true\n  recipe_name: tensorwise\n  enable_fsdp_float8_all_gather: true\n  precompute_float8_dynamic_scale_for_fsdp: true`,
  ),
  'automodel-fp8-needs-sm89': automodel(
    `${pretrained}fp8:\n  enabled: true`,
    `${pretrained}fp8:\n  enabled: true\n  emulate: true`,
    'a100',
  ),
  'automodel-te-fp8-needs-te-backend': automodel(
    `${pretrained}  backend:\n    linear: torch\n    te_fp8:\n      recipe: current`,
    `${pretrained}  backend:\n    linear: te\n    te_fp8:\n      recipe: current`,
  ),
  'automodel-te-experts-need-dispatcher': automodel(
    `${pretrained}  backend:\n    experts: gmm\n    dispatcher: torch`,
    `${pretrained}  backend:\n    experts: gmm\n    dispatcher: deepep`,
  ),
  'automodel-mxfp8-experts-fall-back': automodel(
    `${pretrained}  backend:\n    experts: torch_mm_mxfp8`,
    `${pretrained}  backend:\n    experts: torch_mm_mxfp8`,
    'h100',
    'b200',
  ),
  'automodel-te-fp8-recipe-hardware': automodel(
    `${pretrained}  backend:\n    linear: te\n    te_fp8:\n      recipe: block`,
    `${pretrained}  backend:\n    linear: te\n    te_fp8:\n      recipe: current`,
    'l4',
  ),
  'automodel-adamw-bf16-state': automodel(
    `${pretrained}  torch_dtype: bfloat16\noptimizer:\n  _target_: torch.optim.AdamW\n  lr: 1.0e-5`,
    `${pretrained}  torch_dtype: float32\noptimizer:\n  _target_: torch.optim.AdamW\n  lr: 1.0e-5`,
  ),
  'torchao-force-recompute-no-op': automodel(
    `${pretrained}compile: {enabled: true}\nfp8:\n  enabled: true\n  force_recompute_fp8_weight_in_bwd: true`,
    `${pretrained}compile: {enabled: true}\nfp8:\n  enabled: true\n  force_recompute_fp8_weight_in_bwd: false`,
  ),
  'te-fp8-needs-cc-8-9': automodel(
    `${pretrained}fp8: hybrid`,
    `${pretrained}fp8: hybrid`,
    'a100',
    'h100',
  ),
  'nemorl-fp8-cfg-not-enabled': grpo(
    `${fp8}      fp8: e4m3\n      fp8_recipe: blockwise`,
    `${fp8}      enabled: true\n      fp8: e4m3\n      fp8_recipe: blockwise`,
  ),
  'nemorl-vllm-fp8-needs-importance-sampling': grpo(
    `${vllm}      precision: fp8\nloss_fn:\n  use_importance_sampling_correction: false`,
    `${vllm}      precision: fp8\nloss_fn:\n  use_importance_sampling_correction: true`,
  ),
  'nemorl-fp8-kv-cache-needs-fp8-weights': grpo(
    `${vllm}      precision: bfloat16\n      kv_cache_dtype: fp8_e4m3`,
    `${vllm}      precision: bfloat16\n      kv_cache_dtype: auto`,
  ),
  'nemorl-is-mx-needs-fp8-pow2': grpo(
    `${vllm}      precision: fp8\n      is_mx: true\n      pow2_weight_scaling_factors: false`,
    `${vllm}      precision: fp8\n      is_mx: true\n      pow2_weight_scaling_factors: true`,
  ),
  'primus-turbo-gemm-needs-other-recipe': primus(
    'fp8: hybrid\nenable_primus_turbo: true\nuse_turbo_gemm: true\nfp8_recipe: delayed',
    'fp8: hybrid\nenable_primus_turbo: true\nuse_turbo_gemm: true\nfp8_recipe: blockwise',
  ),
  'primus-turbo-fp4-needs-mxfp4': primus(
    'fp4: e2m1\nenable_primus_turbo: true\nuse_turbo_gemm: true\nfp4_recipe: nvfp4',
    'fp4: e2m1\nenable_primus_turbo: true\nuse_turbo_gemm: true\nfp4_recipe: mxfp4',
  ),
  'primus-nvfp4-default-silently-bf16': primus(
    'fp4: e2m1\nenable_primus_turbo: true\nuse_turbo_gemm: false\nfp4_recipe: nvfp4\nfp4_use_native_te_autocast: false',
    'fp4: e2m1\nenable_primus_turbo: true\nuse_turbo_gemm: false\nfp4_recipe: nvfp4\nfp4_use_native_te_autocast: true',
  ),
  'primus-native-te-fp4-with-turbo-gemm': primus(
    'fp4: e2m1\nfp4_recipe: mxfp4\nuse_turbo_gemm: true\nfp4_use_native_te_autocast: true\ntransformer_impl: transformer_engine',
    'fp4: e2m1\nfp4_recipe: mxfp4\nuse_turbo_gemm: true\nfp4_use_native_te_autocast: false\ntransformer_impl: transformer_engine',
  ),
  'primus-mxfp4-needs-gfx950': primus(
    'fp4: e2m1\nfp4_recipe: mxfp4\nuse_turbo_gemm: true\nenable_primus_turbo: true',
    'fp4: e2m1\nfp4_recipe: mxfp4\nuse_turbo_gemm: true\nenable_primus_turbo: true',
    'mi325x',
    'mi350x',
  ),
  'primus-two-fsdp2-optimizers': primus(
    'use_fsdp2_fp32_param_optimizer: true\nuse_fsdp2_bf16_master_weight_optimizer: true',
    'use_fsdp2_fp32_param_optimizer: true\nuse_fsdp2_bf16_master_weight_optimizer: false',
  ),
  'primus-grouped-gemm-without-padding': primus(
    'turbo_grouped_gemm_without_padding: true\nenable_primus_turbo: true\nuse_turbo_grouped_gemm: true\nmoe_router_padding_for_quantization: true',
    'turbo_grouped_gemm_without_padding: true\nenable_primus_turbo: true\nuse_turbo_grouped_gemm: true\nmoe_router_padding_for_quantization: false',
  ),
  'primus-mxfp8-needs-environment-variable': primus(
    'fp8: e4m3\nfp8_recipe: mxfp8',
    'fp8: e4m3\nfp8_recipe: blockwise',
  ),
  'fp8-e4m3-fnuz-on-mi300': primus(
    'fp8: hybrid\nfp8_recipe: tensorwise',
    'fp8: hybrid\nfp8_recipe: tensorwise',
    'mi300x',
    'mi355x',
  ),
};
