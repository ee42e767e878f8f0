import { describe, expect, it } from 'vitest';
import { nearestMeasurements } from '../../../src/core/advise/nearestMeasurements.ts';
import { measurements } from '../../../src/core/laws/measurements/measurements.ts';
import { pointOf } from '../../webview/snapshots.ts';

const named = (request: Parameters<typeof pointOf>[0], most = 3) =>
  nearestMeasurements(pointOf(request), most).map(
    ({ measurement }) => `${measurement.dataset} ${measurement.gap}`,
  );

describe('public measurements', () => {
  it('are a selection of 172, the bounds told from what was measured', () => {
    expect(measurements).toHaveLength(172);
    expect(measurements.filter(({ kind }) => kind === 'bound')).toHaveLength(4);
    expect(measurements.every(({ source, recipe }) => source !== '' && recipe !== '')).toBe(true);
  });

  it('hold NVIDIA’s 12 B run of 10 T tokens: slightly above 1.5 % of an assumed 1.5 nats', () => {
    const found = measurements.find(({ point }) => point.tokens === 1e13);
    expect(found).toMatchObject({ dataset: 'NVIDIA', gap: 0.02325, kind: 'measured' });
    expect(found?.point).toMatchObject({ parameters: 1.2e10, format: 'nvfp4', block: 16 });
    expect(found?.caveat).toContain('FP8');
  });
});

describe('how a measurement became known', () => {
  const ofDataset = (name: string) =>
    measurements.find(({ dataset, kind }) => dataset === name && kind === 'measured');

  it.each([
    ['Quartet', 'runs'],
    ['nanochat', 'figure'],
    ['NVIDIA', 'percent'],
    ['marin', 'printed'],
    ['Graphcore', 'runs'],
    ['Averis', 'abstract'],
    ['Wang et al.', 'second-hand'],
  ])('%s: %s', (dataset, status) => {
    expect(ofDataset(dataset)?.status).toBe(status);
  });
});

describe('the nearest of them', () => {
  it('are the same run first, at distance 0', () => {
    const [first] = nearestMeasurements(
      pointOf({ parameters: 8e9, tokens: 1e12, format: 'nvfp4' }),
      1,
    );
    expect(first).toMatchObject({ distance: 0, sameRecipe: true });
    expect(first?.measurement).toMatchObject({ dataset: 'NVIDIA', gap: 0.02625 });
  });

  it('are one of each data set', () => {
    const found = named({ parameters: 1.611e9, tokens: 3.76e10, format: 'nvfp4' });
    expect(found[0]).toBe('nanochat 0.04366');
    expect(new Set(found.map((each) => each.split(' ')[0])).size).toBe(3);
  });

  it('share the width before the size: FP8 at 30 M goes to 2 B and beyond, not to FP4 at 30 M', () => {
    const found = nearestMeasurements(
      pointOf({ parameters: 3e7, tokens: 7.5e8, format: 'mxfp8-e4m3' }),
      2,
    );
    expect(found.map(({ measurement }) => measurement.point.bits)).toEqual([8, 8]);
  });

  it('share the operands where they can', () => {
    const backward = nearestMeasurements(
      pointOf({ parameters: 1e8, tokens: 1e10, format: 'nvfp4', operands: ['gradients'] }),
      1,
    );
    expect(backward[0]?.measurement.gap).toBe(0.01178);
    const weights = nearestMeasurements(
      pointOf({
        parameters: 1e8,
        tokens: 1e10,
        format: 'int4',
        granularity: 'channel',
        operands: ['weights'],
      }),
      1,
    );
    expect(weights[0]?.measurement.gap).toBe(0.02953);
  });

  it('say how much larger or smaller their N and D are', () => {
    const [first] = nearestMeasurements(
      pointOf({ parameters: 4e9, tokens: 2e12, format: 'nvfp4' }),
      1,
    );
    expect(first?.parametersRatio).toBeCloseTo(2, 10);
    expect(first?.tokensRatio).toBeCloseTo(0.5, 10);
    expect(first?.distance).toBeCloseTo(Math.log(4), 10);
  });

  it('are none for a run in 16 bits', () => {
    expect(named({ parameters: 1e9, tokens: 1e11, format: 'bf16' })).toEqual([]);
  });
});
