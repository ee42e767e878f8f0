import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

function config(...fp8: readonly string[]): string {
  return [
    'distributed_type: MULTI_GPU',
    'mixed_precision: fp8',
    'num_processes: 8',
    'fp8_config:',
    '  margin: 0',
    ...fp8.map((line) => `  ${line}`),
  ].join('\n');
}

const read = (...fp8: readonly string[]) => mustRead('a.yaml', config(...fp8));

describe('Accelerate', () => {
  it.each([
    [['backend: TE'], 'fp8-e4m3 tensor', 'fp8-e5m2', 'TE delayed scaling'],
    [['backend: TE', 'fp8_format: E4M3'], 'fp8-e4m3 tensor', null, 'TE delayed scaling'],
    [['backend: AO'], 'fp8-e4m3 tensor', 'fp8-e5m2', 'torchao tensorwise'],
    [['backend: MS-AMP', 'optimization_level: O2'], 'fp8-e4m3 tensor', 'fp8-e5m2', 'MS-AMP'],
    [['backend: MSAMP', 'opt_level: O1'], 'fp8-e4m3 tensor', 'fp8-e5m2', 'MS-AMP'],
    [['backend: TE', 'use_mxfp8_block_scaling: true'], 'mxfp8-e4m3 block 32', null, 'MXFP8'],
  ])('reads %j as %s', (lines, format, gradient, recipe) => {
    const result = read(...lines);
    expect(result.format).toBe(format);
    expect(result.reading.precision).toMatchObject({ gradientFormat: gradient, recipe });
    expect(result.reading.role).toBe('fragment');
  });

  it.each([['[false, false, true]'], ['(false, false, true)']])(
    'reads override_linear_precision %s as an exemption',
    (written) => {
      const { reading } = read('backend: TE', `override_linear_precision: ${written}`);
      expect(reading.precision?.notes).toEqual([
        'override_linear_precision keeps the weight-gradient multiplication out of FP8.',
      ]);
    },
  );

  it('takes fp8_config without mixed_precision: fp8 for nothing', () => {
    const text = config('backend: TE').replace('mixed_precision: fp8', 'mixed_precision: bf16');
    expect(mustRead('a.yaml', text).format).toBe('bf16 none');
  });

  it('leaves the format open where nothing is mixed', () => {
    const text = config().replace('mixed_precision: fp8', "mixed_precision: 'no'");
    const { format, reading } = mustRead('a.yaml', text);
    expect(format).toBeNull();
    expect(reading.needs[0]?.settles).toBe('format');
  });

  it('writes fp8 with the backend that is named, else Transformer Engine', () => {
    const plain = config('backend: AO').replace('fp8\n', 'bf16\n');
    expect(mustRead('a.yaml', plain).write('fp8-e4m3', 'tensor')).toBe(config('backend: AO'));
    expect(mustRead('a.yaml', config()).write('fp8-e4m3', 'tensor')).toBe(
      config('backend: TE', 'fp8_format: HYBRID'),
    );
    expect(read('backend: TE').write('mxfp8-e4m3', 'block', 32)).toBe(
      config('backend: TE', 'use_mxfp8_block_scaling: true'),
    );
  });

  it('is silent for a Lightning trainer’s file', () => {
    expect(readText('a.yaml', 'strategy: ddp\naccelerator: gpu\nnum_nodes: 1')).toBeNull();
  });
});
