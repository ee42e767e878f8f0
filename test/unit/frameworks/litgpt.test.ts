import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

const train = [
  'train:',
  '  global_batch_size: 512',
  '  micro_batch_size: 4',
  '  max_tokens: 3000000000000',
  '  max_seq_length: 2048',
];

const inline = (...keys: readonly string[]) => [
  'model_config:',
  ...[
    'n_layer: 6',
    'n_embd: 288',
    'n_head: 6',
    'padded_vocab_size: 32000',
    'bias: false',
    'norm_class_name: RMSNorm',
    'mlp_class_name: LLaMAMLP',
    'intermediate_size: 768',
    ...keys,
  ].map((line) => `  ${line}`),
];

const read = (...lines: readonly string[]) => mustRead('a.yaml', [...lines, ...train].join('\n'));

describe('LitGPT', () => {
  it('counts TinyLlama by its name and takes max_tokens as D', () => {
    const { counts, tokens } = read('model_name: tiny-llama-1.1b');
    expect(counts).toMatchObject({ total: 1_100_048_384, nonEmbedding: 968_976_384 });
    expect(tokens.total?.value).toBe(3e12);
  });

  it('ties by train.tie_embeddings alone, not by the model', () => {
    expect(read(...inline()).counts?.total).toBe(24_407_712);
    expect(
      mustRead('a.yaml', [...inline(), ...train, '  tie_embeddings: true'].join('\n')).counts,
    ).toMatchObject({ total: 15_191_712, nonEmbedding: 5_975_712 });
    expect(read('model_name: Gemma-2b').reading.shape.tied?.value).toBe(false);
  });

  it('knows models of LitGPT’s own table', () => {
    expect(read('model_name: micro-llama-300M').counts?.total).toBe(304_636_928);
    expect(read('model_name: stablelm-base-alpha-3b').counts?.total).toBe(3_637_321_728);
  });

  it('lets model_config go over model_name, with Config’s defaults', () => {
    const { reading } = read('model_name: tiny-llama-1.1b', 'model_config:', '  n_layer: 2');
    expect(reading.shape).toMatchObject({
      layers: { value: 2 },
      hidden: { value: 4096 },
      vocabulary: { value: 50_688 },
      gated: { value: false },
      biases: { value: { queryKeyValue: true, feedForward: true } },
    });
  });

  it('pads vocab_size to padding_multiple and counts the norms that are on', () => {
    const { reading } = read(
      'model_config:',
      '  n_layer: 2',
      '  vocab_size: 32001',
      '  padding_multiple: 64',
      '  shared_attention_norm: true',
      '  norm_qk: true',
    );
    expect(reading.shape.vocabulary?.value).toBe(32_064);
    expect(reading.shape.normsPerLayer?.value).toBe(1);
    expect(reading.shape.queryKeyNorm?.value).toBe('head');
  });

  it('reads a mixture', () => {
    const lines = inline('n_expert: 8', 'n_expert_per_token: 2').map((line) =>
      line.replace('LLaMAMLP', 'LLaMAMoE'),
    );
    expect(read(...lines).reading.shape.experts?.value).toEqual({
      count: 8,
      active: 2,
      width: 768,
      sharedWidth: 0,
      layers: 6,
    });
  });

  it('names what it cannot count instead of guessing', () => {
    const { counts, reading } = read(...inline('latent_attention: {q_lora_rank: 8}'));
    expect(counts).toBeNull();
    expect(reading.needs[0]?.why).toContain('latent_attention');
  });

  it('ends at max_steps where that comes first', () => {
    const text = ['model_name: tiny-llama-1.1b', ...train, '  max_steps: 100'].join('\n');
    expect(mustRead('a.yaml', text).tokens.total?.value).toBe(100 * 512 * 2048);
  });

  it('does not take the default for a max_tokens that is left empty', () => {
    const text = ['model_name: tiny-llama-1.1b', ...train].join('\n');
    expect(mustRead('a.yaml', text.replace('3000000000000', '')).tokens).toMatchObject({
      total: null,
      needs: [need('tokens', 'train.max_tokens is empty')],
    });
    const absent = text.replace('  max_tokens: 3000000000000\n', '');
    expect(mustRead('a.yaml', absent).tokens.total).toMatchObject({
      value: 3e12,
      origin: { kind: 'default' },
    });
  });

  it.each([
    ['model_name: tiny-llama-1.1b', 'pretrain'],
    ['model_name: tiny-llama-1.1b\ninitial_checkpoint_dir: a/b', 'continued'],
    ['checkpoint_dir: checkpoints/microsoft/phi-2', 'finetune'],
  ])('reads %j as %s', (lines, role) => {
    expect(read(lines).reading.role).toBe(role);
  });

  it('finds the model of a checkpoint directory', () => {
    const { counts } = read('checkpoint_dir: checkpoints/meta-llama/Meta-Llama-3-8B');
    expect(counts?.total).toBe(8_030_261_248);
  });

  it.each([
    ['bf16-true', 'bf16 none', null],
    ['16-mixed', 'fp16 none', null],
    ['32-true', 'fp32 none', null],
    ['transformer-engine', 'fp8-e4m3 tensor', 'bf16'],
    ['transformer-engine-float16', 'fp8-e4m3 tensor', 'fp16'],
  ])('reads precision %s as %s', (precision, format, base) => {
    const result = read('model_name: tiny-llama-1.1b', `precision: ${precision}`);
    expect(result.format).toBe(format);
    expect(result.reading.precision?.base).toBe(base);
  });

  it('does not take NF4 base weights for the training format', () => {
    const { format, reading } = read('checkpoint_dir: a/phi-2', 'quantize: bnb.nf4');
    expect(format).toBe('bf16 none');
    expect(reading.precision?.notes).toEqual([
      'The frozen base weights are loaded in bnb.nf4; the multiplications run in 16 bits.',
    ]);
  });

  it('writes the precision string, keeping pure or mixed', () => {
    const text = ['model_name: tiny-llama-1.1b', 'precision: bf16-true', ...train].join('\n');
    expect(mustRead('a.yaml', text).write('fp16')).toBe(text.replace('bf16-true', '16-true'));
    expect(mustRead('a.yaml', text).write('fp8-e4m3', 'tensor')).toBe(
      text.replace('bf16-true', 'transformer-engine'),
    );
  });

  it('reads a checkpoint’s model_config.yaml as a model', () => {
    const own = inline().slice(1).join('\n').replaceAll(/^ {2}/gm, '');
    const { reading, counts } = mustRead('a.yaml', own);
    expect(reading.role).toBe('model');
    expect(counts?.nonEmbedding).toBe(5_975_712);
  });

  it('wants a model beside the train section', () => {
    expect(readText('a.yaml', train.join('\n'))).toBeNull();
  });
});
