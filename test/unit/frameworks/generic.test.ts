import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

const model = [
  'model:',
  '  d_model: 2048',
  '  n_layers: 16',
  '  n_heads: 16',
  '  vocab_size: 50304',
];
const block = ['  d_ff: 8192', '  activation: swiglu'];
const train = ['training:', '  max_steps: 10000', '  global_batch_size: 512', '  seq_len: 2048'];

const yaml = (...lines: readonly string[]) => mustRead('a.yaml', lines.join('\n'));

describe('common key names', () => {
  it('reads shape, tokens and format, and says how', () => {
    const { reader, reading, counts, tokens, format } = yaml(
      ...model,
      ...block,
      ...train,
      '  precision: bf16',
    );
    expect(reader.id).toBe('generic');
    expect(reading.role).toBe('pretrain');
    // 16 × (4 × 2048² + 3 × 2048 × 8192).
    expect(counts?.linear).toBe(1_073_741_824);
    expect(tokens.total?.value).toBe(10_000 * 512 * 2048);
    expect(format).toBe('bf16 none');
    expect(reading.needs).toEqual([
      need('run', 'Read by common key names, not by a known framework: check the numbers.'),
    ]);
  });

  it('reads the same at the root, and in JSON and TOML', () => {
    const flat = {
      hidden_size: 2048,
      num_hidden_layers: 16,
      num_attention_heads: 16,
      intermediate_size: 8192,
      hidden_act: 'swiglu',
      vocab_size: 50304,
      train_tokens: 1e10,
    };
    const { counts, tokens } = mustRead('a.json', JSON.stringify(flat));
    expect([counts?.linear, tokens.total?.value]).toEqual([1_073_741_824, 1e10]);
    const toml = [...model, ...train]
      .map((line) =>
        line
          .trim()
          .replace(/^(\w+):$/, '[$1]')
          .replace(': ', ' = '),
      )
      .join('\n');
    expect(mustRead('a.toml', toml).tokens.total?.value).toBe(10_485_760_000);
  });

  it('leaves a block unknown that the file does not describe', () => {
    const { reading, counts } = yaml(...model, ...train);
    expect(counts).toBeNull();
    expect(reading.shape.feedForward).toBeUndefined();
    expect(reading.shape.gated).toBeUndefined();
    expect(yaml(...model, '  d_ff: 8192', ...train).counts).toBeNull();
  });

  it('takes GPT-2’s own names for a GPT-2 block', () => {
    const text = 'n_embd: 768\nn_layer: 12\nn_head: 12\nvocab_size: 50257\ntotal_tokens: 10B\n';
    const { counts, tokens } = mustRead('a.yaml', text);
    expect(counts?.linear).toBe(84_934_656);
    expect(tokens.total?.value).toBe(1e10);
  });

  it.each([
    ['  mlp_ratio: 4', '  activation: gelu', 805_306_368],
    ['  multiple_of: 256', '  ffn_dim_multiplier: 1.5', 1_073_741_824],
    ['  intermediate_size: 8192', '  rope_theta: 10000.0', 1_073_741_824],
  ])('reads %s with %s', (one, other, linear) => {
    expect(yaml(...model, one, other, ...train).counts?.linear).toBe(linear);
  });

  it('does not count a mixture', () => {
    const { reading, counts } = yaml(...model, ...block, '  num_experts: 8', ...train);
    expect(counts).toBeNull();
    expect(reading.needs[1]?.why).toMatch(/^how a mixture/);
  });

  const run = (...lines: readonly string[]) =>
    yaml(...model, ...block, 'train:', ...lines.map((line) => `  ${line}`)).tokens;

  it('does not guess whose batch it is', () => {
    const { total, perRank, needs } = run('steps: 1000', 'batch_size: 32', 'seq_len: 1024');
    expect([total, perRank]).toEqual([null, null]);
    expect(needs[0]).toEqual(
      need('tokens', 'the batch size may be counted per device or over all of them'),
    );
    expect(run('steps: 1000', 'total_batch_size: 524288', 'seq_len: 1024').total).toBeNull();
  });

  it('knows a rank’s tokens only with the accumulation', () => {
    const rank = ['steps: 1000', 'micro_batch_size: 4', 'seq_len: 1024'];
    const open = run(...rank);
    expect([open.total, open.perRank]).toEqual([null, null]);
    expect(open.needs[0]).toEqual(
      need('tokens', 'the file does not say how many micro-batches make a step'),
    );
    const { perRank, settledBy } = run(...rank, 'gradient_accumulation_steps: 8');
    expect(perRank?.value).toBe(1000 * 4 * 8 * 1024);
    expect(settledBy).toEqual(['data-parallel-ranks']);
  });

  it('takes a batch in tokens, and the run’s length before the model’s', () => {
    expect(run('max_iters: 1000', 'tokens_per_step: 524288', 'block_size: 1024').total?.value).toBe(
      524_288_000,
    );
    const text = [...model, ...block, '  max_seq_len: 8192', ...train];
    expect(yaml(...text).tokens.total?.value).toBe(10_485_760_000);
  });

  it.each([
    [['max_steps: 10', 'total_steps: 20', 'global_batch_size: 8', 'seq_len: 64'], 'steps'],
    [['max_steps: 10', 'global_batch_size: 8', 'seq_len: 64', 'block_size: 32'], 'sequence'],
    [['max_steps: 10', 'global_batch_size: 8', 'seq_len: 64', 'train_tokens: 99999'], 'agree'],
  ])('leaves a run open that names two numbers: %j', (lines, word) => {
    const { total, needs } = run(...lines);
    expect(total).toBeNull();
    expect(needs.map(({ why }) => why).join()).toContain(word);
  });

  it('takes steps and tokens that agree', () => {
    const lines = [
      'max_steps: 1000',
      'global_batch_size: 8',
      'seq_len: 64',
      'train_tokens: 512000',
    ];
    expect(run(...lines).total?.value).toBe(512_000);
  });

  it('does not take another section’s steps or a batch’s max_tokens', () => {
    const lines = ['global_batch_size: 8', 'seq_len: 64'];
    const other = ['eval:', '  steps: 100', 'data:', '  max_tokens: 4096'];
    const text = [...model, ...block, 'train:', ...lines.map((line) => `  ${line}`), ...other];
    expect(readText('a.yaml', text.join('\n'))).toBeNull();
  });

  it.each([
    [['dtype: bfloat16'], 'bf16 none'],
    [['precision: 16-mixed'], 'fp16 none'],
    [['dtype: float32', 'mixed_precision: bf16'], 'bf16 none'],
    [['fp16: true'], 'fp16 none'],
    [['precision: mxfp8'], 'mxfp8-e4m3 block 32'],
    [['precision: fp8'], null],
    [['dtype: bfloat16', 'fp8: true'], null],
    [['dtype: bfloat16', 'fp8: {enabled: true}'], null],
    [['dtype: bfloat16', 'fp8: {enabled: false}'], 'bf16 none'],
    [['bf16: true', 'fp16: true'], null],
    [[], null],
  ])('reads %j as %s', (lines, format) => {
    const indented = lines.map((line) => `  ${line}`);
    expect(yaml(...model, ...block, ...train, ...indented).format).toBe(format);
  });

  it('writes in the spelling that stands there', () => {
    const { write } = yaml(...model, ...block, ...train, '  dtype: torch.bfloat16 # why');
    expect(write('fp16')).toContain('  dtype: torch.float16 # why');
    expect(write('fp8-e4m3', 'tensor')).toBe(
      'The framework has no setting for FP8 E4M3 per tensor.',
    );
    expect(yaml(...model, ...train, '  bf16: true').write('fp16')).toBe('no writer');
  });

  it.each([
    ['resume_from: ckpt/last', 'continued'],
    ['init_from: gpt2', 'continued'],
    ['init_from: scratch', 'pretrain'],
    ['pretrained: false', 'pretrain'],
    ['lora_rank: 8', 'finetune'],
  ])('%s makes it %s', (line, role) => {
    expect(yaml(...model, ...block, ...train, `  ${line}`).reading.role).toBe(role);
  });

  it.each([
    ['a shape alone', [...model, ...block]],
    ['a run alone', [...train, 'vocab_size: 1000']],
    ['no vocabulary, tokenizer or tokens', [...model.slice(0, -1), ...block, ...train]],
    ['two shapes', [...model, ...train, ...model.map((line) => line.replace(/^model/, 'small'))]],
    ['a picture’s patches', [...model, '  patch_size: 16', ...train]],
    ['a masked language model', [...model, '  mlm_probability: 0.3', ...train]],
    ['a recommender by name', [...model, '  name: SASRec', ...train]],
    ['a translation', [...model, ...train, 'data: {src: a.en, tgt: a.de}']],
    ['an encoder by name', [...model, '  name: my-bert', ...train]],
    ['a state-space model', [...model, '  d_state: 16', ...train]],
    ['a deployment', ['apiVersion: v1', ...model, ...train]],
    ['steps without a batch', [...model, 'train:', '  steps: 5', '  seq_len: 8']],
  ])('stays silent on %s', (_, lines) => {
    expect(readText('a.yaml', lines.join('\n'))).toBeNull();
  });
});
