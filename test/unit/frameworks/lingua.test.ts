import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

interface Parts {
  readonly model?: string;
  readonly data?: string;
  readonly distributed?: string;
  readonly more?: string;
}

function config({ model, data, distributed, more }: Parts): string {
  return [
    'steps: 60_000',
    `distributed: ${distributed ?? '{model_dtype: bf16}'}`,
    `model: ${model ?? '{dim: 2048, n_layers: 25, n_heads: 16}'}`,
    `data: ${data ?? '{batch_size: 4, seq_len: 4096, tokenizer: {name: tiktoken}}'}`,
    more ?? '',
  ].join('\n');
}

const read = (parts: Parts = {}) => mustRead('a.yaml', config(parts));

describe('lingua', () => {
  it('rounds the feed-forward width by Llama’s rule', () => {
    const model =
      '{dim: 4096, n_layers: 32, n_heads: 32, ffn_dim_multiplier: 1.3, multiple_of: 1024}';
    expect(read().reading.shape.feedForward?.value).toBe(5632);
    expect(read({ model }).reading.shape.feedForward?.value).toBe(14_336);
  });

  it('knows only the byte tokenizer’s vocabulary', () => {
    const data = '{batch_size: 4, seq_len: 4096, tokenizer: {name: bytes}}';
    expect(read().counts).toMatchObject({ total: null, nonEmbedding: 1_284_610_048 });
    expect(read({ data }).reading.shape.vocabulary?.value).toBe(258);
  });

  it('multiplies by accumulation, and leaves the ranks open whatever dp_shard says', () => {
    const distributed = '{model_dtype: bf16, dp_replicate: 2, dp_shard: 8}';
    const { tokens } = read({ distributed, more: 'grad_acc_steps: 2' });
    expect(tokens.total).toBeNull();
    expect(tokens.perRank?.value).toBe(60_000 * 4 * 2 * 4096);
    expect(tokens.settledBy).toEqual(['world-size']);
  });

  it('reads rowwise FP8: E4M3 a row, the weight gradient in BF16', () => {
    const distributed = '{model_dtype: bf16, float8_recipe: rowwise}';
    const { format, reading } = read({ distributed });
    expect(format).toBe('fp8-e4m3 channel');
    expect(reading.precision?.gradientFormat).toBeNull();
    expect(reading.precision?.notes).toEqual(['The weight-gradient multiplication stays in BF16.']);
    expect(read({ distributed: '{float8_recipe: null}' }).format).toBe('bf16 none');
  });

  it('counts no total where there are heads for further tokens', () => {
    const model = (more: string) => `{dim: 64, n_layers: 2, n_heads: 2, vocab_size: 100${more}}`;
    const [one, three] = ['', ', n_future_head: 3'].map((more) => read({ model: model(more) }));
    expect(one?.counts?.total).not.toBeNull();
    expect([three?.counts?.linear, three?.counts?.total]).toEqual([one?.counts?.linear, null]);
  });

  it('continues from init_ckpt_path', () => {
    expect(read({ more: 'checkpoint: {init_ckpt_path: a/b}' }).reading.role).toBe('continued');
    expect(read().reading.role).toBe('pretrain');
  });

  it('stays silent for lingua’s recurrent apps', () => {
    const model = '{dim: 1024, n_layers: 8, n_heads: 8, state_dim: 128}';
    expect(read({ model }).reading.role).toBe('other');
  });

  it('writes float8_recipe and model_dtype', () => {
    expect(read().write('fp8-e4m3', 'channel')).toBe(
      config({ distributed: '{model_dtype: bf16, float8_recipe: rowwise}' }),
    );
    expect(read().write('fp32')).toBe(config({ distributed: '{model_dtype: fp32}' }));
    expect(read().write('fp8-e4m3', 'tensor')).toBe(
      'The framework has no setting for FP8 E4M3 per tensor.',
    );
  });

  it('is silent for evaluation files', () => {
    const text = 'name: evals\ngenerator: {max_tokens: 8192}\nharness: {tasks: [piqa]}';
    expect(readText('a.yaml', text)).toBeNull();
  });
});
