import { describe, expect, it } from 'vitest';
import { formatOf, run, written } from './readFiles.ts';
import { readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

const read = (...lines: readonly string[]) => run({ 'a.yaml': lines.join('\n') }, 'a.yaml');

describe('Megatron-Bridge', () => {
  const base = [
    'train: {train_iters: 100, global_batch_size: 8, micro_batch_size: 1}',
    'scheduler: {lr_warmup_iters: 3}',
    'logger: {log_interval: 1}',
  ];

  it('counts tokens by the data set’s sequence, and asks for the recipe’s', () => {
    expect(read(...base, 'dataset: {seq_length: 4096}').run.tokens.total?.value).toBe(
      100 * 8 * 4096,
    );
    expect(read(...base, 'model: {seq_length: 2048}').run.tokens.total?.value).toBe(100 * 8 * 2048);
    const { run: got, needs } = read(...base);
    expect(got.tokens.total).toBeNull();
    expect(needs).toContainEqual(need('tokens', 'the sequence length is not in the file'));
    expect(needs.map(({ why }) => why).join(' ')).toContain('the model is the recipe’s');
  });

  it.each([
    ['bf16_mixed', 'bf16 none'],
    ['fp16-mixed', 'fp16 none'],
    ['bf16-with-fp8-delayed-scaling-mixed', 'fp8-e4m3 tensor (fp8-e5m2)'],
    ['bf16_with_fp8_current_scaling_mixed', 'fp8-e4m3 tensor (fp8-e5m2)'],
    ['bf16_with_fp8_subchannel_scaling_mixed', 'fp8-e4m3 block 128 (fp8-e5m2)'],
    ['bf16_with_mxfp8_mixed', 'mxfp8-e4m3 block 32'],
    ['nemotron_3_super_bf16_with_nvfp4_mixed', 'nvfp4 block 16'],
    ['{bf16: true, fp8: e4m3}', 'fp8-e4m3 tensor'],
    ['{bf16: true, fp8: hybrid, fp8_recipe: mxfp8}', 'mxfp8-e4m3 block 32 (mxfp8-e5m2)'],
    ['house_recipe', null],
  ])('reads mixed_precision %s as %s', (name, format) => {
    expect(formatOf(read(...base, `mixed_precision: ${name}`))).toBe(format);
  });

  it('tells tuning, distillation and quantised checkpoints from pre-training', () => {
    expect(read(...base).run.role).toBe('pretrain');
    expect(read(...base, 'peft: {dim: 8}').run.role).toBe('finetune');
    expect(read(...base, 'optimizer: {finetune_lr: 1e-6}').run.role).toBe('finetune');
    expect(read(...base, 'checkpoint: {pretrained_checkpoint: a}').run.role).toBe('continued');
  });
});

describe('NeMo RL', () => {
  const policy = [
    'policy:',
    '  model_name: meta-llama/Llama-3.2-1B',
    '  train_global_batch_size: 32',
    '  max_total_sequence_length: 1024',
    '  precision: bfloat16',
  ];

  it('counts no samples of any length, nor what is sampled', () => {
    const sft = read(...policy, 'sft: {max_num_steps: 60}');
    expect(sft.run).toMatchObject({ role: 'finetune', parameters: { total: 1_235_814_400 } });
    expect(sft.run.tokens.total).toBeNull();
    expect(sft.needs.map(({ why }) => why).join()).toContain('not known to be packed');
    const grpo = read(...policy, 'grpo: {max_num_steps: 60}');
    expect(grpo.run.tokens.total).toBeNull();
    expect(grpo.needs).toContainEqual(
      need('tokens', 'the tokens are generated while the run goes on'),
    );
  });

  it('does not take the generation’s FP8 for the training’s', () => {
    const generation = '  generation: {vllm_cfg: {precision: fp8}}';
    expect(formatOf(read(...policy, generation, 'grpo: {}'))).toBe('bf16 none');
    const training =
      '  megatron_cfg: {enabled: true, fp8_cfg: {enabled: true, fp8: e4m3, fp8_recipe: blockwise}}';
    expect(formatOf(read(...policy, training, 'grpo: {}'))).toBe('fp8-e4m3 block 128');
  });
});

describe('NeMo Automodel', () => {
  const scheduler = 'step_scheduler: {global_batch_size: 64, local_batch_size: 8, max_steps: 100}';
  const model = (method: string) =>
    `model: {_target_: nemo_automodel.NeMoAutoModelForCausalLM.${method}, pretrained_model_name_or_path: Qwen/Qwen3-0.6B}`;

  it('takes the packed length before the data set’s', () => {
    const lines = [scheduler, model('from_config'), 'dataset: {seq_length: 512}'];
    expect(read(...lines).run.tokens.total?.value).toBe(100 * 64 * 512);
    expect(
      read(...lines, 'packed_sequence: {packed_sequence_size: 4096}').run.tokens.total?.value,
    ).toBe(100 * 64 * 4096);
  });

  it.each([
    ['{enabled: true}', 'fp8-e4m3 tensor (fp8-e5m2)'],
    ['{enabled: true, recipe_name: rowwise}', 'fp8-e4m3 channel'],
    ['{enabled: false, recipe_name: rowwise}', 'bf16 none'],
  ])('reads fp8: %s as %s', (fp8, format) => {
    expect(formatOf(read(scheduler, model('from_config'), `fp8: ${fp8}`))).toBe(format);
  });

  it('tells by the builder and the data whether it starts anew', () => {
    const corpus = 'dataset: {_target_: x.nanogpt_dataset.NanogptDataset, seq_len: 512}';
    expect(read(scheduler, model('from_config'), corpus).run.role).toBe('pretrain');
    expect(read(scheduler, model('from_pretrained'), corpus).run.role).toBe('continued');
    expect(read(scheduler, model('from_pretrained')).run.role).toBe('finetune');
    expect(read(scheduler, model('from_config'), 'peft: {dim: 8}').run.role).toBe('finetune');
  });

  it('writes the recipe and takes it back', () => {
    const before = { 'a.yaml': [scheduler, model('from_config')].join('\n') };
    const low = written(before, 'a.yaml', {
      format: 'fp8-e4m3',
      granularity: 'channel',
      block: null,
    });
    expect(formatOf(run(low, 'a.yaml'))).toBe('fp8-e4m3 channel');
    const plain = written(low, 'a.yaml', { format: 'bf16', granularity: 'none', block: null });
    expect(formatOf(run(plain, 'a.yaml'))).toBe('bf16 none');
  });
});

describe('verl', () => {
  const trainer = 'trainer: {total_epochs: 4, nnodes: 1, n_gpus_per_node: 8}';
  const data = 'data: {train_files: a.parquet, train_batch_size: 256, max_length: 1024}';

  it('reads the supervised trainer; model_dtype is only what the weights are kept in', () => {
    const got = read(
      trainer,
      data,
      'model: {partial_pretrain: Qwen/Qwen2.5-0.5B, fsdp_config: {model_dtype: fp32}}',
    );
    expect(got.run).toMatchObject({ role: 'finetune', parameters: { total: 494_032_768 } });
    expect(got.run.tokens.total).toBeNull();
    expect(formatOf(got)).toBe('bf16 none');
  });

  it('reads the trainer of reinforcement learning, whose tokens are sampled', () => {
    const got = read(trainer, 'actor_rollout_ref: {model: {path: Qwen/Qwen2.5-0.5B}}');
    expect(got.run.parameters?.total).toBe(494_032_768);
    expect(got.needs).toContainEqual(
      need('tokens', 'the tokens are generated while the run goes on'),
    );
  });

  it('reads a checkpoint folder of the workspace by its config.json', () => {
    const config = {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      hidden_size: 64,
      intermediate_size: 256,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      vocab_size: 100,
    };
    const text = [trainer, data, 'model: {partial_pretrain: ./models/tiny}'].join('\n');
    const workspace = { 'a.yaml': text, 'models/tiny/config.json': JSON.stringify(config) };
    const { parameters, fields } = run(workspace, 'a.yaml').run;
    expect(parameters?.linear).toBe(2 * (4 * 64 * 64 + 3 * 64 * 256));
    expect(fields.parameters.map((place) => place.file)).toContain('models/tiny/config.json');
  });

  it('is not any YAML with a trainer', () => {
    expect(readText('a.yaml', `${trainer}\nmodel: {path: a}`)).toBeNull();
  });
});
