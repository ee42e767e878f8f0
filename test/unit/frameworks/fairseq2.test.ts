import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

interface Parts {
  readonly model?: string;
  readonly dataset?: string;
  readonly trainer?: string;
}

const corpus = '{family: lm_train, max_seq_len: 4096, max_num_tokens: 16384}';

function config({ model, dataset, trainer }: Parts): string {
  return [
    `model: ${model ?? '{name: null, family: llama, arch: llama3_2_1b}'}`,
    `dataset: ${dataset ?? corpus}`,
    `trainer: ${trainer ?? '{mixed_precision: {mode: static, dtype: bfloat16}}'}`,
    'regime: {num_steps: 520_000}',
  ].join('\n');
}

const read = (parts: Parts = {}) => mustRead('a.yaml', config(parts));

describe('fairseq2', () => {
  it('cuts an architecture to the layers of config_overrides', () => {
    const model = '{family: llama, arch: llama3_2_1b, config_overrides: {num_layers: 4}}';
    expect(read({ model }).counts?.nonEmbedding).toBe(243_288_064);
    expect(read().counts?.nonEmbedding).toBe(973_146_112);
  });

  it('leaves the feed-forward width open when the model’s width is overridden', () => {
    const model = '{family: llama, arch: llama3_2_1b, config_overrides: {model_dim: 1024}}';
    const { reading, counts } = read({ model });
    expect(reading.shape.feedForward).toBeUndefined();
    expect(counts).toBeNull();
  });

  it('counts max_num_tokens a rank and batch, times accumulation', () => {
    const trainer = '{grad_accumulation: {num_batches: 2}}';
    expect(read().tokens.perRank?.value).toBe(520_000 * 16_384);
    expect(read({ trainer }).tokens.perRank?.value).toBe(2 * 520_000 * 16_384);
  });

  it('does not take an upper bound for the tokens of fine-tuning', () => {
    const dataset = '{chat_mode: true, max_num_tokens: 8192}';
    const { reading, tokens } = read({ model: '{name: llama3_2_1b}', dataset });
    expect(reading.role).toBe('finetune');
    expect(tokens.perRank).toBeNull();
    expect(tokens.needs[0]).toEqual(
      need('tokens', 'a batch holds max_num_tokens at most, not exactly'),
    );
  });

  it.each([
    ['{family: llama, arch: llama3_8b}', 'pretrain'],
    ['{name: qwen25_7b}', 'continued'],
  ])('reads %s over a corpus as %s', (model, role) => {
    expect(read({ model }).reading.role).toBe(role);
  });

  it.each([
    ['{name: llama3_1_8b_instruct}', 8_030_261_248],
    ['{name: qwen25_7b}', 7_615_616_512],
    ['{name: olmo-2-0425-1b}', 1_484_916_736],
    [
      '{name: null, family: hg, arch: causal_lm, config_overrides: {hf_name: google/gemma-3-1b-it}}',
      999_885_952,
    ],
  ])('knows the model of %s', (model, total) => {
    expect(read({ model }).counts?.total).toBe(total);
  });

  it('multiplies in the model’s dtype where mixed precision is off', () => {
    const trainer = '{mixed_precision: {mode: "off"}}';
    expect(read({ trainer }).format).toBe('fp32 none');
    expect(read({ trainer, model: '{name: llama3_8b, dtype: torch.bfloat16}' }).format).toBe(
      'bf16 none',
    );
    expect(read({ trainer: '{}' }).format).toBe('bf16 none');
  });

  it.each(['{family: wav2vec2_asr, arch: base_10h}', '{arch: large}'])(
    'stays silent for %s',
    (model) => {
      expect(read({ model }).reading.role).toBe('other');
    },
  );

  it('writes the dtype of mixed precision', () => {
    expect(read().write('fp16')).toBe(config({}).replace('bfloat16', 'float16'));
    expect(read().write('mxfp4', 'block', 32)).toBe(
      'The framework has no setting for MXFP4 in blocks of 32.',
    );
  });

  it('does not recognise an asset card', () => {
    expect(readText('a.yaml', 'name: llama\nmodel_family: llama\nmodel_arch: 7b')).toBeNull();
  });
});
