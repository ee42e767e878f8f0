import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

const recipe = (...lines: readonly string[]) =>
  mustRead(
    'recipe.yaml',
    ['quant_stage:', '  quant_modifiers:', ...lines.map((line) => `    ${line}`)].join('\n'),
  );

const group = (...lines: readonly string[]) =>
  recipe(
    'QuantizationModifier:',
    '  config_groups:',
    '    group_0:',
    '      targets: [Linear]',
    ...lines.map((line) => `      ${line}`),
  );

describe('LLM Compressor', () => {
  it('is a post-training recipe: no run, nothing to write, and no training format', () => {
    const { reader, reading, write } = recipe('QuantizationModifier:', '  scheme: FP8_DYNAMIC');
    expect(reader.id).toBe('llm-compressor');
    expect(reading.role).toBe('quantize');
    expect(reading.tokens.duration).toBeNull();
    expect(reading.precision?.notes).toEqual([
      'A post-training recipe: it says how the model is stored, not the format it is trained in.',
    ]);
    expect(write('bf16')).toBe('no writer');
  });

  // compressed-tensors, quantization/quant_scheme.py.
  it.each([
    ['FP8', 'fp8-e4m3 tensor', ['weights', 'activations']],
    ['FP8_DYNAMIC', 'fp8-e4m3 channel', ['weights', 'activations']],
    ['fp8_block', 'fp8-e4m3 block 128', ['weights', 'activations']],
    ['NVFP4', 'nvfp4 block 16', ['weights', 'activations']],
    ['NVFP4A16', 'nvfp4 block 16', ['weights']],
    ['MXFP4', 'mxfp4 block 32', ['weights', 'activations']],
    ['MXFP8', 'mxfp8-e4m3 block 32', ['weights', 'activations']],
    ['W8A8', 'int8 channel', ['weights', 'activations']],
    ['W4A16_ASYM', 'int4 block 128', ['weights']],
  ])('reads the preset %s', (scheme, format, operands) => {
    const read = recipe('GPTQModifier:', `  scheme: ${scheme}`, '  targets: Linear');
    expect(read.format).toBe(format);
    expect(read.reading.precision?.operands).toEqual(operands);
    expect(read.formatTexts).toEqual([scheme]);
  });

  it('names the activations of another format', () => {
    const { reading } = recipe('QuantizationModifier:', '  scheme: W4AFP8');
    expect(reading.precision?.operands).toEqual(['weights']);
    expect(reading.precision?.notes[1]).toBe(
      'The activations are quantised to FP8 E4M3 per channel.',
    );
  });

  it.each([
    [['weights: {num_bits: 8, type: float, strategy: channel}'], 'fp8-e4m3 channel'],
    [['weights: {num_bits: 4, type: int, strategy: group, group_size: 64}'], 'int4 block 64'],
    [['weights: {num_bits: 4, type: int, group_size: -1}'], 'int4 channel'],
    [['weights: {num_bits: 8}'], 'int8 tensor'],
    [
      ['weights: {num_bits: 4, type: float, strategy: tensor_group, group_size: 16}'],
      'nvfp4 block 16',
    ],
    [['weights: {num_bits: 4, type: float, strategy: group, group_size: 32}'], 'mxfp4 block 32'],
    [
      ['weights: {num_bits: 8, type: float, group_size: 32, scale_dtype: torch.uint8}'],
      'mxfp8-e4m3 block 32',
    ],
    [['weights: {num_bits: 8, type: float, group_size: 32}'], 'fp8-e4m3 block 32'],
    [
      ['weights: {num_bits: 8, type: float, strategy: block, block_structure: [128, 64]}'],
      'fp8-e4m3 block 64',
    ],
    [
      ['weights: {num_bits: 8, type: float, strategy: block, block_structure: 128x128}'],
      'fp8-e4m3 block 128',
    ],
    [['input_activations: {num_bits: 8, type: float, strategy: token}'], 'fp8-e4m3 channel'],
  ])('reads %j as %s', (lines, format) => {
    expect(group(...lines).format).toBe(format);
  });

  it('takes the linear layers’ group and says that others differ', () => {
    const { format, reading } = recipe(
      'QuantizationModifier:',
      '  scheme: {W8A16: [Embedding], FP8_DYNAMIC: [Linear]}',
    );
    expect(format).toBe('fp8-e4m3 channel');
    expect(reading.precision?.notes[1]).toBe(
      'Other parts of the recipe quantise other layers differently (W8A16).',
    );
  });

  it('reads a recipe for the cache alone', () => {
    const { format, reading } = recipe(
      'QuantizationModifier:',
      '  kv_cache_scheme: {num_bits: 8, type: float, strategy: tensor}',
    );
    expect(format).toBe('fp8-e4m3 tensor');
    expect(reading.precision?.operands).toEqual(['kv']);
  });

  it.each(['SparseGPTModifier:\n      sparsity: 0.5', 'SmoothQuantModifier: {}'])(
    'says that %s quantises nothing',
    (modifier) => {
      const { format, reading } = recipe(modifier);
      expect(format).toBeNull();
      expect(reading.needs[0]?.why).toMatch(/^the recipe quantises nothing/);
    },
  );

  it('does not guess at a scheme it does not know', () => {
    const { format, reading } = recipe('QuantizationModifier:', '  scheme: FP3_NEW');
    expect(format).toBeNull();
    expect(reading.needs).toEqual([
      need('format', 'the scheme “FP3_NEW” is not one with a known format'),
    ]);
  });

  it('reads the model of the repository’s own evaluation configs', () => {
    const text = 'cadence: weekly\nmodel: meta-llama/Llama-3.1-8B-Instruct\nscheme: NVFP4\n';
    const { counts, format } = mustRead('a.yaml', text);
    expect(counts?.total).toBe(8_030_261_248);
    expect(format).toBe('nvfp4 block 16');
  });

  it.each([
    'model: a/b\nscheme: https\ncadence: weekly\n',
    'scheme: FP8\nmodel: a/b\n',
    'quant_stage:\n  steps: [a]\n',
    'quant_stage:\n  quant_modifiers:\n    scheme: FP8\n',
  ])('stays silent on %j', (text) => {
    expect(readText('a.yaml', text)).toBeNull();
  });
});
