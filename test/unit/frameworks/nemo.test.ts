import { describe, expect, it } from 'vitest';
import { analysed, formatOf, run, written } from './readFiles.ts';
import { readText } from './readText.ts';

function config(model: readonly string[] = [], trainer = 'max_steps: 100'): string {
  return [
    'trainer:',
    '  precision: bf16',
    `  ${trainer}`,
    'model:',
    '  global_batch_size: 256',
    '  encoder_seq_length: 2048',
    '  max_position_embeddings: 2048',
    '  num_layers: 12',
    '  hidden_size: 768',
    '  num_attention_heads: 12',
    '  tokenizer: {library: megatron, type: GPT2BPETokenizer}',
    ...model.map((line) => `  ${line}`),
  ].join('\n');
}

const read = (model?: readonly string[], trainer?: string) =>
  run({ 'a.yaml': config(model, trainer) }, 'a.yaml');

describe('NeMo', () => {
  it('counts the GPT of its defaults: learned positions, biases, tied head', () => {
    // 124,439,808 with 1,024 positions (GPT-2 small); 2,048 here.
    expect(read().run.parameters).toMatchObject({
      total: 124_439_808 + 1024 * 768,
      nonEmbedding: 85_056_000,
    });
  });

  it('reads null as the default', () => {
    const { parameters } = read(['num_query_groups: null', 'kv_channels: null', 'bias: null']).run;
    expect(parameters?.nonEmbedding).toBe(85_056_000);
  });

  it.each([
    ['fast-swiglu', 3],
    ['geglu', 3],
    ['reglu', 3],
    ['squared-relu', 2],
    ['gelu', 2],
  ])('gives %s %i matrices', (activation, matrices) => {
    const { parameters } = read([`activation: ${activation}`, 'ffn_hidden_size: 1000']).run;
    expect(parameters?.linear).toBe(12 * (4 * 768 * 768 + matrices * 768 * 1000));
  });

  it('takes the sequence length that the data set is built with', () => {
    expect(read(['data: {seq_length: 1024}']).run.tokens.total?.value).toBe(100 * 256 * 1024);
    expect(read().run.tokens.total?.value).toBe(100 * 256 * 2048);
  });

  it('counts a batch that ramps up step by step', () => {
    // Batches of 64, 128 and 192 for 512 sequences each: 8, 4 and 3 steps; the other 85 have 256.
    const { total } = read(['rampup_batch_size: [64, 64, 1536]']).run.tokens;
    expect(total?.value).toBe((8 * 64 + 4 * 128 + 3 * 192 + 85 * 256) * 2048);
  });

  it('counts epochs as unknown', () => {
    expect(read([], 'max_epochs: 2').run.tokens.total).toBeNull();
  });

  it.each([
    [['fp8_hybrid: True'], 'bf16 none'],
    [['fp8: False', 'fp8_e4m3: true', 'fp8_hybrid: true'], 'bf16 none'],
    [['fp8: true', 'fp8_hybrid: true'], 'fp8-e4m3 tensor (fp8-e5m2)'],
    [['fp8: true', 'fp8_e4m3: true', 'fp8_hybrid: true'], 'fp8-e4m3 tensor'],
    [['fp8: true'], 'bf16 none'],
    [['fp8: true', 'fp8_hybrid: true', 'transformer_engine: false'], 'bf16 none'],
  ])('reads %j as %s', (model, format) => {
    expect(formatOf(read(model))).toBe(format);
  });

  it('asks Falcon’s layers alone for parallel attention', () => {
    const parallel = 'mcore_customization_config: {parallel_attention: true}';
    expect(read([parallel]).run.parameters?.nonEmbedding).toBe(85_056_000);
    expect(read([parallel, 'name: megatron_falcon_gpt']).run.parameters?.nonEmbedding).toBe(
      85_056_000 - 12 * 2 * 768,
    );
  });

  it('continues from restored weights and tunes with adapters', () => {
    expect(read(['restore_from_path: a.nemo']).run.role).toBe('continued');
    expect(read(['peft: {peft_scheme: lora}']).run.role).toBe('finetune');
    expect(read(['resume_from_checkpoint: null']).run.role).toBe('pretrain');
  });

  it('tunes where its name says so', () => {
    const role = (name: string) =>
      run({ 'a.yaml': `exp_manager: {name: ${name}}\n${config()}` }, 'a.yaml').run.role;
    expect(role('gpt_20b_sft_chat')).toBe('finetune');
    expect(role('1.3b-ppo')).toBe('finetune');
    expect(role('gpt_softmax')).toBe('pretrain');
  });

  it.each([
    'img_h: 224',
    'patch_dim: 16',
    'encoder: {arch: perceiver}',
    'bert_binary_head: True',
    'mm_cfg: {llm: a}',
  ])('is silent for %s', (line) => {
    expect(readText('a.yaml', config([line]))?.reading.role).toBe('other');
  });

  it('is silent for a conversion that has a training run’s trainer', () => {
    const stage = (...lines: readonly string[]) =>
      readText('a.yaml', `run: {${lines.join(', ')}}\n${config()}`)?.reading.role;
    expect(stage('convert_name: a', 'huggingface_ckpt_path: hf', 'nemo_file_name: b.nemo')).toBe(
      'other',
    );
    // Tuning names the conversion that its weights come from.
    expect(stage('convert_name: a')).toBe('pretrain');
  });

  it('does not take a list of stages for a run', () => {
    const launcher = [
      'defaults:',
      '  - training: small',
      'stages: [training]',
      'training_config: ${hydra:runtime.choices.training}',
      'conversion_config: ${hydra:runtime.choices.conversion}',
    ].join('\n');
    const stage = { 'training/small.yaml': config() };
    const { analysis } = analysed({ 'config.yaml': launcher, ...stage }, 'config.yaml');
    expect(analysis.runs).toEqual([]);
    expect(analysed(stage, 'training/small.yaml').analysis.runs).toHaveLength(1);
  });

  it('does not take an evaluation for a run', () => {
    expect(readText('a.yaml', `inference: {greedy: true}\n${config()}`)).toBeNull();
  });

  it('writes FP8 with its two formats settled, and takes it back', () => {
    const before = { 'a.yaml': config(['fp8: False', 'fp8_e4m3: True', 'fp8_hybrid: False']) };
    const low = written(before, 'a.yaml', {
      format: 'fp8-e4m3',
      granularity: 'tensor',
      block: null,
    });
    expect(low['a.yaml']).toContain('fp8: True\n  fp8_e4m3: False\n  fp8_hybrid: True');
    const plain = written(low, 'a.yaml', { format: 'bf16', granularity: 'none', block: null });
    expect(plain['a.yaml']).toContain('fp8: False');
    expect(plain['a.yaml']).toContain('precision: bf16');
  });
});

describe('NeMo: roles', () => {
  it.each([
    ['adapters', ['language_model_path: base.nemo', 'adapter_tuning: {type: linear_adapter}']],
    ['a reward model', ['reward_model_type: binary_ranking']],
    ['examples', ['data: {train_ds: [a.jsonl]}', 'restore_from_path: base.nemo']],
  ])('tunes %s', (_, model) => {
    expect(read(model).run.role).toBe('finetune');
  });

  it('goes on from a checkpoint, and starts anew without one', () => {
    expect(read(['restore_from_path: base.nemo']).run.role).toBe('continued');
    expect(read().run.role).toBe('pretrain');
  });
});
