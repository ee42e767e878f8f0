import { describe, expect, it } from 'vitest';
import { chen } from '../../src/core/laws/chen/chen.ts';
import { chinchilla } from '../../src/core/laws/chinchilla/chinchilla.ts';
import type { Law, RunPoint } from '../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../src/core/laws/point.ts';
import { quartet } from '../../src/core/laws/quartet/quartet.ts';
import { quartetGap } from '../../src/core/laws/quartet/formulas.ts';
import { quest } from '../../src/core/laws/quest/quest.ts';
import type { Operand } from '../../src/core/run/run.ts';
import { dataFile } from './folder.ts';

interface Reference {
  readonly chen: readonly { N: number; D: number; G: number; m: string; delta: number }[];
  readonly quartet: readonly { N: number; D: number; fp4: number; bf16: number }[];
  readonly chinchilla_besiroglu: readonly { N: number; D: number; loss: number }[];
}

const reference = JSON.parse(dataFile('laws.json')) as Reference;

function forecast(law: Law, request: PointRequest) {
  const point = pointFor(request);
  if (!point) throw new Error('no point');
  return law.forecast(point);
}

describe('laws.json, to half a unit of its last digit', () => {
  it('holds of Chinchilla', () => {
    expect(reference.chinchilla_besiroglu.length).toBe(3);
    for (const { N, D, loss } of reference.chinchilla_besiroglu) {
      const found = forecast(chinchilla, { parameters: N, tokens: D, format: 'bf16' });
      expect(found.loss).toBeCloseTo(loss, 5);
    }
  });

  it('holds of all thirty of Chen', () => {
    const settings: Readonly<Record<string, readonly Operand[]>> = {
      W4A4: ['weights', 'activations'],
      W4A16: ['weights'],
      W16A4: ['activations'],
    };
    expect(reference.chen.length).toBe(30);
    for (const { N, D, G, m, delta } of reference.chen) {
      const operands = settings[m.replace('fc2_8', '')];
      expect(operands).toBeDefined();
      const request = { parameters: N, tokens: D, format: 'int4', block: G, operands };
      const found = forecast(chen, request);
      const gap = m.endsWith('fc2_8') ? found.variants[0]?.gap : found.gap;
      expect(gap, `${m} at ${N}, ${D}, ${G}`).toBeCloseTo(delta, 5);
    }
  });

  it('holds of Quartet', () => {
    expect(reference.quartet.length).toBe(5);
    for (const { N, D, fp4, bf16 } of reference.quartet) {
      const found = forecast(quartet, { parameters: N, tokens: D, format: 'mxfp4' });
      expect(found.loss).toBeCloseTo(fp4, 4);
      expect(found.bf16Loss).toBeCloseTo(bf16, 4);
    }
  });
});

type Row = Readonly<Record<string, string>>;

/** The scored rows of gaps.csv, whose fields hold no quoted comma before `note`. */
function gapRows(): readonly Row[] {
  const [head = '', ...lines] = dataFile('gaps.csv').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines
    .map((line) => {
      const cells = line.split(',');
      return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
    })
    .filter((row) => row.use === '1' && Number(row.gap) > 0.002);
}

const rows = gapRows();

/** The point of a row; its integers go down to one bit, for which there is no named format. */
function pointOf(row: Row): RunPoint {
  const operands: readonly Operand[] = [
    ...(row.w === '1' ? (['weights'] as const) : []),
    ...(row.a === '1' ? (['activations'] as const) : []),
    ...(row.g === '1' ? (['gradients'] as const) : []),
  ];
  const block = Number(row.block);
  const isFloat = row.E === '2';
  const point = pointFor({
    parameters: Number(row.N),
    tokens: Number(row.D),
    format: isFloat ? 'fp4-e2m1' : 'int4',
    ...(block > 0 ? { block } : { granularity: 'channel' }),
    operands,
  });
  if (!point) throw new Error('no point');
  return isFloat ? point : { ...point, format: 'integer', bits: Number(row.M) + 1 };
}

/** Rows that the law speaks of, median |ln(predicted / measured)| and median ln. */
function score(law: Law, chosen: (row: Row) => boolean) {
  const errors = rows.filter(chosen).flatMap((row) => {
    const { gap } = law.forecast(pointOf(row));
    return gap !== null && gap > 0 ? [Math.log(gap / Number(row.gap))] : [];
  });
  const median = (values: readonly number[]): number => {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = sorted.length / 2;
    const at = (index: number) => sorted[Math.floor(index)] ?? NaN;
    return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(middle);
  };
  return { n: errors.length, error: median(errors.map(Math.abs)), bias: median(errors) };
}

const forward = (dataset: string) => (row: Row) =>
  row.dataset === dataset && row.w === '1' && row.a === '1';
const weightsOnly = (row: Row) => row.dataset === 'QuEST' && row.w === '1' && row.a === '0';

describe('the measured gaps of public runs', () => {
  it.each([
    ['QuEST', 22, 0.43, 0.43],
    ['Quartet', 58, 0.35, -0.35],
    ['Quartet-II', 315, 0.25, -0.25],
    ['nanochat', 8, 0.17, -0.17],
  ])('of %s are met by Chen as in the published scores', (dataset, n, error, bias) => {
    const found = score(chen, forward(dataset));
    expect(found.n).toBe(n);
    expect(found.error).toBeCloseTo(error, 2);
    expect(found.bias).toBeCloseTo(bias, 2);
  });

  it('of weight-only INT4 are met by Chen to 3 %', () => {
    const found = score(chen, weightsOnly);
    expect(found.n).toBe(4);
    expect(found.error).toBeCloseTo(0.03, 2);
  });

  it('of QuEST are met by its efficiencies with and without the rotation', () => {
    const rotated = score(quest, (row) => forward('QuEST')(row) && row.had !== '');
    expect(rotated.error).toBeLessThan(0.12);
    const weights = score(quest, weightsOnly);
    expect(weights.n).toBe(16);
    expect(weights.error).toBeLessThan(0.09);
    const plain = rows.filter((row) => forward('QuEST')(row) && row.had === '' && row.M === '3');
    expect(plain.length).toBe(6);
    const errors = plain.map((row) => {
      const [variant] = quest.forecast(pointOf(row)).variants;
      return Math.abs(Math.log((variant?.gap ?? NaN) / Number(row.gap)));
    });
    expect(Math.max(...errors)).toBeLessThan(0.25);
  });

  it('of Quartet are met by its efficiencies, forward, and backward with the run’s rounding', () => {
    const own = (row: Row) => row.recipe === 'fw:QuEST bw:BF16';
    expect(score(quartet, own).n).toBe(21);
    expect(score(quartet, own).error).toBeCloseTo(0.05, 2);
    const backward = rows.filter((row) => row.dataset === 'Quartet' && row.w === '0');
    const errors = backward.map((row) => {
      const effD = row.sr === 'SR' ? 0.88 : 0.93;
      const gap = quartetGap(Number(row.N), Number(row.D), { effN: 1, effD });
      return Math.abs(Math.log(gap / Number(row.gap)));
    });
    expect(errors.length).toBe(39);
    expect(errors.toSorted((a, b) => a - b)[19]).toBeCloseTo(0.4, 2);
  });

  it('of NVFP4 runs lie below the efficiencies of MXFP4', () => {
    expect(score(quartet, forward('Quartet-II')).bias).toBeCloseTo(0.22, 2);
    expect(score(quest, forward('Quartet-II')).bias).toBeCloseTo(0.25, 2);
    expect(score(quest, forward('Quartet')).error).toBeCloseTo(0.09, 2);
    expect(score(quest, forward('nanochat')).error).toBeCloseTo(0.15, 2);
  });
});
