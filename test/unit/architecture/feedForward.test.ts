import { describe, expect, it } from 'vitest';
import {
  llamaFeedForward,
  megatronFeedForward,
  neoxFeedForward,
  olmoFeedForward,
  paddedVocabulary,
} from '../../../src/core/architecture/feedForward.ts';

describe('llamaFeedForward', () => {
  it.each([
    // torchtitan's llama3 flavors (dim, ffn_dim_multiplier, multiple_of) and the published widths.
    ['Llama 3 8B', 4096, 1.3, 1024, 14336],
    ['Llama 3 70B', 8192, 1.3, 4096, 28672],
    ['Llama 3.1 405B', 16384, 1.2, 4096, 53248],
    ['Llama 2 7B', 4096, null, 256, 11008],
    ['Llama 2 13B', 5120, null, 256, 13824],
    ['debugmodel', 256, null, 256, 768],
    ['a multiple of 1', 4096, null, 1, 10922],
  ])('gives the width of %s', (_name, hidden, multiplier, multipleOf, width) => {
    expect(llamaFeedForward(hidden, multiplier, multipleOf)).toBe(width);
  });
});

describe('the other frameworks’ widths', () => {
  it('halves OLMo’s fused width when gated, whether given or a ratio', () => {
    expect(olmoFeedForward(4096, 22016, 4, true)).toBe(11008);
    expect(olmoFeedForward(2048, null, 8, true)).toBe(8192);
    expect(olmoFeedForward(2048, null, 4, false)).toBe(8192);
  });

  it('takes a third of GPT-NeoX’s intermediate_size when gated', () => {
    expect(neoxFeedForward(32768, true, 256)).toBe(11008);
    expect(neoxFeedForward(41472, true, 256)).toBe(13824);
    expect(neoxFeedForward(86016, true, 256)).toBe(28672);
    expect(neoxFeedForward(24576, false, 1)).toBe(24576);
  });

  it('rounds Megatron’s gated width down to 64', () => {
    expect(megatronFeedForward(4096, true)).toBe(10880);
    expect(megatronFeedForward(1024, true)).toBe(2688);
    expect(megatronFeedForward(4096, false)).toBe(16384);
  });
});

describe('paddedVocabulary', () => {
  it.each([
    [50257, 128, 1, 50304],
    [50257, 128, 8, 51200],
    [50277, 128, 2, 50432],
    [50254, 512, 1, 50688],
    [32000, 128, 1, 32000],
  ])('pads %i to %i × %i', (vocabulary, divisor, ranks, rows) => {
    expect(paddedVocabulary(vocabulary, divisor, ranks)).toBe(rows);
  });
});
