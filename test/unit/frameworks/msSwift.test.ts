import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

const base = ['model: Qwen/Qwen2.5-7B-Instruct', 'dataset: a/b', 'torch_dtype: bfloat16'];

const read = (...more: readonly string[]) => mustRead('a.yaml', [...base, ...more].join('\n'));

const megatron = [
  'tuner_type: full',
  'micro_batch_size: 1',
  'global_batch_size: 64',
  'train_iters: 2000',
  'max_length: 8192',
];

describe('ms-swift', () => {
  it('reads the Trainer’s batch per rank', () => {
    const { reading, counts, tokens } = read(
      'train_type: lora',
      'max_steps: 10',
      'packing: true',
      'max_length: 1024',
      'per_device_train_batch_size: 2',
    );
    expect(reading.role).toBe('finetune');
    expect(counts?.total).toBe(7_615_616_512);
    expect(tokens.perRank?.value).toBe(10 * 2 * 1024);
  });

  it('reads Megatron’s global batch exactly, if it is packed', () => {
    expect(read(...megatron, 'packing: true').tokens.total?.value).toBe(2000 * 64 * 8192);
    expect(read(...megatron).tokens.total).toBeNull();
  });

  it.each([
    [['fp8_format: e4m3', 'fp8_recipe: blockwise'], 'fp8-e4m3 block 128', null],
    [['fp8_format: hybrid'], 'fp8-e4m3 tensor', 'fp8-e5m2'],
    [['fp8_format: hybrid', 'fp8_recipe: mxfp8'], 'mxfp8-e4m3 block 32', 'mxfp8-e5m2'],
    [['fp8_recipe: blockwise'], 'bf16 none', null],
  ])('reads %j as %s', (lines, format, gradient) => {
    const result = read(...megatron, ...lines);
    expect(result.format).toBe(format);
    expect(result.reading.precision?.gradientFormat).toBe(gradient);
  });

  it('takes a ray config’s pt stage with all weights for continued training', () => {
    const groups = 'device_groups: {default: {workers: ["pt:default"]}}';
    expect(read('train_type: full', groups).reading.role).toBe('continued');
    expect(read('train_type: lora', groups).reading.role).toBe('finetune');
  });

  it('writes Megatron’s switch and recipe, and switches off again', () => {
    const text = [...base, ...megatron].join('\n');
    const written = mustRead('a.yaml', text).write('mxfp8-e4m3', 'block', 32);
    expect(written).toBe(`${text}\nfp8_recipe: mxfp8\nfp8_format: e4m3`);
    expect(mustRead('a.yaml', written).write('bf16')).toBe(
      `${text}\nfp8_recipe: mxfp8\nfp8_format: null`,
    );
  });

  it('is silent for sampling', () => {
    expect(readText('a.yaml', [...base, 'sampler_type: distill'].join('\n'))).toBeNull();
  });
});
