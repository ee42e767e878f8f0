import { describe, expect, it } from 'vitest';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';

const size = { parameters: 1e9, tokens: 2e10 };

function scalingOf(request: Omit<PointRequest, 'parameters' | 'tokens'>): unknown {
  const point = pointFor({ ...size, ...request });
  return point && [point.granularity, point.block, point.scale];
}

describe('a point', () => {
  it('carries the format’s bits and the defaults', () => {
    expect(pointFor({ ...size, format: 'fp8-e4m3' })).toEqual({
      parameters: 1e9,
      tokens: 2e10,
      format: 'fp8-e4m3',
      bits: 8,
      exponentBits: 4,
      mantissaBits: 3,
      gradientFormat: null,
      granularity: 'block',
      block: 128,
      scale: null,
      operands: ['weights', 'activations', 'gradients'],
    });
    expect(pointFor({ ...size, format: 'int8' })).toMatchObject({
      exponentBits: null,
      mantissaBits: null,
    });
  });

  it('scales by the format when nothing is stated', () => {
    expect(scalingOf({ format: 'bf16' })).toEqual(['none', null, null]);
    expect(scalingOf({ format: 'e3m4' })).toEqual(['block', 128, null]);
    expect(scalingOf({ format: 'mxfp8-e4m3' })).toEqual(['block', 32, 'e8m0']);
    expect(scalingOf({ format: 'nvfp4' })).toEqual(['block', 16, 'e4m3']);
  });

  it('takes what is stated', () => {
    expect(scalingOf({ format: 'bf16', block: 128 })).toEqual(['block', 128, null]);
    expect(scalingOf({ format: 'fp8-e4m3', granularity: 'tensor', block: 64 })).toEqual([
      'tensor',
      null,
      null,
    ]);
    expect(scalingOf({ format: 'fp8-e4m3', granularity: 'block' })).toEqual(['block', 128, null]);
    expect(scalingOf({ format: 'mxfp4', block: 16, scale: 'fp32' })).toEqual(['block', 16, 'fp32']);
    expect(pointFor({ ...size, format: 'mxfp4', operands: ['weights'] })?.operands).toEqual([
      'weights',
    ]);
  });

  it('is null for what is no run', () => {
    expect(pointFor({ ...size, format: 'fp9' })).toBeNull();
    for (const bad of [0, -1, NaN, Infinity]) {
      expect(pointFor({ ...size, format: 'bf16', parameters: bad })).toBeNull();
      expect(pointFor({ ...size, format: 'bf16', tokens: bad })).toBeNull();
      expect(pointFor({ ...size, format: 'mxfp4', block: bad })).toBeNull();
    }
    expect(pointFor({ ...size, format: 'mxfp4', block: 0.5 })).toBeNull();
  });
});
