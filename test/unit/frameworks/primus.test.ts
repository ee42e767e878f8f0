import { describe, expect, it } from 'vitest';
import { formatOf, run, written, type Workspace } from './readFiles.ts';
import { readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

const configs = 'primus/configs';
const file = 'examples/megatron/configs/MI355X/a.yaml';

const presets: Workspace = {
  [`${configs}/models/megatron/house.yaml`]: [
    'extends:',
    '  - house_base.yaml',
    'num_layers: 4',
    'hidden_size: 256',
    'ffn_hidden_size: 1024',
    'num_attention_heads: 8',
    'num_query_groups: 2',
    'mtp_num_layers: 1',
    'tokenizer_model: meta-llama/Llama-2-7b-hf',
  ].join('\n'),
  [`${configs}/models/megatron/house_base.yaml`]: [
    'swiglu: true',
    'normalization: RMSNorm',
    'add_bias_linear: false',
    'group_query_attention: true',
    'untie_embeddings_and_output_weights: true',
    'position_embedding_type: rope',
  ].join('\n'),
  [`${configs}/modules/megatron/pre_trainer.yaml`]:
    'train_iters: 1000\nglobal_batch_size: 16\nbf16: true\nfp8: null\nfp8_recipe: delayed\nfp4_recipe: nvfp4\nfinetune: true',
};

function experiment(
  overrides: readonly string[],
  { framework = 'megatron', model = 'house.yaml', module = 'pre_trainer' } = {},
): string {
  return [
    'modules:',
    `  ${module}:`,
    `    framework: ${framework}`,
    '    config: pre_trainer.yaml',
    `    model: ${model}`,
    '    overrides:',
    '      seq_length: 2048',
    ...overrides.map((line) => `      ${line}`),
  ].join('\n');
}

const steps = ['train_iters: 50', 'global_batch_size: 32'];
const read = (overrides: readonly string[] = steps, more = {}) =>
  run({ ...presets, [file]: experiment(overrides, more) }, file);

describe('Primus', () => {
  it('lays the overrides over the preset and what it extends', () => {
    const { run: got, needs } = read();
    const layer = 2 * 256 * 256 + 2 * 256 * 64 + 3 * 256 * 1024;
    expect(got.parameters).toMatchObject({
      linear: 4 * layer,
      total: 4 * (layer + 512) + 256 + 2 * 32_000 * 256,
    });
    expect(got.tokens.total?.value).toBe(50 * 32 * 2048);
    expect(needs).toEqual([]);
    expect(got.fields.parameters.map((place) => place.file)).toContain(
      `${configs}/models/megatron/house.yaml`,
    );
  });

  it('lets an override cut the preset’s layers', () => {
    const full = read().run.parameters?.linear ?? 0;
    expect(read([...steps, 'num_layers: 2']).run.parameters?.linear).toBe(full / 2);
  });

  it('follows variables with defaults, in numbers and in file names', () => {
    const overrides = ['train_iters: ${PRIMUS_TRAIN_ITERS:40}', 'global_batch_size: 32'];
    const { run: got } = read(overrides, { model: '${PRIMUS_MODEL:house}.yaml' });
    expect(got.tokens.total?.value).toBe(40 * 32 * 2048);
    expect(got.parameters?.linear).toBeGreaterThan(0);
  });

  it('does not take the trainer’s default steps for the run’s', () => {
    const { run: got, needs } = read(['global_batch_size: 32']);
    expect(got.tokens.total).toBeNull();
    expect(needs).toContainEqual(need('tokens', 'the file does not say train_iters'));
  });

  it.each([
    [[], 'bf16 none'],
    [['fp8: hybrid'], 'fp8-e4m3 tensor (fp8-e5m2)'],
    [['fp8: e4m3'], 'fp8-e4m3 tensor'],
    [['fp8: e4m3', 'fp8_recipe: mxfp8'], 'mxfp8-e4m3 block 32'],
    [['fp8: hybrid', 'fp8_recipe: blockwise'], 'fp8-e4m3 block 128 (fp8-e5m2)'],
    [['fp8: null', 'fp8_recipe: mxfp8'], 'bf16 none'],
    [['fp4: e2m1'], 'nvfp4 block 16'],
    [['fp4: e2m1', 'fp4_recipe: mxfp4'], 'mxfp4 block 32'],
    [['fp4: mxfp4'], 'mxfp4 block 32'],
  ])('reads %j as %s', (overrides, format) => {
    expect(formatOf(read([...steps, ...overrides]))).toBe(format);
  });

  it('counts a published model whose preset is not at hand', () => {
    const { run: got, needs } = read(steps, { model: 'llama3.1_70B.yaml' });
    expect(got.parameters?.total).toBe(70_553_706_496);
    expect(needs).toContainEqual(
      need('run', 'the file “llama3.1_70B.yaml”, named on line 5, was not found'),
    );
  });

  it('does not, where an override gives it another shape', () => {
    const { run: got } = read([...steps, 'num_layers: 8'], { model: 'llama3.1_70B.yaml' });
    expect(got.parameters).toBeNull();
  });

  it('hands torchtitan’s and MaxText’s keys to their readers', () => {
    const titan = [
      'training: {seq_len: 4096, steps: 15, local_batch_size: 6, global_batch_size: 96}',
    ];
    const { run: got } = read(titan, { framework: 'torchtitan', model: 'llama3.1_8B.yaml' });
    expect(got.tokens.total?.value).toBe(15 * 96 * 4096);
    expect(got.parameters?.total).toBe(8_030_261_248);
    const jax = [
      'steps: 50',
      'per_device_batch_size: 12',
      'max_target_length: 4096',
      'quantization: fp8',
    ];
    const maxtext = read(jax, { framework: 'maxtext', model: 'llama2_7B.yaml' });
    expect(formatOf(maxtext)).toBe('fp8-e4m3 tensor (fp8-e5m2)');
    expect(maxtext.run.parameters?.total).toBe(6_738_415_616);
    expect(maxtext.run.tokens.perRank?.value).toBe(50 * 12 * 4096);
  });

  it('is silent for diffusion', () => {
    const text = experiment(['training: {steps: 50}'], { framework: 'diffusion' });
    expect(readText(file, text)?.reading.role).toBe('other');
  });

  it('tells tuning by its trainer', () => {
    expect(read(steps, { module: 'sft_trainer' }).run.role).toBe('finetune');
    expect(read([...steps, 'load: /ckpt']).run.role).toBe('continued');
    expect(read([...steps, 'load: /ckpt', 'finetune: false']).run.role).toBe('pretrain');
  });

  it('reads a preset as a model', () => {
    const path = `${configs}/models/megatron/house.yaml`;
    const { run: got } = run(presets, path);
    expect(got).toMatchObject({ role: 'model', precision: null });
    expect(got.parameters?.linear).toBe(read().run.parameters?.linear);
  });

  it('stops at presets that extend each other', () => {
    const path = `${configs}/models/megatron/house_base.yaml`;
    const circle = { ...presets, [path]: `extends: [house.yaml]\n${presets[path] ?? ''}` };
    const { needs } = run({ ...circle, [file]: experiment(steps) }, file);
    expect(needs.map(({ why }) => why).join(' ')).toContain('“house.yaml” leads back to itself');
  });

  it('writes overrides, never the trainer’s defaults', () => {
    const before = { ...presets, [file]: experiment(steps) };
    const mxfp8 = { format: 'mxfp8-e4m3', granularity: 'block', block: 32 } as const;
    const low = written(before, file, mxfp8);
    expect(low[file]).toContain('      fp8: e4m3\n      fp8_recipe: mxfp8');
    const trainer = `${configs}/modules/megatron/pre_trainer.yaml`;
    expect(low[trainer]).toBe(presets[trainer]);
    const nvfp4 = written(low, file, { format: 'nvfp4', granularity: 'block', block: 16 });
    expect(formatOf(run(nvfp4, file))).toBe('nvfp4 block 16');
    const plain = written(nvfp4, file, { format: 'fp32', granularity: 'none', block: null });
    expect(formatOf(run(plain, file))).toBe('fp32 none');
  });
});
