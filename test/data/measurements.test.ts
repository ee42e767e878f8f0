import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/core/calibrate/table.ts';
import { runsOf2026 } from '../../src/core/laws/measurements/runsOf2026.ts';
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

/** What appeared since, by tokens and gap: the ledgers of single runs and the list of papers. */
const later = [
  ['graphcore_llama8b_160b_validation.csv', 'tokens', 'gap'],
  ['graphcore_nemotronh8b_ue5m3.csv', 'tokens', 'gap'],
  ['literature_2026.csv', 'D_tokens', 'gap_nats'],
].flatMap(([file = '', tokens = '', gap = '']) => {
  const text = dataFile(`evidence/${file}`).replace(/^#.*\n/gm, '');
  const table = readTable(file, text);
  if ('error' in table) throw new Error(table.error);
  return table.rows.map(
    ({ cells }) => `${four(Number(cells.get(tokens)))} ${four(Number(cells.get(gap)))}`,
  );
});

/** Sets that the table of the fit does not hold. */
const isLater = ({ dataset, point }: (typeof measurements)[number]) =>
  runsOf2026.some((set) => set.dataset === dataset) || point.tokens === 6.601e10;

describe('the measurements of 2026 that ship', () => {
  it.each(measurements.filter(isLater).map((each) => [each.recipe, each] as const))(
    '%s',
    (_, { point, gap }) => {
      expect(later).toContain(`${point.tokens} ${gap}`);
    },
  );
});

describe('the public measurements that ship', () => {
  const earlier = measurements.filter((each) => !isLater(each));
  it.each(earlier.map((each) => [each.recipe, each] as const))('%s', (_, { point, gap }) => {
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
