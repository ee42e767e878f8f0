import { expect, it } from 'vitest';
import { resourcesIn } from './resourcesIn.ts';

it('counts Unsloth’s adapters beside weights in 4 bits', () => {
  const json = resourcesIn('train.py', [
    'from unsloth import FastLanguageModel',
    'from trl import SFTTrainer, SFTConfig',
    'model, tokenizer = FastLanguageModel.from_pretrained(',
    '    model_name="unsloth/Meta-Llama-3.1-8B-bnb-4bit", max_seq_length=2048, load_in_4bit=True)',
    'model = FastLanguageModel.get_peft_model(model, r=16, target_modules=[',
    '    "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])',
    'trainer = SFTTrainer(model=model, args=SFTConfig(',
    '    per_device_train_batch_size=2, gradient_accumulation_steps=4, max_steps=60,',
    '    learning_rate=2e-4, optim="adamw_8bit", bf16=True))',
  ]);
  expect(json?.trainedParameters).toBe(41_943_040);
  const linear = 6_979_321_856;
  const others = 8_030_261_248 - linear;
  expect(json?.memory?.weights).toBe(linear / 2 + 2 * others + 4 * 41_943_040);
  expect(json?.memory?.logits).toBe(0);
});

it('says what it does not count instead of counting it wrongly', () => {
  const lines = [
    'model_name_or_path: Qwen/Qwen2.5-7B',
    'stage: dpo',
    'finetuning_type: full',
    'dataset: a',
    'template: qwen',
    'bf16: true',
  ];
  const json = resourcesIn('dpo.yaml', lines);
  expect(json?.memory).toBeNull();
  expect(json?.needs).toEqual([
    'memory: what stage dpo, with its models beside the trained one, keeps is not counted',
  ]);
});

it('divides what DeepSpeed’s file says, and asks for the file that is not there', () => {
  const lines = [
    'model: Qwen/Qwen2.5-7B',
    'train_type: full',
    'dataset: a',
    'torch_dtype: bfloat16',
    'max_length: 2048',
    'deepspeed: ds.json',
  ];
  expect(resourcesIn('swift.yaml', lines)?.needs).toEqual([
    'memory: what DeepSpeed divides stands in ds.json, which is not there',
  ]);
  const zero = {
    'ds.json': '{"zero_optimization": {"stage": 2, "offload_optimizer": {"device": "cpu"}}}',
  };
  const json = resourcesIn('swift.yaml', ['# floatcast: world-size=8', ...lines], zero);
  const parts = json?.memory?.deviceParts;
  expect([parts?.masterWeights, parts?.gradients, parts?.optimizer]).toEqual([0, 0, 0]);
  expect(parts?.weights).toBe(2 * 7_615_616_512);
});

it('divides nanotron’s moments by ZeRO-1 and NeMo’s by the distributed optimizer', () => {
  const nemo = (name: string) =>
    resourcesIn('gpt.yaml', [
      'trainer: {devices: 8, num_nodes: 1, precision: bf16, max_steps: 100}',
      'model:',
      '  micro_batch_size: 1',
      '  global_batch_size: 8',
      '  encoder_seq_length: 2048',
      '  max_position_embeddings: 2048',
      '  num_layers: 12',
      '  hidden_size: 768',
      '  ffn_hidden_size: 3072',
      '  num_attention_heads: 12',
      '  megatron_amp_O2: true',
      '  tokenizer: {library: megatron, type: GPT2BPETokenizer}',
      `  optim: {name: ${name}}`,
      '  data: {seq_length: 2048}',
    ])?.memory?.deviceParts;
  const whole = nemo('fused_adam');
  const divided = nemo('distributed_fused_adam');
  expect(whole?.optimizer).toBeGreaterThan(0);
  expect((whole?.optimizer ?? 0) / (divided?.optimizer ?? 1)).toBeCloseTo(8, 5);
  expect(divided?.gradients).toBe(whole?.gradients);
});
