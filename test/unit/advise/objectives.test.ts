import { describe, expect, it } from 'vitest';
import {
  objectives,
  ranked,
  recommendedOf,
  type Objective,
  type Ranked,
} from '../../../src/core/advise/objectives.ts';

interface Row extends Ranked {
  readonly name: string;
}

const base: Row = {
  name: 'base',
  gap: 0,
  pooledGap: 0,
  hours: 100,
  storedBits: 16,
  stateBytes: 100,
  lossInSameHours: 2.3,
  isReady: true,
  current: false,
};

const rows: readonly Row[] = [
  { ...base, name: 'bf16' },
  {
    ...base,
    name: 'fp8',
    gap: 0.004,
    pooledGap: 0.005,
    hours: 60,
    storedBits: 8,
    stateBytes: 90,
    lossInSameHours: 2.28,
  },
  {
    ...base,
    name: 'fp8 block',
    gap: 0.002,
    pooledGap: 0.003,
    hours: 70,
    storedBits: 8.25,
    stateBytes: 80,
    lossInSameHours: 2.29,
  },
  {
    ...base,
    name: 'by the lead alone',
    gap: 0.006,
    pooledGap: 0.03,
    hours: 30,
    storedBits: 4,
    stateBytes: 60,
    lossInSameHours: 2.27,
  },
  {
    ...base,
    name: 'past the target',
    gap: 0.02,
    pooledGap: 0.02,
    hours: 20,
    storedBits: 4,
    stateBytes: 50,
    lossInSameHours: 2.31,
  },
  {
    ...base,
    name: 'not to be had',
    gap: 0.001,
    pooledGap: 0.001,
    hours: 10,
    storedBits: 4,
    stateBytes: 10,
    lossInSameHours: 2,
    isReady: false,
  },
];

const names = (objective: Objective, from = rows, target = 0.01) =>
  ranked(from, objective, target).map(({ name }) => name);

describe('the order of an objective', () => {
  it('puts the fastest within the target by the leading and the pooled law first', () => {
    expect(names('fastest')).toEqual([
      ...['fp8', 'fp8 block', 'bf16', 'by the lead alone', 'past the target', 'not to be had'],
    ]);
  });

  it('goes by stored bits where no hours are known', () => {
    const unknown = rows.map((row) => ({ ...row, hours: null }));
    expect(names('fastest', unknown).slice(0, 3)).toEqual(['fp8', 'fp8 block', 'bf16']);
  });

  it('puts the least loss, memory or gap first', () => {
    expect(names('same-hours')[0]).toBe('by the lead alone');
    expect(names('memory')[0]).toBe('fp8 block');
    expect(names('gap').slice(0, 2)).toEqual(['bf16', 'fp8 block']);
  });

  it.each(objectives)('%s puts what cannot be had last', (objective) => {
    expect(names(objective).at(-1)).toBe('not to be had');
  });
});

describe('what is recommended', () => {
  const best = (objective: Objective, target: number, from = rows) =>
    recommendedOf(ranked(from, objective, target), objective, target)?.name ?? null;

  it('keeps the target where the objective does', () => {
    expect(best('fastest', 0.01)).toBe('fp8');
    expect(best('fastest', 0.0045)).toBe('fp8 block');
    expect(best('same-hours', 0.0045)).toBe('by the lead alone');
  });

  it('is nothing where no row that can be had keeps it', () => {
    expect(best('fastest', 0.01, rows.slice(3))).toBeNull();
    expect(best('gap', 0.01, rows.slice(5))).toBeNull();
  });
});
