import { describe, expect, it } from 'vitest';
import { quartetGap } from '../../src/core/laws/quartet/formulas.ts';
import { capacity } from '../../src/core/laws/unified/formulas.ts';
import { dataFile } from './folder.ts';

interface Row {
  readonly dataset: string;
  readonly N: number;
  readonly D: number;
  readonly gap: number;
  readonly qw: number;
  readonly qx: number;
}

/** The scored runs that quantise the forward pass and whose gap is larger than their noise. */
function rows(): Row[] {
  const [head = [], ...lines] = dataFile('gaps.csv')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const at = (line: readonly string[], name: string): string => line[head.indexOf(name)] ?? '';
  return lines
    .filter((line) => at(line, 'use') === '1')
    .map((line) => ({
      dataset: at(line, 'dataset'),
      N: Number(at(line, 'N')),
      D: Number(at(line, 'D')),
      gap: Number(at(line, 'gap')),
      qw: Number(at(line, 'qw')),
      qx: Number(at(line, 'qx')),
    }))
    .filter(({ gap, qw }) => gap > 0.002 && qw > 0);
}

/** ln(predicted/measured), by size. */
function misses(chosen: readonly Row[]): number[] {
  return chosen
    .map(({ N, D, gap, qw, qx }) => {
      const effN = capacity(qw) * (qx > 0 ? capacity(qx) : 1);
      return Math.log(quartetGap(N, D, { effN, effD: 1 }) / gap);
    })
    .sort((a, b) => a - b);
}

describe('the unified law on the public runs', () => {
  const all = rows();

  // Medians of the scoreboard, of which every one is below the measured gaps.
  it.each([
    ['QuEST, weights', 16, -0.44, (row: Row) => row.dataset === 'QuEST' && row.qx === 0],
    ['QuEST, both', 67, -0.39, (row: Row) => row.dataset === 'QuEST' && row.qx > 0],
    ['Quartet', 58, -0.45, (row: Row) => row.dataset === 'Quartet'],
    ['Quartet-II', 315, -0.39, (row: Row) => row.dataset === 'Quartet-II'],
    ['nanochat', 8, -0.62, (row: Row) => row.dataset === 'nanochat'],
  ])('%s misses as the scoreboard has it', (_, count, median, isOf) => {
    const found = misses(all.filter(isOf));
    expect(found).toHaveLength(count);
    const middle = found.slice(Math.floor((count - 1) / 2), Math.ceil((count + 1) / 2));
    const mean = middle.reduce((sum, each) => sum + each, 0) / middle.length;
    expect(Math.abs(mean - median)).toBeLessThan(0.006);
  });
});
