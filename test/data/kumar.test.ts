import { describe, expect, it } from 'vitest';
import { kumar } from '../../src/core/laws/kumar/kumar.ts';
import {
  averagedFactors,
  factorsOf,
  keptShareOfAll,
  optimalBits,
} from '../../src/core/laws/kumar/formulas.ts';
import type { RunPoint } from '../../src/core/laws/law.ts';
import { pointFor } from '../../src/core/laws/point.ts';
import { dataFile } from './folder.ts';

interface Row {
  readonly N: number;
  readonly D: number;
  readonly P: number;
}

interface Reference {
  readonly pstar_offsets: number;
  readonly pstar_plain: number;
  readonly factor: Readonly<Record<string, number>>;
  readonly loss: readonly (Row & { readonly loss: number })[];
  readonly ptq: readonly (Row & {
    readonly delta: number;
    readonly delta_no_b: number;
    readonly dcrit: number;
    readonly dcrit_eq13: number;
  })[];
}

const { kumar: reference } = JSON.parse(dataFile('laws.json')) as { readonly kumar: Reference };

function point({ N, D, P }: Row): RunPoint {
  const found = pointFor({
    parameters: N,
    tokens: D,
    format: `int${P}`,
    granularity: 'channel',
    operands: ['weights', 'activations', 'kv'],
  });
  if (!found) throw new Error('no point');
  return found;
}

/** The value with as many significant digits as the reference prints of it. */
const four = (value: number | null | undefined) => Number((value ?? NaN).toPrecision(4));

describe('Kumar against laws.json', () => {
  const factors = Object.values(factorsOf());

  it('has every row', () => {
    expect([reference.loss.length, reference.ptq.length]).toEqual([24, 15]);
  });

  it('gives both compute-optimal bits and the one of the averaged constants', () => {
    expect(optimalBits(factors)).toBeCloseTo(reference.pstar_offsets, 4);
    const plain = factors.map((factor) => ({ ...factor, offset: 0 }));
    expect(optimalBits(plain)).toBeCloseTo(reference.pstar_plain, 4);
    expect(optimalBits(averagedFactors())).toBeCloseTo(7.641, 3);
  });

  it.each(Object.entries(reference.factor))('leaves at %s bits %d', (bits, share) => {
    expect(keptShareOfAll(Number(bits), factors)).toBeCloseTo(share, 4);
  });

  it.each(reference.loss)('loss $loss at N $N, D $D, P $P', (row) => {
    expect(kumar.forecast(point(row)).loss).toBeCloseTo(row.loss, 5);
  });

  it.each(reference.ptq)('after training: N $N, D $D, P $P', (row) => {
    const found = kumar.postTraining?.(point(row));
    const [printed] = found?.variants ?? [];
    expect(found?.gap).toBeCloseTo(row.delta, 5);
    expect(printed?.gap).toBeCloseTo(row.delta_no_b, 5);
    expect(four(found?.criticalTokens)).toBe(row.dcrit);
    expect(four(printed?.criticalTokens)).toBe(row.dcrit_eq13);
  });
});
