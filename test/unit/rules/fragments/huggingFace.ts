import { behind, within, type Fragments } from './fragment.ts';

const sft = within(
  'sft.yaml',
  behind(
    'model_name_or_path: Qwen/Qwen2.5-0.5B',
    'dataset_name: trl-lib/Capybara',
    'learning_rate: 2.0e-5',
    'per_device_train_batch_size: 2',
    'max_length: 1024',
    'output_dir: out',
  ),
);
const launched = within(
  'run.sh',
  (flags) =>
    `accelerate launch --mixed_precision fp8 sft.py \\\n  --model_name_or_path Qwen/Qwen2.5-0.5B --dataset_name trl-lib/Capybara \\\n  --per_device_train_batch_size 2 --output_dir out --learning_rate 2e-5 ${flags}\n`,
);
const python = within('tune.py', (config) =>
  [
    'from transformers import AutoModelForCausalLM, BitsAndBytesConfig',
    'from trl import SFTConfig, SFTTrainer',
    config,
    'model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-0.5B", quantization_config=quantized)',
    'arguments = SFTConfig(output_dir="out", per_device_train_batch_size=2, max_steps=100)',
    'trainer = SFTTrainer(model=model, args=arguments, train_dataset=data)',
    'trainer.train()',
    '',
  ].join('\n'),
);
const factory = within(
  'factory.yaml',
  behind(
    'model_name_or_path: meta-llama/Llama-3.2-1B',
    'do_train: true',
    'dataset: alpaca_en_demo',
    'template: llama3',
    'cutoff_len: 2048',
    'per_device_train_batch_size: 1',
    'output_dir: out',
  ),
);
const swift = within(
  'swift.sh',
  (flags) =>
    `swift sft \\\n  --model Qwen/Qwen2.5-7B --train_type full --dataset own/data \\\n  --per_device_train_batch_size 1 ${flags}\n`,
);

/** Rules of Hugging Face's Trainer, TRL, LLaMA-Factory and ms-swift, and of accelerators under them. */
export const huggingFace: Fragments = {
  'hf-fp16-and-bf16': [
    sft('fp16: true\nbf16: true', 'bf16: true'),
    factory('stage: sft\nfinetuning_type: full\nfp16: true\nbf16: true', 'stage: sft\nbf16: true'),
    swift('--bf16 true --fp16 true', '--bf16 true --fp16 false'),
  ],
  'hf-bf16-overrides-launcher-fp8': launched('--bf16 True', '--bf16 False'),
  'trl-bf16-default-blocks-fp8': launched('--max_steps 100', '--max_steps 100 --bf16 False'),
  'hf-fp16-weights-under-fp16-amp': sft('fp16: true\ndtype: float16', 'fp16: true\ndtype: float32'),
  'qlora-compute-dtype-float32': [
    sft(
      'load_in_4bit: true\nuse_peft: true\ntorch_dtype: float32',
      'load_in_4bit: true\nuse_peft: true\ntorch_dtype: bfloat16',
    ),
    sft(
      'load_in_4bit: true\nuse_peft: true',
      'load_in_4bit: true\nuse_peft: true\ndtype: bfloat16',
    ),
    python(
      'quantized = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")',
      'quantized = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_compute_dtype=torch.bfloat16)',
    ),
  ],
  'qlora-fsdp-quant-storage': sft(
    'load_in_4bit: true\nuse_peft: true\ndtype: bfloat16\nfsdp: full_shard auto_wrap',
    'load_in_4bit: true\nuse_peft: true\ndtype: bfloat16\nfsdp: full_shard auto_wrap\nbnb_4bit_quant_storage: bfloat16',
  ),
  'trl-qlora-adapters-are-bf16': sft(
    'load_in_4bit: true\nuse_peft: true\ndtype: float16\nfp16: true',
    'load_in_4bit: true\nuse_peft: true\ndtype: bfloat16\nbf16: true',
  ),
  'habana-fp16-not-supported': sft('fp16: true', 'bf16: true', 'gaudi2'),
  'gaudi3-fp8-no-faster': sft('fp8: true\nbf16: true', 'fp8: true\nbf16: true', 'gaudi3', 'gaudi2'),
  'int8-matmul-on-blackwell-ultra': sft(
    'load_in_8bit: true\nuse_peft: true',
    'load_in_8bit: true\nuse_peft: true',
    'gb300',
    'b200',
  ),
  'swift-float32-becomes-fp16-amp': swift(
    '--torch_dtype float32',
    '--torch_dtype float32 --fp16 false --bf16 false',
  ),
  'llamafactory-fp8-with-quantization': factory(
    'stage: sft\nfinetuning_type: lora\nfp8: true\nquantization_bit: 8',
    'stage: sft\nfinetuning_type: lora\nquantization_bit: 8',
  ),
  'llamafactory-fp8-inert-with-transformers-5': factory(
    'stage: pt\nfinetuning_type: full\nfp8: true',
    'stage: pt\nfinetuning_type: full\nfp8: false',
  ),
  'llamafactory-fp8-only-in-pt-and-sft': factory(
    'stage: dpo\nfinetuning_type: full\nfp8: true',
    'stage: sft\nfinetuning_type: full\nfp8: true',
  ),
  'llamafactory-float8-all-gather-without-fp8': factory(
    'stage: sft\nfinetuning_type: full\nfp8_enable_fsdp_float8_all_gather: true',
    'stage: sft\nfinetuning_type: full\nfp8_enable_fsdp_float8_all_gather: true\nfp8: true',
  ),
  'llamafactory-pure-bf16-no-master': factory(
    'stage: sft\nfinetuning_type: full\npure_bf16: true',
    'stage: sft\nfinetuning_type: lora\npure_bf16: true',
  ),
  'llamafactory-quantization-needs-lora': factory(
    'stage: sft\nfinetuning_type: full\nquantization_bit: 4',
    'stage: sft\nfinetuning_type: oft\nquantization_bit: 4',
  ),
  'llamafactory-8bit-with-fsdp-or-zero3': factory(
    'stage: sft\nfinetuning_type: lora\nquantization_bit: 8\ndeepspeed: configs/ds_z3_config.json',
    'stage: sft\nfinetuning_type: lora\nquantization_bit: 8\ndeepspeed: configs/ds_z2_config.json',
  ),
  'accelerate-fp8-falls-back-to-fp16': factory(
    'stage: sft\nfinetuning_type: full\nmixed_precision: fp8',
    'stage: sft\nfinetuning_type: full\nmixed_precision: bf16',
    'a100',
  ),
  'accelerate-deepspeed-precision-conflict': [
    {
      ...sft('bf16: true\ndeepspeed: zero2.json', 'bf16: false\ndeepspeed: zero2.json'),
      others: { 'zero2.json': '{"fp16": {"enabled": true}, "zero_optimization": {"stage": 2}}' },
    },
    {
      ...within(
        'accelerate.yaml',
        behind('distributed_type: DEEPSPEED', 'num_processes: 8', 'mixed_precision: fp16'),
      )(
        'deepspeed_config:\n  deepspeed_config_file: bf16.json',
        'deepspeed_config:\n  deepspeed_config_file: auto.json',
      ),
      others: {
        'bf16.json': '{"bf16": {"enabled": true}}',
        'auto.json': '{"bf16": {"enabled": "auto"}, "fp16": {"enabled": "auto"}}',
      },
    },
  ],
  'deepspeed-bf16-accumulates-in-bf16': {
    ...sft(
      'bf16: true\ngradient_accumulation_steps: 4\ndeepspeed: zero2.json',
      'bf16: true\ngradient_accumulation_steps: 1\ndeepspeed: zero2.json',
    ),
    others: { 'zero2.json': '{"bf16": {"enabled": true}, "zero_optimization": {"stage": 2}}' },
  },
};
