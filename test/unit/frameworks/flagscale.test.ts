import { describe, expect, it } from 'vitest';
import { runOf, runsOf } from './runsOf.ts';

interface Parts {
  readonly system?: string;
  readonly precision?: string;
  readonly model?: string;
}

/** A dense model of two layers, 256 wide, with what a test adds to its mappings. */
function config({ system = '', precision = 'bf16: true', model = '' }: Parts = {}): string {
  return `system:
  tensor_model_parallel_size: 1
  disable_bias_linear: true
  precision:
    ${precision}
${system}
model:
  num_layers: 2
  hidden_size: 256
  num_attention_heads: 4
  seq_length: 128
  no_position_embedding: true
  swiglu: true
  normalization: RMSNorm
  global_batch_size: 8
  micro_batch_size: 1
${model}
data:
  data_path: a
  tokenizer: {vocab_size: 1000}
`;
}

const iterations = '  train_iters: 100';
const linear = (width: number) => 2 * (4 * 256 ** 2 + 3 * 256 * width);

describe('FlagScale', () => {
  it('reads Megatron’s arguments out of the three mappings', () => {
    const run = runOf('7b.yaml', config({ model: `${iterations}\n  ffn_hidden_size: 640` }));
    expect(run).toMatchObject({
      framework: 'flagscale',
      role: 'pretrain',
      linear: linear(640),
      tokens: 100 * 8 * 128,
      format: 'bf16 none',
    });
  });

  it('counts samples, and rounds the width up to multiple_of', () => {
    // ⌊8 × 256 ÷ 3⌋ = 682, up to a multiple of 128; scaled by 1.3 it is 886.
    const model = '  train_samples: 5000\n  multiple_of: 128';
    expect(runOf('a.yaml', config({ model }))).toMatchObject({
      linear: linear(768),
      tokens: 5000 * 128,
    });
    const scaled = runOf('a.yaml', config({ model: `${model}\n  hidden_dim_multiplier: 1.3` }));
    expect(scaled.linear).toBe(linear(896));
  });

  it('takes a name with dashes, and of two the later one', () => {
    const model = `${iterations}\n  ffn-hidden-size: 512`;
    expect(runOf('a.yaml', config({ model, system: '  ffn_hidden_size: 64' })).linear).toBe(
      linear(512),
    );
  });

  it('knows weights that are tuned further', () => {
    const role = (more: Parts, file = 'a.yaml') =>
      runOf(file, config({ model: iterations, ...more })).role;
    const load = '  checkpoint: {load: "${ckpt_path:??}", finetune: true}';
    expect(role({ system: load })).toBe('continued');
    expect(role({ system: load }, 'train/7b_finetune.yaml')).toBe('finetune');
    expect(role({ model: `${iterations}\n  peft_type: lora\n  lora_dim: 8` })).toBe('finetune');
  });

  it('writes a format beside the one that is there', () => {
    const written = runOf('a.yaml', config({ model: iterations })).write('mxfp8-e4m3', 'block', 32);
    expect(written).toContain('    bf16: true\n    fp8_format: e4m3\n    fp8_recipe: mxfp8\n');
    expect(runOf('a.yaml', written).format).toBe('mxfp8-e4m3 block 32');
  });

  it('is silent for models that see, and for what only looks alike', () => {
    const model = `${iterations}\n  img_w: 336`;
    expect(runsOf('a.yaml', config({ model }))).toEqual([]);
    expect(runsOf('rwkv/train/a.yaml', config({ model: iterations }))).toEqual([]);
    expect(runsOf('a.yaml', 'system: {precision: {bf16: true}}\nmodel: {}\ndata: {}\n')).toEqual(
      [],
    );
  });
});
