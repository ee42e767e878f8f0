import { describe, expect, it } from 'vitest';
import { findPreset } from '../../../../src/core/architecture/presets.ts';
import { Fields } from '../../../../src/core/config/fields.ts';
import { hfOverrides } from '../../../../src/core/dialects/huggingFace/shape.ts';
import { publishedShape } from '../../../../src/core/dialects/models.ts';
import { parse } from '../../../../src/core/syntax/parse.ts';

function overridden(model: string, lines: string) {
  const preset = findPreset(model);
  const text = `config:\n${lines.replace(/^/gm, '  ')}\n`;
  const tree = parse('a.yaml', text, 'yaml');
  const root = tree.documents[0];
  if (!preset || root?.kind !== 'map') throw new Error('The test’s own text is wrong.');
  const shape = publishedShape(preset.shape, preset.id, preset.source);
  return hfOverrides(shape, new Fields(tree, root, text), 'config');
}

describe('hfOverrides', () => {
  it('leaves a shape alone where nothing is said', () => {
    expect(overridden('gpt2', 'x: 1').layers?.value).toBe(12);
  });

  it('applies positions only where they are learned', () => {
    const positions = 'max_position_embeddings: 4096';
    expect(overridden('gpt2', positions).learnedPositions?.value).toBe(4096);
    expect(overridden('meta-llama/Llama-3.1-8B', positions).learnedPositions?.value).toBe(0);
  });

  it('keeps a mixture’s dense layers when the layers change', () => {
    const { layers, experts } = overridden('deepseek-ai/DeepSeek-V3', 'num_hidden_layers: 10');
    expect([layers?.value, experts?.value?.layers]).toEqual([10, 7]);
  });

  it('lets the width of a head follow, unless the model fixes it', () => {
    expect(overridden('gpt2', 'n_embd: 1536').headDimension?.value).toBe(128);
    expect(overridden('Qwen/Qwen3-0.6B', 'hidden_size: 2048').headDimension?.value).toBe(128);
    expect(overridden('gpt2', 'n_embd: 1536\nhead_dim: 32').headDimension?.value).toBe(32);
  });

  it('takes vocabulary and tying with where they stand', () => {
    const { vocabulary, tied } = overridden(
      'gpt2',
      'vocab_size: 50304\ntie_word_embeddings: false',
    );
    expect([vocabulary?.value, tied?.value]).toEqual([50304, false]);
    expect(vocabulary?.origin.kind).toBe('stated');
  });
});
