import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

const shape = {
  hidden_dim: 2048,
  n_layers: 24,
  n_heads: 16,
  seq_len: 2048,
  vocab_size: 50432,
  weight_tying: false,
};

const read = (more: object = {}) => mustRead('a.json', JSON.stringify({ ...shape, ...more }));

describe('open_lm', () => {
  it('rounds the width up to 256 and has layer norms with biases', () => {
    const { reading, counts } = read();
    expect(reading.role).toBe('model');
    expect(reading.shape.feedForward?.value).toBe(5632);
    expect(counts).toMatchObject({ linear: 1_233_125_376, nonEmbedding: 1_233_326_080 });
  });

  it('reads the other feed-forward kinds', () => {
    expect(read({ ffn_type: 'gelu' }).reading.shape).toMatchObject({
      feedForward: { value: 8192 },
      gated: { value: false },
    });
    expect(read({ ffn_type: 'gemma_geglu' }).reading.shape.biases?.value.feedForward).toBe(true);
    expect(read({ model_norm: 'rms_norm', weight_tying: true }).reading.shape).toMatchObject({
      norm: { value: 'weight' },
      tied: { value: true },
    });
  });

  it('does not guess a mixture', () => {
    const { counts, reading } = read({ moe_freq: 2, moe_num_experts: 512 });
    expect(counts).toBeNull();
    expect(reading.needs).toHaveLength(1);
  });

  it('is silent for state-space models', () => {
    const text = '{"d_model": 2048, "n_layer": 36, "vocab_size": 50432, "seq_len": 2048}';
    expect(readText('a.json', text)).toBeNull();
  });
});
