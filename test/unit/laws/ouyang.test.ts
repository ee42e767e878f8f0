import { describe, expect, it } from 'vitest';
import type { Forecast, RunPoint } from '../../../src/core/laws/law.ts';
import { ouyang } from '../../../src/core/laws/ouyang/ouyang.ts';
import { ouyangLoss } from '../../../src/core/laws/ouyang/formulas.ts';
import type { PointRequest } from '../../../src/core/laws/point.ts';
import { pointOf } from './pointOf.ts';

function point(request: Partial<PointRequest> = {}): RunPoint {
  return pointOf({
    parameters: 1e9,
    tokens: 100e9,
    format: 'int4',
    granularity: 'channel',
    operands: ['weights'],
    ...request,
  });
}

const forecast = (request: Partial<PointRequest> = {}): Forecast => ouyang.forecast(point(request));

describe('the Ouyang law', () => {
  // The joint law with the paper's constants.
  it.each([
    [1e9, 100e9, 'int2', 2.0748],
    [1e9, 100e9, 'int3', 0.2234],
    [1e9, 100e9, 'int4', 0.046],
    [7e9, 2e12, 'int4', 0.1427],
    [8e9, 15e12, 'int3', 1.9388],
    [8e9, 15e12, 'int4', 0.3988],
  ])('adds to %d parameters and %d tokens in %s %d nats', (parameters, tokens, format, gap) => {
    expect(forecast({ parameters, tokens, format }).gap).toBeCloseTo(gap, 4);
  });

  it('says 0.2186 where its own table 1 has 0.2: 7 B parameters, 4.5066 T tokens, 4 bits', () => {
    expect(forecast({ parameters: 7e9, tokens: 4.5066e12 }).gap).toBeCloseTo(0.2186, 4);
  });

  it('has the 16-bit loss [(4.74e19/N)^(.045/.399) + 7.63e10/D]^.399', () => {
    const loss = ((4.74e19 / 1e9) ** (0.045 / 0.399) + 0.763) ** 0.399;
    expect(ouyangLoss(1e9, 100e9)).toBeCloseTo(loss, 12);
    expect(forecast().bf16Loss).toBeCloseTo(loss, 12);
    expect(forecast().loss).toBeCloseTo(loss + (forecast().gap ?? 0), 12);
  });

  it('derives a critical size, at which its loss is least', () => {
    for (const format of ['int2', 'int3', 'int4']) {
      const { criticalTokens, hasCriticalSize, ratio } = forecast({ format });
      const critical = criticalTokens ?? NaN;
      const curve = ouyang.curve(point({ format }));
      for (const factor of [0.9, 0.99, 1.01, 1.1]) {
        expect(curve(critical * factor).loss).toBeGreaterThan(curve(critical).loss ?? Infinity);
      }
      expect([hasCriticalSize, ratio]).toEqual([true, 100e9 / critical]);
    }
    expect(ouyang.criticalSize).toEqual({ exists: true, source: '' });
    expect(forecast().notes.join(' ')).toContain('The critical size is derived');
  });

  it.each([
    ['int5', ['weights'], '2 to 4 bits, and its power of the bits does not carry to 5'],
    ['fp8-e4m3', ['weights'], 'does not carry to 8'],
    ['int8', ['weights'], 'does not carry to 8'],
    ['e0m0', ['weights'], '2 to 4 bits'],
    ['int4', ['activations'], 'here they are kept'],
  ] as const)('is silent in %s of %o', (format, operands, reason) => {
    const found = forecast({ format, operands });
    expect(found).toMatchObject({ loss: null, gap: null, criticalTokens: null });
    expect([found.hasCriticalSize, found.notes[0]?.includes(reason)]).toEqual([true, true]);
    expect(ouyang.curve(point({ format, operands }))(1e9).loss).toBeNull();
    expect(ouyang.formula(point({ format, operands }))).toEqual([]);
  });

  it('writes its formula with the loss and the gap that the forecast has', () => {
    const { bf16Loss, gap, loss } = forecast();
    const lines = ouyang.formula(point());
    expect(lines[2]).toEqual([
      ...['  = ', { term: bf16Loss }, ' + ', { term: gap }, ' = ', { term: loss }],
    ]);
    expect(
      lines
        .flat()
        .filter((piece) => typeof piece === 'string')
        .join(''),
    ).not.toContain('000');
  });

  it('has no gap and no critical size in 16 bits', () => {
    const found = forecast({ format: 'bf16', granularity: 'none' });
    expect(found).toMatchObject({ gap: 0, criticalTokens: null, hasCriticalSize: false });
  });

  it.each([
    [{}, []],
    [{ parameters: 13e9 }, ['parameters']],
    [{ tokens: 207e9 }, ['tokens']],
    [{ format: 'fp4-e2m1' }, ['format']],
    [{ operands: ['weights', 'activations'] }, ['operands']],
    [{ format: 'mxfp4' }, ['format', 'scale']],
  ] as const)('is extrapolated for %o in %o', (request, expected) => {
    expect(forecast(request).extrapolated).toEqual(expected);
  });

  it('says that it is not about training, and that it knows 16-bit models alone', () => {
    expect(ouyang.stage).toBe('post-training');
    expect(forecast().notes[0]).toContain('not of training in them');
    const trained = point({ format: 'fp8-e4m3' });
    const notes = ouyang.postTraining?.(point(), trained).notes;
    expect(notes).toContain('The law was fitted on models trained in 16 bits.');
    const plain = point({ format: 'bf16', granularity: 'none' });
    expect(ouyang.postTraining?.(point(), plain)).toEqual(forecast());
  });

  it('takes other constants', () => {
    const doubled = ouyang.withConstants({ k: 0.034 }, 'ours.json').forecast(point());
    expect(doubled.gap).toBeCloseTo(2 * (forecast().gap ?? 0), 12);
    expect(doubled.calibration).toBe('ours.json');
  });
});
