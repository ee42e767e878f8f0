import { describe, expect, it } from 'vitest';
import { formatOf, run, written, type Workspace } from './readFiles.ts';
import { readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

const preset = [
  'base_emb_dim: 1024',
  'base_num_query_heads: 16',
  'base_num_kv_heads: 4',
  'head_dim: 64',
  'base_mlp_dim: 4096',
  'base_num_decoder_layers: 8',
  'vocab_size: 1000',
];
const layer = 1024 * 1024 * 2 + 2 * 1024 * 256 + 3 * 1024 * 4096;

function config(lines: readonly string[] = []): string {
  return [
    'base_config: base.yml',
    'enable_checkpointing: false',
    'max_target_length: 4096',
    ...lines,
  ].join('\n');
}

function workspace(lines: readonly string[], more: Workspace = {}): Workspace {
  return {
    'src/maxtext/configs/gpu/a.yml': config(lines),
    'src/maxtext/configs/base.yml': 'steps: 150_001\nper_device_batch_size: 12.0\nquantization: ""',
    'src/maxtext/configs/models/tiny.yml': preset.join('\n'),
    ...more,
  };
}

const file = 'src/maxtext/configs/gpu/a.yml';
const read = (lines: readonly string[], more?: Workspace) => run(workspace(lines, more), file);

describe('MaxText', () => {
  it('lays the preset over the file', () => {
    const { run: got } = read(['model_name: tiny', 'base_num_decoder_layers: 2']);
    expect(got.parameters?.linear).toBe(8 * layer);
    expect(got.fields.parameters.map((place) => place.file)).toContain(
      'src/maxtext/configs/models/tiny.yml',
    );
  });

  it('knows a published model whose preset is not at hand', () => {
    const { run: got } = read(['model_name: llama3.1-405b', 'base_num_decoder_layers: 2']);
    expect(got.parameters?.total).toBe(405_853_388_800);
  });

  it('says which preset is missing instead of guessing', () => {
    const { run: got, needs } = read(['model_name: house-model']);
    expect(got.parameters).toBeNull();
    expect(needs.map(({ why }) => why).join(' ')).toContain('models/house-model.yml was not found');
  });

  it('names a base_config that is not there', () => {
    const text = config(['model_name: llama2-7b']).replace('base.yml', 'other.yml');
    expect(run({ 'a.yml': text }, 'a.yml').needs).toContainEqual(
      need('run', 'the file “other.yml”, named on line 1, was not found'),
    );
  });

  it('takes no default for the steps, and the batch a device', () => {
    expect(read(['model_name: tiny']).run.tokens.total).toBeNull();
    expect(
      read(['model_name: tiny'])
        .needs.map(({ why }) => why)
        .join(' '),
    ).toContain('does not say steps');
    const { tokens } = read(['model_name: tiny', 'steps: 30', 'per_device_batch_size: 0.5']).run;
    expect(tokens.total).toBeNull();
    expect(tokens.perRank?.value).toBe(30 * 0.5 * 4096);
  });

  it('multiplies the devices only where every axis says them', () => {
    const axes = ['dcn_data_parallelism: 32', 'ici_fsdp_parallelism: 8', 'steps: 30'];
    const all = read(['model_name: tiny', ...axes, 'ici_tensor_parallelism: 2']);
    expect(all.run.tokens.total?.value).toBe(30 * 12 * 4096 * 32 * 8 * 2);
    const open = read(['model_name: tiny', ...axes, 'ici_tensor_parallelism: -1']);
    expect(open.run.tokens.total).toBeNull();
  });

  it('halves no layer of Gemma 2: two attentions are merged into one', () => {
    const gemma = [
      ...preset,
      'decoder_block: gemma2',
      'use_post_attn_norm: true',
      'use_post_ffw_norm: true',
    ];
    const { parameters } = run({ 'p.yml': gemma.join('\n') }, 'p.yml').run;
    expect(parameters?.linear).toBe(16 * layer);
    expect(parameters?.nonEmbedding).toBe(16 * (layer + 4 * 1024) + 1024);
  });

  it('spreads global_parameter_scale over the dimensions', () => {
    // 8 = heads, feed-forward, width and layers doubled once.
    const text = [...preset, 'global_parameter_scale: 8'].join('\n');
    const doubled = 2048 * 32 * 64 * 2 + 2 * 2048 * 8 * 64 + 3 * 2048 * 8192;
    expect(run({ 'p.yml': text }, 'p.yml').run.parameters?.linear).toBe(16 * doubled);
  });

  it('counts no layer it does not know', () => {
    const { run: got, needs } = run(
      { 'p.yml': [...preset, 'decoder_block: llama4'].join('\n') },
      'p.yml',
    );
    expect(got.parameters).toBeNull();
    expect(needs.map(({ why }) => why).join(' ')).toContain('decoder_block llama4');
  });

  it.each([
    ['', 'bf16 none'],
    ['fp8', 'fp8-e4m3 tensor (fp8-e5m2)'],
    ['fp8_full', 'fp8-e4m3 tensor (fp8-e5m2)'],
    ['nanoo_fp8', 'fp8-e4m3 tensor (fp8-e5m2)'],
    ['aqt_fp8', 'fp8-e4m3 tensor'],
    ['te_mxfp8', 'mxfp8-e4m3 block 32'],
    ['te_nvfp4', 'nvfp4 block 16'],
    ['int8', 'int8 channel'],
    ['house_recipe', null],
  ])('reads quantization %j as %s', (value, format) => {
    expect(formatOf(read(['model_name: tiny', `quantization: "${value}"`]))).toBe(format);
  });

  it('reads fp8 by Qwix as E4M3 in both directions', () => {
    const lines = ['model_name: tiny', 'quantization: fp8', 'use_qwix_quantization: true'];
    expect(formatOf(read(lines))).toBe('fp8-e4m3 tensor');
  });

  it('writes into the run’s own file, not into base.yml', () => {
    const before = workspace(['model_name: tiny', 'steps: 30']);
    const after = written(before, file, { format: 'mxfp8-e4m3', granularity: 'block', block: 32 });
    expect(after[file]).toContain('quantization: te_mxfp8');
    expect(after['src/maxtext/configs/base.yml']).toBe(before['src/maxtext/configs/base.yml']);
  });

  it('does not take serving configs for runs', () => {
    expect(
      readText(
        'a.yml',
        'base_config: base.yml\nmodel_call_mode: inference\nscan_layers: false\nquantization: fp8',
      ),
    ).toBeNull();
    expect(readText('a.yml', 'mesh_axes: [fsdp]\ndata_sharding: [[fsdp]]')).toBeNull();
  });
});

describe('MaxText: AQT', () => {
  it('multiplies in E4M3 forward and E5M2 backward where all of it is FP8', () => {
    const { precision } = read(['quantization: "aqt_fp8_full"']).run;
    expect([precision?.format.value, precision?.gradientFormat, precision?.granularity]).toEqual([
      'fp8-e4m3',
      'fp8-e5m2',
      'tensor',
    ]);
  });
});
