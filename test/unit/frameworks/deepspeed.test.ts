import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

const read = (config: object) =>
  mustRead('ds.json', JSON.stringify({ zero_optimization: { stage: 3 }, ...config }));

describe('DeepSpeed', () => {
  it.each([
    [{ bf16: { enabled: true } }, 'bf16 none'],
    [{ fp16: { enabled: true, loss_scale: 0 } }, 'fp16 none'],
    [{ fp16: { enabled: false }, bf16: { enabled: 'auto' } }, 'bf16 none'],
    [{ fp16: { enabled: 'auto' }, bf16: { enabled: 'auto' } }, null],
    [{ train_batch_size: 32 }, 'fp32 none'],
    [{ torch_autocast: { enabled: true, dtype: 'float16' }, bf16: {} }, 'fp16 none'],
    [{ fp16: { enabled: true }, msamp: { enabled: false } }, 'fp16 none'],
    [{ fp16: { enabled: true }, msamp: { enabled: true, opt_level: 'O2' } }, 'fp8-e4m3 tensor'],
  ])('reads %j as %s', (config, format) => {
    const result = read(config);
    expect(result.format).toBe(format);
    expect(result.reading.role).toBe('fragment');
  });

  it('keeps the 16-bit base beside MS-AMP and E5M2 gradients', () => {
    const { reading } = read({ fp16: { enabled: true }, msamp: { enabled: true } });
    expect(reading.precision).toMatchObject({ base: 'fp16', gradientFormat: 'fp8-e5m2' });
  });

  it('knows neither a model nor a duration', () => {
    const { counts, tokens } = read({ train_batch_size: 256, bf16: { enabled: true } });
    expect(counts).toBeNull();
    expect(tokens).toMatchObject({ total: null, perRank: null });
  });

  it('writes one section on and the others off', () => {
    const text = '{"train_batch_size": 8, "fp16": {"enabled": true}, "bf16": {"enabled": false}}';
    const { write } = mustRead('ds.json', text);
    expect(JSON.parse(write('bf16'))).toEqual({
      train_batch_size: 8,
      fp16: { enabled: false },
      bf16: { enabled: true },
    });
    expect(JSON.parse(write('fp8-e4m3', 'tensor'))).toMatchObject({
      fp16: { enabled: true },
      msamp: { enabled: true, opt_level: 'O2' },
    });
    expect(write('mxfp4', 'block', 32)).toBe(
      'The framework has no setting for MXFP4 in blocks of 32.',
    );
  });

  it('is silent for other JSON', () => {
    expect(
      readText('a.json', '{"optimizer": {"type": "Adam"}, "fp16": {"enabled": true}}'),
    ).toBeNull();
  });
});
