import { expect, it } from 'vitest';
import { llama8b, resourcesIn, torchtune } from './resourcesIn.ts';

/** The input of one of its layers for 2,048 tokens in 16 bits. */
const input = 2048 * 2 * 4096;

it('wraps what torchtune’s ac_mode says, which the older switch keeps it from doing', () => {
  const activations = (...more: readonly string[]) => torchtune(...more)?.memory?.activations;
  const none = activations() ?? 0;
  const all = 32 * input + none / 32;
  expect(activations('enable_activation_checkpointing: true')).toBe(all);
  expect(activations('ac_mode: full')).toBe(all);
  const second = ['ac_mode: selective', 'ac_option: 2'];
  expect(activations(...second)).toBe(16 * input + (17 / 32) * none);
  expect(activations('enable_activation_checkpointing: true', ...second)).toBe(none);
  const operations = torchtune('ac_mode: selective', 'ac_option: op');
  expect(operations?.memory?.activations ?? null).toBeNull();
  expect(operations?.needs.join()).toContain('ac_mode');
});

it('wraps every second layer of torchtitan unless the option says otherwise', () => {
  const activations = (...more: readonly string[]) =>
    resourcesIn('run.toml', [
      '[model]',
      'name = "llama3"',
      'flavor = "8B"',
      '[training]',
      'local_batch_size = 1',
      'seq_len = 2048',
      'steps = 10',
      '[activation_checkpoint]',
      ...more,
    ])?.memory?.activations;
  const none = activations('mode = "none"') ?? 0;
  expect(none).toBeGreaterThan(0);
  const second = 16 * input + (17 / 32) * none;
  expect(activations('mode = "selective"')).toBe(second);
  expect(activations('mode = "selective"', 'selective_ac_option = "2"')).toBe(second);
  expect(activations('mode = "selective"', 'selective_ac_option = "4"')).toBe(
    8 * input + (25 / 32) * none,
  );
  const operations = activations('mode = "selective"', 'selective_ac_option = "op"') ?? 0;
  expect(operations).toBeGreaterThan(32 * input + none / 32);
});

it('keeps whole 16-bit gradients while the Trainer accumulates under FSDP', () => {
  const axolotl = (...more: readonly string[]) =>
    resourcesIn('full.yaml', [
      '# floatcast: world-size=8',
      'base_model: meta-llama/Llama-3.1-8B',
      'datasets: [{path: a, type: alpaca}]',
      'sequence_len: 2048',
      'micro_batch_size: 1',
      'max_steps: 10',
      'bf16: true',
      'optimizer: adamw_torch',
      'fsdp: [full_shard, auto_wrap]',
      ...more,
    ])?.memory;
  expect(axolotl()?.deviceParts?.gradients).toBe((4 * llama8b) / 8);
  const accumulated = axolotl('gradient_accumulation_steps: 4');
  expect(accumulated?.gradients).toBe(2 * llama8b);
  expect(accumulated?.deviceParts?.gradients).toBe(2 * llama8b);
  const each = 'accelerator_config: {gradient_accumulation_kwargs: {sync_each_batch: true}}';
  expect(axolotl('gradient_accumulation_steps: 4', each)?.deviceParts?.gradients).toBe(
    (4 * llama8b) / 8,
  );
});

it('keeps of Fast-LLM’s logits what its loss keeps, in pieces where told', () => {
  const logits = (head: string) =>
    resourcesIn('fast.yaml', [
      'training: {train_iters: 10}',
      'batch: {micro_batch_size: 1, sequence_length: 2048, batch_size: 8}',
      'optimizer: {learning_rate: {base: 1.0e-4}}',
      'model:',
      '  base_model:',
      '    transformer: {num_layers: 12, hidden_size: 768, num_attention_heads: 12, head_groups: 12, ffn_hidden_size: 3072}',
      `    vocab_size: 50304${head}`,
      '  distributed: {training_dtype: bf16}',
    ])?.memory?.logits;
  expect(logits('')).toBe(4 * 2048 * 50_304);
  expect(logits('\n    cross_entropy_splits: 4')).toBe(2048 * 50_304);
});

it('keeps verl’s logits once where its actor asks for no entropy', () => {
  const logits = (actor: string) =>
    resourcesIn('ppo.yaml', [
      'data: {train_files: a, max_prompt_length: 1024, max_response_length: 3072}',
      'actor_rollout_ref:',
      '  model: {path: Qwen/Qwen2.5-7B-Instruct, enable_gradient_checkpointing: true}',
      `  actor: {strategy: fsdp, use_dynamic_bsz: true, ppo_max_token_len_per_gpu: 16384${actor}}`,
      'trainer: {total_epochs: 1, n_gpus_per_node: 8, nnodes: 2}',
    ])?.memory?.logits;
  const once = 2 * 16_384 * 152_064;
  expect(logits('')).toBe(once);
  expect(logits(', entropy_coeff: 0.001')).toBe(5 * once);
});

it('keeps no logits where OLMo-core’s head is fused with the loss', () => {
  const logits = (head: string) =>
    resourcesIn('train.py', [
      'from olmo_core.internal.experiment import CommonComponents, main',
      'from olmo_core.nn.lm_head import LMHeadConfig, LMLossImplementation',
      'from olmo_core.nn.transformer import TransformerConfig',
      'from olmo_core.train import Duration, TrainerConfig',
      'from olmo_core.train.train_module import TransformerDataParallelConfig, TransformerTrainModuleConfig',
      'SEQUENCE_LENGTH = 4096',
      'def build_model_config(common: CommonComponents) -> TransformerConfig:',
      `    return TransformerConfig.olmo2_1B_v2(vocab_size=100352${head})`,
      'def build_train_module_config(common: CommonComponents) -> TransformerTrainModuleConfig:',
      '    return TransformerTrainModuleConfig(',
      '        rank_microbatch_size=4 * SEQUENCE_LENGTH,',
      '        optim=AdamWConfig(lr=4e-4),',
      '        dp_config=TransformerDataParallelConfig(param_dtype=DType.bfloat16),',
      '    )',
      'def build_trainer_config(common: CommonComponents) -> TrainerConfig:',
      '    return TrainerConfig(max_duration=Duration.tokens(int(4e12)))',
      'if __name__ == "__main__":',
      '    main(global_batch_size=512 * SEQUENCE_LENGTH, model_config_builder=build_model_config, train_module_config_builder=build_train_module_config, trainer_config_builder=build_trainer_config)',
    ])?.memory?.logits;
  expect(logits('')).toBe(10 * 4 * 4096 * 100_352);
  const fused = 'LMHeadConfig(loss_implementation=LMLossImplementation.fused_linear)';
  expect(logits(`, lm_head=${fused}`)).toBe(0);
});
