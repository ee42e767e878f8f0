import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

const config = (weight: unknown, input_tensors: unknown = null) =>
  mustRead(
    'a.json',
    JSON.stringify({ global_quant_config: { weight, input_tensors }, exclude: ['lm_head'] }),
  );

const mx = { qscheme: 'per_group', group_size: 32, scale_format: 'e8m0' };

describe('AMD Quark', () => {
  it.each([
    [{ dtype: 'fp8_e4m3', qscheme: 'per_tensor' }, 'fp8-e4m3 tensor'],
    [{ dtype: 'fp8_e4m3', qscheme: 'per_channel', ch_axis: 0 }, 'fp8-e4m3 channel'],
    [{ dtype: 'fp4', ...mx }, 'mxfp4 block 32'],
    [{ dtype: 'fp6_e3m2', ...mx }, 'mxfp6-e3m2 block 32'],
    [{ dtype: 'mx', mx_element_dtype: 'fp8_e4m3', group_size: 32 }, 'mxfp8-e4m3 block 32'],
    [
      [
        { dtype: 'fp4', qscheme: 'per_group', group_size: 16 },
        { dtype: 'fp8_e4m3', qscheme: 'per_tensor' },
      ],
      'nvfp4 block 16',
    ],
    [{ dtype: 'uint4', qscheme: 'per_group', group_size: 128 }, 'int4 block 128'],
    [{ dtype: 'mx9', qscheme: 'per_group', group_size: 16 }, null],
  ])('reads %j as %s', (weight, format) => {
    const read = config(weight);
    expect(read.reader.id).toBe('quark');
    expect(read.reading.role).toBe('quantize');
    expect(read.format).toBe(format);
  });

  it('names activations of another format', () => {
    const { reading } = config({ dtype: 'fp4', ...mx }, { dtype: 'fp8_e4m3', ...mx });
    expect(reading.precision?.operands).toEqual(['weights']);
    expect(reading.precision?.notes[1]).toBe(
      'The activations are quantised to MXFP8 E4M3 in blocks of 32.',
    );
  });

  it('says of an algorithm’s config that it names no format', () => {
    const text = JSON.stringify({
      name: 'gptq',
      inside_layer_modules: ['mlp.up_proj'],
      model_decoder_layers: 'model.layers',
      block_size: 128,
    });
    const { format, reading } = mustRead('a.json', text);
    expect(format).toBeNull();
    expect(reading.needs[0]?.why).toMatch(/^the file sets up an algorithm/);
  });

  it.each([{ global_quant_config: {} }, { name: 'gptq', block_size: 128 }])(
    'stays silent on %j',
    (value) => {
      expect(readText('a.json', JSON.stringify(value))).toBeNull();
    },
  );
});
