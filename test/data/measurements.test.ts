import { describe, expect, it } from 'vitest';
import { measurements } from '../../src/core/laws/measurements/measurements.ts';
import { dataFile } from './folder.ts';

const [head = '', ...lines] = dataFile('gaps.csv').trim().split('\n');
const names = head.split(',');

/** The first columns of a row; the quoted notes with commas of their own come last. */
function rowOf(line: string): Readonly<Record<string, string>> {
  const cells = line.split(',');
  return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
}

const rows = lines.map(rowOf);
const four = (value: number) => Number(value.toPrecision(4));

describe('the public measurements that ship', () => {
  it.each(measurements.map((each) => [each.recipe, each] as const))('%s', (_, { point, gap }) => {
    const same = rows.filter(
      (row) =>
        four(Number(row.N)) === point.parameters &&
        four(Number(row.D)) === point.tokens &&
        four(Number(row.gap)) === gap,
    );
    expect(same.length).toBeGreaterThan(0);
    const wide = same.filter(
      (row) =>
        Number(row.w) === Number(point.operands.includes('weights')) &&
        Number(row.a) === Number(point.operands.includes('activations')) &&
        Number(row.g) === Number(point.operands.includes('gradients')) &&
        Number(row.E) + Number(row.M) + 1 === point.bits &&
        (point.granularity !== 'block' ||
          row.block === String(point.block) ||
          row.block === '1x128 / 128x128'),
    );
    expect(wide.length).toBeGreaterThan(0);
  });
});
