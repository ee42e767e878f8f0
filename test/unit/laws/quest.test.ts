import { describe, expect, it } from 'vitest';
import { gradeOf, type Forecast } from '../../../src/core/laws/law.ts';
import type { PointRequest } from '../../../src/core/laws/point.ts';
import { quartetGap } from '../../../src/core/laws/quartet/formulas.ts';
import { quest } from '../../../src/core/laws/quest/quest.ts';
import type { Operand } from '../../../src/core/run/run.ts';
import { pointOf, resultOf } from './pointOf.ts';

const both: readonly Operand[] = ['weights', 'activations'];

function request(changes: Partial<PointRequest>): PointRequest {
  const size = { parameters: 102_777_856, tokens: 10e9 };
  return { ...size, format: 'int4', granularity: 'channel', operands: both, ...changes };
}
const forecast = (changes: Partial<PointRequest>): Forecast =>
  quest.forecast(pointOf(request(changes)));
const gapWith = (effN: number) => quartetGap(102_777_856, 10e9, { effN, effD: 1 });

describe('the listed efficiencies, on Quartet’s base', () => {
  it.each([
    ['int4', both, 0.6918],
    ['int8', both, 1.016],
    ['fp4-e2m1', both, 0.6296],
    ['int4', ['weights'], 0.84],
  ] as const)('%s with %j has %d', (format, operands, efficiency) => {
    const found = forecast({ format, operands });
    expect(found.gap).toBe(gapWith(efficiency));
    expect(found).toMatchObject({ criticalTokens: null, hasCriticalSize: false, extrapolated: [] });
    expect(gradeOf(found)).toBe('inside');
  });

  it.each([
    ['e0m0', 0.0205, 0.138],
    ['e0m1', 0.1519, 0.414],
    ['e0m2', 0.4331, 0.653],
  ])('read %s as the integer of its width: %d, weights alone %d', (format, all, weights) => {
    const bits = Number(format.at(-1)) + 1;
    const point = {
      ...pointOf(request({})),
      ...{ format, bits, exponentBits: 0, mantissaBits: bits - 1 },
    };
    expect(quest.forecast(point).gap).toBe(gapWith(all));
    expect(quest.forecast({ ...point, operands: ['weights'] }).gap).toBe(gapWith(weights));
  });

  it('come without the rotation beside, where there is such a value', () => {
    expect(forecast({}).variants).toEqual([
      { reading: 'without the Hadamard rotation', gap: gapWith(0.603), criticalTokens: null },
    ]);
    expect(forecast({ format: 'int8' }).variants[0]?.gap).toBe(gapWith(0.938));
    expect(forecast({ format: 'fp4-e2m1' }).variants).toEqual([]);
  });

  it('make a gap below zero at eight bits, said to be noise', () => {
    const found = forecast({ format: 'int8' });
    expect(found.gap).toBeLessThan(0);
    expect(found.gap).toBeGreaterThan(-0.003);
    expect(found.notes).toContain(
      'An efficiency above 1 is within the noise of the runs: read the gap as zero.',
    );
  });

  it('can be one’s own', () => {
    const found = quest.withConstants({ effW4A4: 0.6 }, 'a.json').forecast(pointOf(request({})));
    expect(found.gap).toBe(gapWith(0.6));
    expect(found.calibration).toBe('a.json');
  });
});

describe('what it speaks of', () => {
  it('has no gap for 16 bits without scaling', () => {
    const found = forecast({ format: 'bf16', granularity: 'none' });
    expect(found).toMatchObject({ gap: 0, hasCriticalSize: false, notes: [], extrapolated: [] });
  });

  it.each([
    [{ format: 'fp8-e4m3' }, 'QuEST lists no efficiency for FP8 E4M3 in these operands.'],
    [{ format: 'nf4' }, 'QuEST lists no efficiency for NF4 in these operands.'],
    [
      { format: 'fp4-e2m1', operands: ['weights'] },
      'QuEST lists no efficiency for FP4 E2M1 in these operands.',
    ],
    [
      { format: 'int8', operands: ['weights'] },
      'QuEST lists no efficiency for INT8 in these operands.',
    ],
    [{ operands: ['activations'] }, 'QuEST lists no efficiency for INT4 in these operands.'],
  ] satisfies [Partial<PointRequest>, string][])('keeps silent on %o', (changes, reason) => {
    const point = pointOf(request(changes));
    expect(quest.forecast(point)).toMatchObject({ gap: null, loss: null, notes: [reason] });
    expect(quest.formula(point)).toEqual([]);
    expect(quest.curve(point)(1e10).loss).toBeNull();
  });

  it('takes block formats by their elements, outside of the fit', () => {
    const operands: readonly Operand[] = [...both, 'gradients'];
    const found = forecast({ format: 'nvfp4', granularity: 'block', operands });
    expect(found.gap).toBe(gapWith(0.6296));
    expect(found.extrapolated).toEqual(['granularity', 'operands', 'scale']);
    expect(gradeOf(found)).toBe('unsupported');
    expect(found.notes).toContain(
      'Quantised scales are not modelled: QuEST’s runs keep theirs in FP32.',
    );
  });
});

describe('the formula', () => {
  it('leaves out an efficiency of 1', () => {
    const point = pointOf(request({}));
    const lines = quest.formula(point);
    const { loss, gap } = quest.forecast(point);
    expect(lines[0]).toEqual(['L = (A/(N·effN)^α + B/D^β)^γ + E']);
    expect(lines[1]).toContainEqual(' · 0.6918)');
    expect(lines[1]?.filter((piece) => typeof piece === 'string').join('')).not.toContain(' · 1)');
    expect(resultOf(lines[1])).toEqual({ term: loss });
    expect(resultOf(lines[2])).toEqual({ term: gap });
  });
});
