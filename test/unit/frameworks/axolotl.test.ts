import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

const base = [
  'base_model: meta-llama/Llama-3.2-3B',
  'datasets:',
  '  - path: yahma/alpaca-cleaned',
  '    type: alpaca',
  'sequence_len: 512',
  'sample_packing: true',
  'micro_batch_size: 16',
  'gradient_accumulation_steps: 2',
];
const config = (...more: readonly string[]) => [...base, ...more, ''].join('\n');
const read = (...more: readonly string[]) => mustRead('a.yml', config(...more));

describe('axolotl', () => {
  it('counts the named base model', () => {
    const { counts, reading } = read('num_epochs: 1');
    expect(counts).toMatchObject({ total: 3_212_749_824, nonEmbedding: 2_818_747_392 });
    expect([reading.role, reading.model?.value]).toEqual(['finetune', 'meta-llama/Llama-3.2-3B']);
  });

  it('knows D a rank from max_steps, and nothing from epochs', () => {
    expect(read('max_steps: 1000').tokens.perRank?.value).toBe(1000 * 32 * 512);
    const { tokens } = read('num_epochs: 4');
    expect([tokens.total, tokens.perRank, tokens.settledBy]).toEqual([
      null,
      null,
      ['dataset-tokens'],
    ]);
  });

  it('knows no D of samples that are not packed', () => {
    const bounded = config('max_steps: 10');
    expect(mustRead('a.yml', bounded).tokens.perRank?.value).toBe(10 * 32 * 512);
    const unpacked = bounded.replace('sample_packing: true', 'sample_packing: false');
    const { tokens } = mustRead('a.yml', unpacked);
    expect([tokens.total, tokens.perRank]).toEqual([null, null]);
    expect(tokens.needs.map(({ why }) => why).join()).toContain('not known to be packed');
  });

  it.each([
    [['pretraining_dataset: a/b'], 'continued'],
    [['pretraining_dataset: a/b', 'reinit_weights: true'], 'pretrain'],
    [['pretraining_dataset: a/b', 'adapter: lora'], 'finetune'],
    [['adapter: qlora', 'load_in_4bit: true'], 'finetune'],
  ])('reads %j as %s', (lines, role) => {
    expect(read(...lines).reading.role).toBe(role);
  });

  it.each([
    [['bf16: auto'], 'bf16 none'],
    [['bf16: true'], 'bf16 none'],
    [['bfloat16: true'], 'bf16 none'],
    [['bf16: false', 'fp16: true'], 'fp16 none'],
    [['bf16: false', 'fp16: false', 'float16: true', 'tf32: true'], 'fp16 none'],
    [['bf16: false', 'tf32: true'], 'tf32 none'],
    [['bf16: false'], 'fp32 none'],
    [[], 'bf16 none'],
    [['bf16: true', 'fp8: true'], 'fp8-e4m3 tensor'],
    [['fp8: false'], 'bf16 none'],
    [
      ['qat:', '  weight_dtype: nvfp4', '  activation_dtype: nvfp4', '  group_size: 16'],
      'nvfp4 block 16',
    ],
    [['qat:', '  weight_dtype: mxfp4', '  activation_dtype: mxfp4'], 'mxfp4 block 32'],
    [
      ['qat:', '  weight_dtype: int4', '  activation_dtype: int8', '  group_size: 64'],
      'int4 block 64',
    ],
    [['qat:', '  weight_dtype: fp8', '  activation_dtype: fp8'], 'fp8-e4m3 tensor'],
  ])('reads %j as %s', (lines, format) => {
    expect(read(...lines).format).toBe(format);
  });

  it('has E5M2 gradients with fp8, and only rounds the forward pass with qat', () => {
    expect(read('fp8: true').reading.precision).toMatchObject({
      gradientFormat: 'fp8-e5m2',
      recipe: 'torchao tensorwise',
    });
    const fake = read('qat:', '  weight_dtype: int4', '  activation_dtype: int8').reading;
    expect(fake.role).toBe('finetune');
    expect(fake.precision?.operands).toEqual(['weights', 'activations']);
    expect(fake.precision?.notes.at(-1)).toBe('Activations are rounded to int8.');
  });

  it('says that a 4-bit base is only stored so', () => {
    const { format, reading } = read('load_in_4bit: true');
    expect(format).toBe('bf16 none');
    expect(reading.precision?.notes).toHaveLength(1);
  });

  it('writes fp8 and the qat block, and takes them out again', () => {
    const fp8 = read('bf16: true').write('fp8-e4m3', 'tensor');
    expect(fp8).toBe(config('bf16: true', 'fp8: true'));
    const fake = mustRead('a.yml', fp8).write('nvfp4', 'block', 16);
    expect(fake).toContain('fp8: false');
    expect(mustRead('a.yml', fake).format).toBe('nvfp4 block 16');
    const plain = mustRead('a.yml', fake).write('bf16');
    expect(plain).toBe(config('bf16: true', 'fp8: false'));
  });

  it('switches bf16 off for fp16, which is on by default', () => {
    const written = read('bf16: auto').write('fp16');
    expect(written).toBe(config('bf16: false', 'fp16: true'));
    expect(mustRead('a.yml', mustRead('a.yml', written).write('bf16')).format).toBe('bf16 none');
  });

  it('adds a key where the block before it is taken out', () => {
    const written = read('qat:', '  weight_dtype: int4').write('fp16');
    expect(written).toBe(config('fp16: true', 'bf16: false'));
    const windows = config('qat:', '  weight_dtype: int4').replaceAll('\n', '\r\n');
    expect(mustRead('a.yml', windows).write('fp16')).toBe(written.replaceAll('\n', '\r\n'));
  });

  it('is silent for diffusion language models', () => {
    const plugin = ['plugins:', '  - axolotl.integrations.diffusion.DiffusionPlugin'];
    expect(read(...plugin).reading.role).toBe('other');
  });

  it('wants datasets and a batch beside base_model', () => {
    expect(readText('a.yml', 'base_model: x\nchat_template: y\n')).toBeNull();
  });
});
