import { describe, expect, it } from 'vitest';
import { fitPooled, type PooledRow } from '../../src/core/calibrate/pooled.ts';
import {
  pooledConstants,
  pooledEffective,
  type PooledConstants,
} from '../../src/core/laws/pooled/formulas.ts';
import { quantile } from '../../src/core/calibrate/rows.ts';
import { quartetGap } from '../../src/core/laws/quartet/formulas.ts';
import { dataFile } from './folder.ts';
import { csvRows } from './rows.ts';

const trained = ['QuEST', 'Quartet', 'Quartet-II'];

interface Row extends PooledRow {
  readonly dataset: string;
  readonly recipe: string;
  readonly isForward: boolean;
}

/** Fitted on some runs, tried on others: median and 90 % quantile of |ln error| there. */
interface Split {
  readonly split: string;
  readonly cls: 'fwd' | 'grad';
  readonly n: number;
  readonly med: number;
  readonly p90: number;
}

const rows: readonly Row[] = csvRows('gaps.csv')
  .filter(({ use }) => use === '1')
  .map((row) => {
    const number = (name: string) => Number(row[name] ?? '');
    const [qw, qx, qe1, qwb] = [number('qw'), number('qx'), number('qe1'), number('qwb')];
    return {
      ...{ dataset: row.dataset ?? '', recipe: row.recipe ?? '', isForward: row.w === '1' },
      ...{ N: number('N'), D: number('D'), phi: number('phi'), gap: number('gap') },
      q: { qw, qx, qe1, qwb, qe2: number('qe2'), qxb: number('qxb') },
    };
  });

/** |ln(predicted / measured)| of each run. */
function logErrors(of: readonly Row[], c: PooledConstants): readonly number[] {
  return of.map(({ N, D, phi, q, gap }) =>
    Math.abs(Math.log(quartetGap(N, D, pooledEffective(q, phi, c), c) / gap)),
  );
}

function medianError(of: readonly Row[], c: PooledConstants): number {
  return quantile(
    logErrors(
      of.filter(({ gap }) => gap > 0.002),
      c,
    ),
    0.5,
  );
}

describe('the pooled law refitted on gaps.csv', () => {
  it('has the 723 scored rows', () => {
    expect(rows).toHaveLength(723);
  });

  it('comes back within the bootstrap range of every constant', () => {
    const { boot_5_50_95: range } = JSON.parse(dataFile('pooled.json')) as {
      boot_5_50_95: [number[], number[], number[]];
    };
    const { c, p, s, c1, c2 } = fitPooled(rows.filter(({ dataset }) => trained.includes(dataset)));
    [Math.log(c), p, Math.log(s), Math.log(c1), Math.log(c2)].forEach((each, at) => {
      expect(each).toBeGreaterThan(range[0][at] ?? NaN);
      expect(each).toBeLessThan(range[2][at] ?? NaN);
    });
  });

  it('does no worse on those runs than the law’s constants', () => {
    const own = rows.filter(({ dataset }) => trained.includes(dataset));
    expect(medianError(own, fitPooled(own))).toBeLessThan(medianError(own, pooledConstants) * 1.03);
  });

  const core = rows.filter(({ dataset }) => trained.includes(dataset));

  /** The runs that a split of pooled.json fits, and those that it predicts. */
  function parts(split: string): readonly [readonly Row[], readonly Row[]] {
    const part = (isTest: (row: Row) => boolean, isSeen = (row: Row) => !isTest(row)) =>
      [core.filter(isSeen), core.filter(isTest)] as const;
    const large = (isTest: (row: Row) => boolean) => [core, rows.filter(isTest)] as const;
    const [, held] = /^LODO (.+)$/.exec(split) ?? [];
    if (held !== undefined) return part(({ dataset }) => dataset === held);
    switch (split) {
      case 'N<=103M->N>=200M':
        return part(({ N }) => N >= 200e6);
      case 'N<=204M->N>=440M':
        return part(({ N }) => N >= 440e6);
      case 'D/N<=101->D/N>=190':
        return part(
          ({ N, D }) => D / N >= 190,
          ({ N, D }) => D / N <= 101,
        );
      case 'core->nanochat':
        return large(({ dataset }) => dataset === 'nanochat');
      case 'core->NVIDIA':
        return large(
          ({ dataset, recipe }) => dataset === 'literature' && recipe.includes('NVIDIA'),
        );
      case 'core->Wang':
        return large(
          ({ dataset, recipe }) => dataset === 'literature' && !recipe.includes('NVIDIA'),
        );
      default:
        throw new Error(`unknown split ${split}`);
    }
  }

  const { splits } = JSON.parse(dataFile('pooled.json')) as { readonly splits: readonly Split[] };

  it('is tried on the 13 splits of the study', () => {
    expect(splits).toHaveLength(13);
  });

  // Without QuEST's widths, or Quartet-II's gradients, the runs left do not settle the constants:
  // there another search ends elsewhere, and must do no worse.
  const unsettled = ['LODO QuEST fwd', 'LODO Quartet-II grad'];

  it.each(splits)('predicts $split, $cls, as the study has it', ({ split, cls, n, med, p90 }) => {
    const [seen, held] = parts(split);
    const test = held.filter((row) => row.gap > 0.002 && row.isForward === (cls === 'fwd'));
    expect(test).toHaveLength(n);
    const errors = logErrors(test, fitPooled(seen));
    const [median, ninth] = [quantile(errors, 0.5), quantile(errors, 0.9)];
    expect(median).toBeLessThan(med + 0.02);
    expect(ninth).toBeLessThan(p90 + 0.035);
    if (unsettled.includes(`${split} ${cls}`)) return;
    expect(median).toBeGreaterThan(med - 0.02);
    expect(ninth).toBeGreaterThan(p90 - 0.035);
  });
});
