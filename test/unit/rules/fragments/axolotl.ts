import { behind, within, type Fragments } from './fragment.ts';

const tune = within(
  'tune.yaml',
  behind(
    'base_model: NousResearch/Llama-3.2-1B',
    'datasets:',
    '  - path: own/data',
    '    type: alpaca',
    'sequence_len: 2048',
    'micro_batch_size: 2',
    'gradient_accumulation_steps: 4',
  ),
);

/** axolotl's rules. */
export const axolotl: Fragments = {
  'axolotl-fp8-needs-fp8-gpu': tune('fp8: true', 'fp8: true', 'a100', 'l40s'),
  'axolotl-float8-all-gather-needs-fsdp2': tune(
    'fp8: true\ntorch_compile: true\nfp8_enable_fsdp_float8_all_gather: true',
    'fp8: true\ntorch_compile: true\nfp8_enable_fsdp_float8_all_gather: true\nfsdp_version: 2',
  ),
  'axolotl-fp8-without-compile': tune('fp8: true', 'fp8: true\ntorch_compile: true'),
  'axolotl-fp8-with-fsdp-activation-checkpointing': tune(
    'fp8: true\nfsdp_version: 2\nfsdp_config:\n  activation_checkpointing: true',
    'fp8: true\nfsdp_version: 2\nfsdp_config:\n  activation_checkpointing: false',
  ),
  'axolotl-fp8-attention-needs-sm90': tune(
    'bf16: true\nattn_implementation: fp8',
    'bf16: true\nattn_implementation: fp8',
    'rtx4090',
    'h200',
  ),
  'axolotl-bf16-full-rejected': tune('bf16: full', 'bf16: auto'),
  'axolotl-bfloat16-without-amp': [
    tune('bfloat16: true', 'bf16: auto\nbfloat16: true'),
    tune('bfloat16: true', 'bfloat16: true\nadapter: lora\nlora_r: 8'),
  ],
  'axolotl-qat-int8-weight-only': tune(
    'bf16: true\nqat:\n  weight_dtype: int8',
    'bf16: true\nqat:\n  weight_dtype: int4\n  group_size: 32',
  ),
  'axolotl-qat-nvfp4-group-size': tune(
    'bf16: true\nquantization:\n  weight_dtype: nvfp4',
    'bf16: true\nquantization:\n  weight_dtype: nvfp4\n  group_size: 16',
  ),
  'axolotl-qat-mxfp4-group-size': tune(
    'bf16: true\nqat:\n  weight_dtype: mxfp4\n  activation_dtype: mxfp4\n  group_size: 16',
    'bf16: true\nqat:\n  weight_dtype: mxfp4\n  activation_dtype: mxfp4',
  ),
  'axolotl-qat-equal-int-dtypes': tune(
    'bf16: true\nqat:\n  activation_dtype: int4\n  weight_dtype: int4',
    'bf16: true\nqat:\n  activation_dtype: int8\n  weight_dtype: int4',
  ),
  'axolotl-fake-quant-never-starts': tune(
    'bf16: true\nmax_steps: 500\nqat:\n  weight_dtype: int4\n  fake_quant_after_n_steps: 500',
    'bf16: true\nmax_steps: 500\nqat:\n  weight_dtype: int4\n  fake_quant_after_n_steps: 499',
  ),
  'axolotl-fake-quant-after-zero': tune(
    'bf16: true\nqat:\n  weight_dtype: int4\n  fake_quant_after_n_steps: 0',
    'bf16: true\nqat:\n  weight_dtype: int4\n  fake_quant_after_n_steps: 1',
  ),
  'axolotl-qat-with-bnb-loading': tune(
    'bf16: true\nload_in_4bit: true\nqat:\n  weight_dtype: int4',
    'bf16: true\nload_in_4bit: false\nqat:\n  weight_dtype: int4',
  ),
  'axolotl-8bit-optimizer-with-fsdp2': tune(
    'bf16: true\noptimizer: adamw_bnb_8bit\nfsdp_version: 2\nfsdp_config:\n  reshard_after_forward: true',
    'bf16: true\noptimizer: adamw_torch_8bit\nfsdp_version: 2\nfsdp_config:\n  reshard_after_forward: true',
  ),
  'axolotl-8bit-optimizer-with-fsdp-offload': tune(
    'bf16: true\noptimizer: adamw_8bit\nfsdp_config:\n  fsdp_offload_params: true',
    'bf16: true\noptimizer: adamw_torch\nfsdp_config:\n  fsdp_offload_params: true',
  ),
  'axolotl-8bit-optimizer-with-tp': tune(
    'bf16: true\noptimizer: paged_adamw_8bit\ntensor_parallel_size: 2',
    'bf16: true\noptimizer: paged_adamw_8bit\ntensor_parallel_size: 1',
  ),
  'axolotl-quantization-config-with-bnb': tune(
    'bf16: true\nmodel_quantization_config: Mxfp4Config\nload_in_8bit: true',
    'bf16: true\nmodel_quantization_config: Mxfp4Config',
  ),
  'axolotl-sdpa-packing-bf16': tune(
    'bf16: auto\nsample_packing: true\nattn_implementation: sdpa',
    'bf16: auto\nsample_packing: true\nattn_implementation: sdpa',
    'mi300x',
    'h100',
  ),
  'axolotl-qat-nvfp4-base-config': tune(
    'bf16: true\nqat:\n  weight_dtype: nvfp4\n  activation_dtype: nvfp4\n  group_size: 16',
    'bf16: true\nqat:\n  weight_dtype: mxfp4\n  activation_dtype: mxfp4\n  group_size: 32',
  ),
  'axolotl-qat-dtype-combination': tune(
    'bf16: true\nqat:\n  weight_dtype: fp8',
    'bf16: true\nqat:\n  weight_dtype: fp8\n  activation_dtype: float8_e4m3fn',
  ),
  'axolotl-qat-mxfp4-quantises-activations': tune(
    'bf16: true\nqat:\n  weight_dtype: mxfp4',
    'bf16: true\nqat:\n  weight_dtype: mxfp4\n  activation_dtype: mxfp4',
  ),
  'accelerate-fp8-falls-back-to-fp16': tune(
    'mixed_precision: fp8',
    'mixed_precision: fp8',
    'a100',
    'h100',
  ),
  'int8-matmul-on-blackwell-ultra': tune(
    'load_in_8bit: true\nadapter: lora',
    'load_in_4bit: true\nadapter: qlora',
    'b300',
  ),
};
