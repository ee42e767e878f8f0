import { describe, expect, it } from 'vitest';
import { explore, pruneOverrides, targetOf, whyNotApply } from '../../../webview/explored.ts';
import { fp8Point, pointOf, runAnalysis } from '../../webview/snapshots.ts';
import { exploredOf } from './input.ts';

const fp8 = runAnalysis(fp8Point);

describe('what the sliders explore', () => {
  it('is the file’s own point while nothing was moved', () => {
    const explored = explore(fp8, {});
    expect(explored?.point).toEqual(fp8Point);
    expect(explored?.changed).toEqual([]);
    expect(explored?.missing).toEqual([]);
    expect(explored?.compute).toBe((6 / 16) * 8 * 6_442_450_944 * 134_217_728_000);
  });

  it('moves N and D and keeps everything else, the gradients’ format too', () => {
    const explored = explore(fp8, { parameters: 1e9, tokens: 2e10 });
    expect(explored?.point).toEqual({ ...fp8Point, parameters: 1e9, tokens: 2e10 });
    expect(explored?.changed).toEqual(['parameters', 'tokens']);
  });

  it('takes another plain format with the file’s scaling, and a block format with its own', () => {
    expect(explore(fp8, { format: 'fp8-e5m2' })?.point).toMatchObject({
      format: 'fp8-e5m2',
      granularity: 'tensor',
      gradientFormat: null,
    });
    expect(explore(fp8, { format: 'mxfp4' })?.point).toMatchObject({
      granularity: 'block',
      block: 32,
      scale: 'e8m0',
      bits: 4,
    });
    expect(explore(fp8, { format: 'bf16' })?.point).toMatchObject({
      granularity: 'none',
      block: null,
    });
    expect(
      exploredOf(
        { ...fp8Point, format: 'mxfp4', granularity: 'block', block: 32, scale: null },
        { format: 'fp8-e4m3' },
      ).point.block,
    ).toBe(128);
  });

  it('takes a layout of no named format, and ignores a format nobody knows', () => {
    expect(explore(fp8, { format: 'e3m4' })?.point).toMatchObject({ bits: 8, mantissaBits: 4 });
    expect(explore(fp8, { format: 'fp9' })?.point).toEqual(fp8Point);
  });

  it('asks a writer for exactly what is drawn', () => {
    const explored = exploredOf(fp8Point, { granularity: 'block', block: 64 });
    expect(targetOf(explored.point)).toEqual({
      format: 'fp8-e4m3',
      granularity: 'block',
      block: 64,
    });
    expect(explored.changed).toEqual(['format']);
  });

  it('names what the file does not say, and stands in for it', () => {
    const explored = explore(runAnalysis(fp8Point, { tokens: null }), {});
    expect(explored?.missing).toEqual(['tokens']);
    expect(explored?.point.tokens).toBe(20 * 6_442_450_944);
    expect(explored?.point.granularity).toBe('tensor');
    const bare = explore(
      { ...fp8, point: null, run: { ...fp8.run, parameters: null, precision: null } },
      {},
    );
    expect(bare?.missing).toEqual(['parameters', 'format']);
    expect(bare?.point).toMatchObject({ parameters: 1e9, format: 'bf16', granularity: 'none' });
  });

  it('does not take the tokens of a continued run’s own leg for D', () => {
    const continued = { ...fp8, point: null, run: { ...fp8.run, role: 'continued' as const } };
    expect(explore(continued, {})?.missing).toEqual(['tokens']);
  });

  it.each(['finetune', 'quantize', 'serve', 'other'] as const)('draws nothing for %s', (role) => {
    expect(explore({ ...fp8, point: null, run: { ...fp8.run, role } }, {})).toBeNull();
  });
});

describe('the reason why a format is not applied', () => {
  it('is none once the format differs', () => {
    expect(whyNotApply(fp8, exploredOf(fp8Point, { format: 'mxfp4' }))).toBeNull();
  });

  it('is said otherwise', () => {
    expect(whyNotApply(fp8, exploredOf(fp8Point))).toBe('Nothing differs from the file.');
    expect(whyNotApply(fp8, exploredOf(fp8Point, { tokens: 1e12 }))).toContain('Only the number');
    const mute = { ...fp8, canWrite: false };
    expect(whyNotApply(mute, exploredOf(fp8Point, { format: 'mxfp4' }))).toContain('LLM Foundry');
  });
});

describe('overrides', () => {
  it('that say what the file says fall away', () => {
    const said = { parameters: 6_442_450_944, tokens: 1e12, format: 'fp8-e4m3', compute: 1e22 };
    expect(pruneOverrides(fp8, said)).toEqual({ tokens: 1e12, compute: 1e22 });
    const block = runAnalysis(pointOf({ parameters: 1e9, tokens: 1e10, format: 'mxfp4' }));
    expect(pruneOverrides(block, { format: 'mxfp4', granularity: 'block', block: 32 })).toEqual({});
    expect(pruneOverrides(block, { block: 64, granularity: 'block' })).toEqual({
      granularity: 'block',
      block: 64,
    });
  });

  it('stay where the file says nothing, even at the stand-in’s own number', () => {
    const run = runAnalysis(fp8Point, { tokens: null });
    const tokens = 20 * 6_442_450_944;
    expect(pruneOverrides(run, { tokens })).toEqual({ tokens });
  });
});
