import { describe, expect, it } from 'vitest';
import { assumed, byDefault, stated } from '../../../src/core/run/known.ts';
import { countTokens, cutTokens, type TokenPlan } from '../../../src/core/run/tokens.ts';
import { need } from '../../../src/core/run/need.ts';

const at = (value: number, start = 0) => stated(value, { file: 'run.yaml', start, end: start + 4 });
const told = (value: number) => assumed(value, 'setting');

const steps = (count: number): TokenPlan => ({
  duration: { unit: 'steps', count: at(count) },
  sequenceLength: at(2048),
});

describe('countTokens', () => {
  it('multiplies steps, sequences and tokens, and shows the multiplication', () => {
    const count = countTokens({ ...steps(64_000), globalBatch: at(1024) }, {});
    expect(count.total?.value).toBe(134_217_728_000);
    expect(count.needs).toEqual([]);
    expect(count.total?.origin).toMatchObject({
      kind: 'derived',
      formula: '64,000 steps × 1,024 sequences × 2,048 tokens',
      from: ['steps', 'sequences', 'tokens'],
    });
  });

  it('knows D per rank and says that ranks are missing', () => {
    const count = countTokens({ ...steps(1000), rankBatch: at(8) }, {});
    expect(count.total).toBeNull();
    expect(count.perRank?.value).toBe(16_384_000);
    expect(count.needs).toEqual([
      need('tokens', 'the global batch needs the number of data-parallel ranks'),
    ]);
    expect(count.settledBy).toEqual(['world-size']);
  });

  it('takes the ranks from a world size divided by the GPUs of one model copy', () => {
    const plan = { ...steps(1000), rankBatch: at(8), modelParallel: at(4) };
    expect(countTokens(plan, { 'world-size': told(64) }).total?.value).toBe(16_384_000 * 16);
    // 6 GPUs do not hold a whole number of 4-GPU copies: not a run, so not a number.
    expect(countTokens(plan, { 'world-size': told(6) }).total).toBeNull();
  });

  it('needs the ranks themselves when the model-parallel split is unknown', () => {
    const plan = { ...steps(1000), rankBatch: at(8), modelParallel: null };
    expect(countTokens(plan, { 'world-size': told(64) }).total).toBeNull();
    expect(countTokens(plan, {}).settledBy).toEqual(['data-parallel-ranks']);
    expect(countTokens(plan, { 'data-parallel-ranks': told(2) }).total?.value).toBe(32_768_000);
  });

  it('does not know epochs until the data set’s tokens are told', () => {
    const plan: TokenPlan = { duration: { unit: 'epochs', count: at(2) }, sequenceLength: null };
    expect(countTokens(plan, {}).total).toBeNull();
    expect(countTokens(plan, {}).settledBy).toEqual(['dataset-tokens']);
    expect(countTokens(plan, { 'dataset-tokens': told(5e9) }).total?.value).toBe(1e10);
  });

  it('ends at the earlier of two bounds, and takes a known bound over an unknown one', () => {
    const tokens = { unit: 'tokens', count: at(1e12) } as const;
    const epochs = { unit: 'epochs', count: at(1) } as const;
    const both = { ...steps(1000), globalBatch: at(512), stop: tokens };
    expect(countTokens(both, {}).total?.value).toBe(1000 * 512 * 2048);
    expect(countTokens({ ...both, duration: epochs, stop: tokens }, {}).total?.value).toBe(1e12);
  });

  it('says what is missing, and never multiplies to a count that cannot be', () => {
    expect(countTokens(steps(10), {}).needs).toEqual([
      need('tokens', 'the batch size is not in the file'),
    ]);
    const noLength = { ...steps(10), globalBatch: at(8), sequenceLength: null };
    expect(countTokens(noLength, {}).needs).toEqual([
      need('tokens', 'the sequence length is not in the file'),
    ]);
    const negative = countTokens({ ...steps(-1), globalBatch: at(8) }, {});
    expect(negative.total).toBeNull();
    expect(negative.needs).toHaveLength(1);
  });
});

describe('cutTokens', () => {
  it('rewrites the stated duration in its own unit', () => {
    const plan: TokenPlan = {
      duration: { unit: 'steps', count: at(1000, 40), write: (n) => `${n}ba` },
      sequenceLength: at(2048),
      globalBatch: byDefault(512, 'test'),
    };
    const result = cutTokens(plan, countTokens(plan, {}), 100 * 512 * 2048 + 7);
    expect(result).toEqual({
      ok: true,
      edits: [{ place: { file: 'run.yaml', start: 40, end: 44 }, newText: '100ba' }],
    });
  });

  it('refuses what no number in the file states', () => {
    const plan: TokenPlan = {
      duration: { unit: 'steps', count: byDefault(1000, 'test') },
      sequenceLength: at(2048),
      globalBatch: at(8),
    };
    expect(cutTokens(plan, countTokens(plan, {}), 1e6).ok).toBe(false);
  });
});
