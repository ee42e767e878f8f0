import { describe, expect, it } from 'vitest';
import { namedScheme } from '../../../src/core/frameworks/modelopt/schemes.ts';
import { mustRead, readText } from './readText.ts';

const recipe = (...lines: readonly string[]) =>
  mustRead(
    'recipe.yaml',
    [
      'metadata: {recipe_type: ptq, description: an example}',
      'quantize:',
      '  algorithm: max',
      '  quant_cfg:',
      "    - {quantizer_name: '*', enable: false}",
      ...lines.map((line) => `    ${line}`),
    ].join('\n'),
  );

const quantiser = (name: string, cfg: string) => `- {quantizer_name: '*${name}', cfg: ${cfg}}`;

describe('Model Optimizer', () => {
  it.each([
    ['{num_bits: e4m3, axis: }', 'fp8-e4m3 tensor'],
    ['{num_bits: [4, 3], axis: 0}', 'fp8-e4m3 channel'],
    ['{num_bits: "(4, 3)"}', 'fp8-e4m3 tensor'],
    ['{num_bits: 8, axis: 0}', 'int8 channel'],
    ['{num_bits: 4, block_sizes: {-1: 128}}', 'int4 block 128'],
    ['{num_bits: e2m1, block_sizes: {-1: 16, type: dynamic, scale_bits: e4m3}}', 'nvfp4 block 16'],
    ['{num_bits: [2, 1], block_sizes: {-1: 32, scale_bits: [8, 0]}}', 'mxfp4 block 32'],
    ['{num_bits: [3, 2], block_sizes: {-1: 32, scale_bits: [8, 0]}}', 'mxfp6-e3m2 block 32'],
    ['{num_bits: [4, 3], block_sizes: {-1: 32, scale_bits: [8, 0]}}', 'mxfp8-e4m3 block 32'],
    ['{num_bits: [4, 3], block_sizes: {-1: 128, -2: 128}}', 'fp8-e4m3 block 128'],
  ])('reads a weight quantizer %s as %s', (cfg, format) => {
    const read = recipe(quantiser('weight_quantizer', cfg));
    expect(read.reading.role).toBe('quantize');
    expect(read.format).toBe(format);
    expect(read.reading.precision?.operands).toEqual(['weights']);
  });

  it('adds the operands that share the format and names those that do not', () => {
    const fp8 = '{num_bits: e4m3, axis: }';
    const { reading } = recipe(
      quantiser('weight_quantizer', fp8),
      quantiser('input_quantizer', fp8),
      quantiser('[kv]_bmm_quantizer', '{num_bits: e2m1, block_sizes: {-1: 16}}'),
    );
    expect(reading.precision?.operands).toEqual(['weights', 'activations']);
    expect(reading.precision?.notes[1]).toBe(
      'The key-value cache is quantised to NVFP4 in blocks of 16.',
    );
  });

  it('follows imports by the name of the snippet', () => {
    const read = mustRead(
      'a.yaml',
      [
        'imports:',
        '  base_disable_all: configs/ptq/units/base_disable_all',
        '  both: configs/ptq/units/w4a4_nvfp4_nvfp4',
        '  fp8: configs/numerics/fp8',
        'metadata: {recipe_type: ptq}',
        'quantize:',
        '  quant_cfg:',
        '    - $import: base_disable_all',
        '    - $import: both',
        "    - {quantizer_name: '*weight_quantizer', cfg: {$import: fp8, block_sizes: {-1: 128}}}",
      ].join('\n'),
    );
    expect(read.format).toBe('fp8-e4m3 block 128');
    expect(read.reading.precision?.notes[1]).toBe(
      'The activations are quantised to NVFP4 in blocks of 16.',
    );
  });

  it('reads the older mapping by quantizer', () => {
    const text = JSON.stringify({
      quant_cfg: {
        '*weight_quantizer': { num_bits: [4, 3], axis: 0 },
        '*input_quantizer': { num_bits: [4, 3], type: 'dynamic', block_sizes: { '-1': null } },
        '*lm_head*': { enable: false },
      },
      algorithm: 'max',
    });
    const { format, reading } = mustRead('a.json', text);
    expect(format).toBe('fp8-e4m3 channel');
    expect(reading.precision?.operands).toEqual(['weights', 'activations']);
  });

  it.each([
    ['FP8', 'FP8', 'fp8-e4m3 tensor', ['weights', 'activations', 'kv']],
    ['NVFP4', 'FP8', 'nvfp4 block 16', ['weights', 'activations']],
    ['W4A16_AWQ', null, 'int4 block 128', ['weights']],
    ['MIXED_PRECISION', null, null, undefined],
  ])('reads hf_quant_config.json with %s', (quant_algo, kv_cache_quant_algo, format, operands) => {
    const text = JSON.stringify({
      producer: { name: 'modelopt', version: '0.33.0' },
      quantization: { quant_algo, kv_cache_quant_algo, exclude_modules: ['lm_head'] },
    });
    const read = mustRead('hf_quant_config.json', text);
    expect(read.format).toBe(format);
    expect(read.reading.precision?.operands).toEqual(operands);
  });

  it.each([
    ['fp8', 'fp8-e4m3 tensor'],
    ['int8_sq', 'int8 channel'],
    ['int4_awq', 'int4 block 128'],
    ['null', null],
  ])('reads NeMo’s post-training config with %s', (algorithm, format) => {
    const text = `trainer: {precision: bf16}\nquantization:\n  algorithm: ${algorithm}\n  num_calib_size: 512\n`;
    const read = mustRead('a.yaml', text);
    expect(read.reader.id).toBe('modelopt');
    expect(read.format).toBe(format);
  });

  // The names of modelopt.torch.quantization.config and of its export.
  it.each([
    ['NVFP4_DEFAULT_CFG', 'nvfp4', 'nvfp4'],
    ['MXFP4_MLP_WEIGHT_ONLY_CFG', 'mxfp4', undefined],
    ['W4A8_MXFP4_FP8_CFG', 'mxfp4', 'fp8-e4m3'],
    ['W4A8_AWQ_BETA_CFG', 'int4', 'fp8-e4m3'],
    ['FP8_2D_BLOCKWISE_WEIGHT_ONLY_CFG', 'fp8-e4m3', undefined],
    ['NVFP4_FP8_MHA_CONFIG', 'nvfp4', 'nvfp4'],
    ['MXFP6_DEFAULT_CFG', 'mxfp6-e3m2', 'mxfp6-e3m2'],
    ['INT8_WEIGHT_ONLY_CFG', 'int8', undefined],
  ])('knows %s', (name, weights, activations) => {
    const scheme = namedScheme(name);
    expect(scheme?.weights?.format).toBe(weights);
    expect(scheme?.activations?.format).toBe(activations);
  });

  it('knows a name for the cache alone, and no other', () => {
    expect(namedScheme('NVFP4_KV_CFG')).toEqual({
      kv: { format: 'nvfp4', granularity: 'block', block: 16, scale: 'e4m3' },
    });
    expect(namedScheme('MXINT8_DEFAULT_CFG')).toBeNull();
    expect(namedScheme('SOMETHING')).toBeNull();
  });

  const sft = [
    'model_name_or_path: meta-llama/Llama-3.1-8B',
    'dataset_name: example/chats',
    'learning_rate: 1.0e-5',
    'bf16: true',
  ];

  it('keeps the role of a quantisation-aware run, with the format of its forward pass', () => {
    const { reading, format, formatTexts, write } = mustRead(
      'a.yaml',
      [...sft, 'quant_cfg: NVFP4_DEFAULT_CFG'].join('\n'),
    );
    expect(reading.role).toBe('finetune');
    expect(format).toBe('nvfp4 block 16');
    expect(formatTexts).toEqual(['NVFP4_DEFAULT_CFG']);
    expect(reading.precision).toMatchObject({
      base: 'bf16',
      operands: ['weights', 'activations'],
      gradientFormat: null,
    });
    expect(reading.precision?.notes[0]).toMatch(/^Quantisation-aware training/);
    expect(write('fp16')).toBe('no writer');
  });

  it('takes an empty quant_cfg for no quantisation', () => {
    const { reader, format, write } = mustRead('a.yaml', [...sft, 'quant_cfg:'].join('\n'));
    expect(reader.id).toBe('modelopt');
    expect(format).toBe('bf16 none');
    expect(write('fp16')).toContain('fp16: true');
  });

  it('reads LLaMA-Factory’s run with a modelopt section', () => {
    const text = [
      'model_name_or_path: meta-llama/Llama-3.1-8B',
      'stage: sft',
      'finetuning_type: full',
      'bf16: true',
      'modelopt:',
      '  quant_cfg: FP8_DEFAULT_CFG',
    ].join('\n');
    const { reader, reading, format } = mustRead('a.yaml', text);
    expect([reader.id, reading.role, format]).toEqual(['modelopt', 'finetune', 'fp8-e4m3 tensor']);
  });

  it.each([
    'quant_cfg: FP8_DEFAULT_CFG\n',
    'metadata: {recipe_type: ptq}\n',
    'quantization: {algorithm: kmeans}\n',
    'quantization: {quant_algo: FP8}\n',
  ])('stays silent on %j alone', (text) => {
    expect(readText('a.yaml', text)).toBeNull();
  });
});
