import { describe, expect, it } from 'vitest';
import { mustRead } from './readText.ts';

/**
 * The runs of "Scaling Laws for Floating-Point Quantization Training" (arXiv 2501.02423), Table 1
 * and the N and D columns of Table 3: layers, width, feed-forward width, heads, N; then every D.
 */
const sizes = [
  [12, 512, 1536, 8, 40_894_464],
  [12, 768, 2048, 12, 84_934_656],
  [12, 1024, 2816, 16, 154_140_672],
  [24, 1536, 4096, 24, 679_477_248],
  [24, 2048, 5632, 32, 1_233_125_376],
] as const;
const budgets = [10_485_760_000, 20_971_520_000, 52_428_800_000, 104_857_600_000] as const;

const sequence = 2048;
const sequences = 1024;

const cells = sizes.flatMap((size) => budgets.map((tokens) => [...size, tokens] as const));

describe('the runs that the Capybara law was fitted on', () => {
  it.each(cells)(
    'come back exact from nanotron: %i layers of %i, FFN %i, %i heads = %i parameters, %i tokens',
    (layers, width, feedForward, heads, parameters, tokens) => {
      const text = [
        'model:',
        '  dtype: bfloat16',
        '  model_config:',
        '    is_llama_config: true',
        `    hidden_size: ${width}`,
        `    intermediate_size: ${feedForward}`,
        `    num_attention_heads: ${heads}`,
        `    num_hidden_layers: ${layers}`,
        '    vocab_size: 50304',
        'parallelism:',
        '  dp: 64',
        '  tp: 1',
        'tokens:',
        '  batch_accumulation_per_replica: 2',
        '  micro_batch_size: 8',
        `  sequence_length: ${sequence}`,
        `  train_steps: ${tokens / sequences / sequence}`,
        '',
      ].join('\n');
      const { counts, tokens: read } = mustRead('a.yaml', text);
      expect([counts?.linear, read.total?.value]).toEqual([parameters, tokens]);
    },
  );

  it.each(cells)(
    'come back exact from OLMo: %i layers of %i, FFN %i, %i heads = %i parameters, %i tokens',
    (layers, width, feedForward, heads, parameters, tokens) => {
      const text = [
        'model:',
        `  d_model: ${width}`,
        `  n_heads: ${heads}`,
        `  n_layers: ${layers}`,
        `  mlp_hidden_size: ${2 * feedForward}`,
        '  rope: true',
        '  include_bias: false',
        '  activation_type: swiglu',
        `  max_sequence_length: ${sequence}`,
        '  embedding_size: 50304',
        `max_duration: ${tokens}T`,
        `global_train_batch_size: ${sequences}`,
        'precision: amp_bf16',
        '',
      ].join('\n');
      const { counts, tokens: read } = mustRead('a.yaml', text);
      expect([counts?.linear, read.total?.value]).toEqual([parameters, tokens]);
    },
  );
});
