import { describe, expect, it } from 'vitest';
import { runOf } from './runsOf.ts';

const override = (recipe: string, more = '') =>
  `recipe: {_target_: megatron.bridge.recipes.${recipe}}
dataset: {seq_length: 1024}
train: {train_iters: 100, global_batch_size: 8, micro_batch_size: 1}
checkpoint: {save: /r}
scheduler: {lr_warmup_iters: 5}
${more}`;

describe('an override that names its recipe', () => {
  // Published totals of the models.
  it.each([
    ['llama.llama32_1b_pretrain_config', 1_235_814_400],
    ['llama.llama31_405b_pretrain_config', 405_853_388_800],
    ['llama.llama3_8b_16k_pretrain_config', 8_030_261_248],
    ['llama.llama2_7b_pretrain_config', 6_738_415_616],
    ['qwen.qwen25_1p5b_pretrain_config', 1_543_714_304],
    ['qwen.qwen3_600m_pretrain_config', 596_049_920],
    ['qwen.qwen3_30b_a3b_pretrain_config', 30_532_122_624],
  ])('has the model of %s', (recipe, total) => {
    expect(runOf('a.yaml', override(recipe))).toMatchObject({
      framework: 'megatron-bridge',
      role: 'pretrain',
      total,
      tokens: 100 * 8 * 1024,
      format: 'bf16 none',
    });
  });

  it('has no number where the model or the precision is another', () => {
    const changed = runOf(
      'a.yaml',
      override('llama.llama32_1b_pretrain_config', 'model: {num_layers: 4}'),
    );
    expect(changed.total).toBeNull();
    expect(changed.needs.map(({ why }) => why).join()).toContain('num_layers changes');
    expect(runOf('a.yaml', override('other.new_1b_pretrain_config')).total).toBeNull();
    expect(
      runOf('a.yaml', override('llama.llama3_8b_low_precision_pretrain_config')).format,
    ).toBeNull();
  });

  it('trains further what was trained', () => {
    const role = (recipe: string, more?: string) => runOf('a.yaml', override(recipe, more)).role;
    expect(role('llama.llama32_1b_sft_config')).toBe('finetune');
    expect(role('llama.llama32_1b_pretrain_config', 'mode: peft')).toBe('finetune');
    expect(role('llama.llama32_1b_pretrain_config', 'mode: cpt\nload_hf_weights: true')).toBe(
      'continued',
    );
  });
});

it('counts a provider by its own fields, and no mixture by them', () => {
  const saved = (experts: string) => `checkpoint: {save: /r}
mixed_precision: bf16_mixed
dataset: {sequence_length: 128}
model: {_target_: a.GPTModelProvider, num_layers: 2, hidden_size: 64, ffn_hidden_size: 128, num_attention_heads: 4, num_query_groups: 2, gated_linear_unit: true, add_bias_linear: false, position_embedding_type: rope, num_moe_experts: ${experts}, vocab_size: 100}
train: {train_iters: 10, global_batch_size: 4, micro_batch_size: 1}
`;
  // Query and output 64 × 64, key and value 64 × 32, three matrices of 64 × 128.
  const linear = 2 * (2 * 64 ** 2 + 2 * 64 * 32 + 3 * 64 * 128);
  expect(runOf('a.yaml', saved('null')).linear).toBe(linear);
  expect(runOf('a.yaml', saved('8')).linear).toBeNull();
});
