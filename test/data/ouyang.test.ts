import { describe, expect, it } from 'vitest';
import { ouyang } from '../../src/core/laws/ouyang/ouyang.ts';
import { pointFor } from '../../src/core/laws/point.ts';
import { qatFraction } from '../../src/core/laws/qatFraction.ts';
import { dataFile } from './folder.ts';

interface Reference {
  readonly ouyang: readonly { N: number; D: number; P: number; dq: number }[];
  readonly apple_qat_fraction: readonly { N: number; D: number; bits: number; frac: number }[];
}

const reference = JSON.parse(dataFile('laws.json')) as Reference;

describe('Ouyang against laws.json', () => {
  it('has every row', () => {
    expect([reference.ouyang.length, reference.apple_qat_fraction.length]).toEqual([9, 6]);
  });

  it.each(reference.ouyang)('adds $dq at N $N, D $D, P $P', ({ N, D, P, dq }) => {
    const point = pointFor({
      parameters: N,
      tokens: D,
      format: `int${P}`,
      granularity: 'channel',
      operands: ['weights'],
    });
    expect(point && ouyang.forecast(point).gap).toBeCloseTo(dq, 4);
  });

  it.each(reference.apple_qat_fraction)(
    'gives the share $frac of training with the quantisation at N $N, D $D, $bits bits',
    ({ N, D, bits, frac }) => {
      expect(qatFraction(N, D, bits)?.share).toBeCloseTo(frac, 4);
    },
  );
});
