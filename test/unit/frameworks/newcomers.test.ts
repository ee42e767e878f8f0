import { describe, expect, it } from 'vitest';
import { need } from '../../../src/core/run/need.ts';
import { runOf, runsOf } from './runsOf.ts';

describe('Cerebras Model Zoo', () => {
  const config = (model: string, more = 'loop: {max_steps: 10}') =>
    [
      'trainer:',
      '  init:',
      `    model: {hidden_size: 64, num_heads: 4, num_hidden_layers: 2, filter_size: 256, max_position_embeddings: 128, vocab_size: 100, ${model}}`,
      '    precision: {enabled: true, fp16_type: bfloat16}',
      `    ${more}`,
      '  fit: {train_dataloader: {batch_size: 8}}',
    ].join('\n');

  it('counts a mixture in every layer, and the whole system’s batch', () => {
    const run = runOf(
      'a.yaml',
      config('name: mixtral, nonlinearity: swiglu, moe: {num_experts: 4}'),
    );
    expect(run.linear).toBe(2 * (4 * 64 * 64 + 4 * 3 * 64 * 256 + 4 * 64));
    expect(run.tokens).toBe(10 * 8 * 128);
  });

  it('counts no model whose blocks are others, and is silent on encoders', () => {
    const run = runOf('a.yaml', config('name: falcon'));
    expect(run.linear).toBeNull();
    expect(run.needs).toContainEqual(
      need('parameters', 'how “falcon” builds its layers is not known'),
    );
    expect(runsOf('a.yaml', config('name: bert'))).toEqual([]);
  });

  it('writes the other 16-bit format where the type is stated', () => {
    expect(runOf('a.yaml', config('name: gpt3')).write('fp16')).toMatch('fp16_type: float16}');
  });
});

describe('oumi', () => {
  const config = (more: string) =>
    `model: {model_name: Qwen/Qwen3-0.6B, model_max_length: 512, ${more}}\ndata: {train: {pack: true, datasets: [{dataset_name: a}]}}\ntraining: {max_steps: 10, per_device_train_batch_size: 2}\n`;

  it('starts anew without weights, and tunes with them', () => {
    expect(runOf('a.yaml', config('load_pretrained_weights: false'))).toMatchObject({
      role: 'pretrain',
      perRank: 10 * 2 * 512,
      format: 'fp32 none',
    });
    expect(runOf('a.yaml', config('torch_dtype_str: bfloat16'))).toMatchObject({
      role: 'finetune',
      format: 'bf16 none',
    });
  });
});

describe('Fast-LLM', () => {
  const config = (decoder: string) =>
    [
      'training: {train_iters: 10}',
      'data: {micro_batch_size: 256}',
      'run: {experiment_dir: a}',
      'model:',
      `  base_model: {hidden_size: 64, embeddings: {vocab_size: 100}, decoder: ${decoder}}`,
      '  distributed: {compute_dtype: bf16}',
    ].join('\n');

  it('has one group of heads, biases, LayerNorms and a tied head where nothing is said', () => {
    const block = '{mixer: {heads: 4, head_size: 16}, mlp: {intermediate_size: 256}}';
    const run = runOf('a.yaml', config(`{num_blocks: 2, block: ${block}}`));
    const layer = 64 * (64 + 2 * 16) + 64 * 64 + 2 * 64 * 256;
    expect(run.linear).toBe(2 * layer);
    const biases = 64 + 2 * 16 + 64 + 256 + 64;
    expect(run.total).toBe(2 * (layer + biases + 4 * 64) + 2 * 64 + 100 * 64);
    expect(run.perRank).toBe(10 * 256);
  });

  it('counts no pattern of several blocks', () => {
    const run = runOf('a.yaml', config('{type: pattern, num_blocks: 2, pattern: [a, b]}'));
    expect(run.linear).toBeNull();
    expect(run.needs.map(({ why }) => why)).toContain(
      'a decoder of pattern, attention, mlp is not counted',
    );
  });
});

describe('prime-rl', () => {
  const config = (more: string) =>
    `max_steps = 10\n[model]\nname = "Qwen/Qwen3-0.6B"\n${more}[data]\nseq_len = 64\nbatch_size = 4\n[optim]\nlr = 1e-5\n`;

  it('counts the batch of all ranks, and no model with fewer layers than its name says', () => {
    expect(runOf('a.toml', config(''))).toMatchObject({ role: 'finetune', tokens: 10 * 64 * 4 });
    expect(runOf('a.toml', config('debug.num_layers = 2\n')).linear).toBeNull();
  });

  it('leaves the format open where an FP8 switch is set that it does not know', () => {
    expect(runOf('a.toml', config('fp8 = true\n')).format).toBeNull();
  });
});

describe('ArcticTraining and VeOmni', () => {
  it('know a run’s tokens only where samples are packed', () => {
    const config = (pack: string) =>
      `type: sft\ntrain_iters: 10\nmicro_batch_size: 2\nmodel: {name_or_path: Qwen/Qwen3-0.6B}\ndata: {sources: [a], max_length: 128, pack_samples: ${pack}}\n`;
    expect(runOf('a.yaml', config('true')).perRank).toBe(10 * 2 * 128);
    const open = runOf('a.yaml', config('false'));
    expect(open.perRank).toBeNull();
    expect(open.needs).toContainEqual(
      need('tokens', 'samples are not known to be packed, so a sequence is as long as its sample'),
    );
  });

  it('tell pre-training, going on and tuning apart', () => {
    const config = (model: string, kind: string) =>
      `model: {${model}: Qwen/Qwen3-0.6B}\ndata: {train_path: a, data_type: ${kind}, train_size: 1000, max_seq_len: 8}\ntrain: {global_batch_size: 2}\n`;
    const role = (model: string, kind: string) => runOf('a.yaml', config(model, kind)).role;
    expect(role('config_path', 'plaintext')).toBe('pretrain');
    expect(role('model_path', 'plaintext')).toBe('continued');
    expect(role('model_path', 'conversation')).toBe('finetune');
  });
});

describe('slime', () => {
  const start = (flags: string) =>
    `python3 train.py ${flags} --num-rollout 9 --rollout-batch-size 4 --advantage-estimator grpo\n`;

  it('has the model of its checkpoint, BF16 unless it is told another format, and makes its tokens', () => {
    const run = runOf('a.sh', start('--hf-checkpoint /m/Qwen3-0.6B'));
    expect(run).toMatchObject({ role: 'finetune', total: 596_049_920, format: 'bf16 none' });
    expect(run.needs).toContainEqual(
      need('tokens', 'the tokens are generated while the run goes on'),
    );
    expect(runOf('a.sh', start('--hf-checkpoint m --fp16')).format).toBe('fp16 none');
    expect(runOf('a.sh', start('--hf-checkpoint /m/other')).total).toBeNull();
  });

  it('withholds the format where Ray’s runtime environment names another', () => {
    const json = (name: string) => `ENV="{\\"env_vars\\": {\\"${name}\\": \\"1\\"}}"\n`;
    const submit = (name: string) =>
      `${json(name)}ray job submit --runtime-env-json="\${ENV}" -- ${start('--hf-checkpoint m --bf16')}`;
    expect(runOf('a.sh', submit('FAKE_INT4_QAT')).format).toBeNull();
    expect(runOf('a.sh', submit('NVTE_FP8_SCALES')).format).toBe('bf16 none');
  });
});
