import { describe, expect, it } from 'vitest';
import { countParameters } from '../../../src/core/architecture/count.ts';
import { allPresets, findPreset } from '../../../src/core/architecture/presets.ts';
import type { Count } from '../../../src/core/architecture/presets/preset.ts';

/** A count in the precision a publication states it in: `12.5B`, `331.6B`, or the exact number. */
function inPrecisionOf(published: Count, count: number | null | undefined): Count | null {
  if (count === null || count === undefined) return null;
  if (typeof published === 'number') return count;
  const unit = published.at(-1) ?? '';
  const decimals = /\.(\d+)/.exec(published)?.[1]?.length ?? 0;
  return (count / { M: 1e6, B: 1e9 }[unit as 'M' | 'B']).toFixed(decimals) + unit;
}

describe('every preset', () => {
  it.each(allPresets().map((preset) => [preset.id, preset] as const))(
    '%s counts as published',
    (_id, { shape, published }) => {
      const tally = countParameters(shape);
      const { total, nonEmbedding } = published;
      expect(total ?? nonEmbedding).toBeDefined();
      if (total !== undefined) expect(inPrecisionOf(total, tally?.total)).toBe(total);
      if (nonEmbedding !== undefined) {
        expect(inPrecisionOf(nonEmbedding, tally?.nonEmbedding)).toBe(nonEmbedding);
      }
    },
  );

  it('is found by each of its names, and no name means two models', () => {
    const found = allPresets().flatMap(({ id, names }) =>
      names.map((name) => [name, findPreset(`anyone/${name}`)?.id, id]),
    );
    expect(found.filter(([, one, other]) => one !== other)).toEqual([]);
    expect(new Set(allPresets().map((preset) => preset.id)).size).toBe(allPresets().length);
  });

  it('says where its shape comes from', () => {
    expect(allPresets().filter((preset) => !/arXiv|config\.json/.test(preset.source))).toEqual([]);
  });
});

describe('counts known from elsewhere', () => {
  // Safetensors totals of the Hugging Face repositories; DeepSeek's without the extra layer.
  it.each([
    ['meta-llama/Llama-2-7b-hf', 6738415616],
    ['meta-llama/Llama-3.1-8B', 8030261248],
    ['meta-llama/Meta-Llama-3-70B', 70553706496],
    ['meta-llama/Llama-3.1-405B', 405853388800],
    ['mistralai/Mistral-7B-v0.1', 7241732096],
    ['mistralai/Mixtral-8x7B-v0.1', 46702792704],
    ['Qwen/Qwen2.5-7B', 7615616512],
    ['Qwen/Qwen3-30B-A3B', 30532122624],
    ['deepseek-ai/DeepSeek-V3', 671026419200],
    ['google/gemma-2-9b', 9241705984],
    ['allenai/OLMo-2-1124-7B', 7298617344],
    ['HuggingFaceTB/SmolLM3-3B', 3075098624],
    ['bigcode/starcoder2-15b', 15957889024],
  ])('%s', (name, total) => {
    const preset = findPreset(name);
    expect(preset && countParameters(preset.shape)?.total).toBe(total);
  });

  // Active parameters as announced: Mistral and Qwen count both embeddings, OpenAI the head alone.
  it.each([
    ['mistralai/Mixtral-8x7B-v0.1', 2, '12.9B'],
    ['Qwen/Qwen1.5-MoE-A2.7B', 2, '2.7B'],
    ['Qwen/Qwen3-235B-A22B', 2, '22B'],
    ['openai/gpt-oss-20b', 1, '3.6B'],
    ['openai/gpt-oss-120b', 1, '5.1B'],
  ])('%s, with %i of its embeddings, activates %s', (name, embeddings, active) => {
    const preset = findPreset(name);
    const tally = preset && countParameters(preset.shape);
    const count = (tally?.active ?? 0) + embeddings * (tally?.tokenEmbedding ?? 0);
    expect(inPrecisionOf(active, count)).toBe(active);
  });
});

describe('findPreset', () => {
  it.each([
    ['NousResearch/Meta-Llama-3-8B', 'Llama-3-8B'],
    ['unsloth/Llama-3.2-1B-Instruct', 'Llama-3.2-1B'],
    ['unsloth/llama-3-8b-bnb-4bit', 'Llama-3-8B'],
    ['checkpoints/meta-llama/Llama-2-7b-hf', 'Llama-2-7b'],
    ['/data/models/Meta-Llama-3.1-70B-Instruct/original/', 'Llama-3.1-70B'],
    [
      '~/.cache/huggingface/hub/models--meta-llama--Llama-2-7b-hf/snapshots/01c7f73d771dfac7d292323805ebc428287df4f9',
      'Llama-2-7b',
    ],
    ['llama3_1_8b', 'Llama-3.1-8B'],
    ['mistralai/Mistral-7B-Instruct-v0.2', 'Mistral-7B-v0.1'],
    ['mistralai/Mistral-7B-Instruct-v0.3', 'Mistral-7B-v0.3'],
    ['Qwen/Qwen3-4B-Thinking-2507', 'Qwen3-4B'],
    ['google/gemma-2b-it', 'gemma-2b'],
    ['google/gemma-2-2b-it', 'gemma-2-2b'],
    ['TinyLlama/TinyLlama-1.1B-Chat-v1.0', 'TinyLlama-1.1B'],
    ['deepseek-ai/DeepSeek-V3-Base', 'DeepSeek-V3'],
  ])('%s is %s', (name, id) => {
    expect(findPreset(name)?.id).toBe(id);
  });

  it.each([
    ...['', '8b', 'llama3', 'instruct', 'constructor', '__proto__', 'my-llama-3-8b'],
    'llama-2.7b',
    'princeton-nlp/Sheared-LLaMA-2.7B',
    'llama-2-7b-lora',
    'mistralai/Mistral-7B-v0.4',
    'meta-llama/Llama-3.2-11B-Vision',
    'Qwen/Qwen2.5-VL-7B-Instruct',
    'Qwen/Qwen3-Next-80B-A3B-Instruct',
    'google/gemma-3n-E4B-it',
    'state-spaces/mamba-2.8b',
    'checkpoints/Llama-2-7b-hf/step-1000',
  ])('does not guess at “%s”', (name) => {
    expect(findPreset(name)).toBeUndefined();
  });
});
