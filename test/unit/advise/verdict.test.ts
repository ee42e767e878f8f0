import { describe, expect, it } from 'vitest';
import { chanceWithin } from '../../../src/core/advise/chance.ts';
import {
  comparableMeasurements,
  seenPast,
} from '../../../src/core/advise/comparableMeasurements.ts';
import { verdictOf, type Verdict } from '../../../src/core/advise/verdict.ts';
import { lawInForce, lawsInForce, type Calibration } from '../../../src/core/laws/calibration.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import type { Forecast, RunPoint } from '../../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';
import { laws } from '../../../src/core/laws/registry.ts';
import { halved } from '../present/exampleRun.ts';

function pointOf(request: PointRequest): RunPoint {
  const point = pointFor(request);
  if (!point) throw new Error(`${request.format} is no format`);
  return point;
}

const largeMxfp4 = pointOf({ parameters: 6.98e9, tokens: 15e12, format: 'mxfp4' });

function verdict(point: RunPoint, target = 0.01): Verdict {
  const forecasts = laws.map((law) => law.forecast(point));
  const found = verdictOf(point, forecasts, capybara, target);
  if (!found) throw new Error('No law speaks.');
  return found;
}

/** A verdict on gaps alone, by laws that are on the shelf. */
function ofGaps(gaps: Readonly<Record<string, number>>): Verdict | null {
  const base = capybara.forecast(largeMxfp4);
  const forecasts = Object.entries(gaps).map(([law, gap]): Forecast => ({
    ...base,
    law,
    gap,
    criticalTokens: null,
    ratio: null,
  }));
  return verdictOf(largeMxfp4, forecasts, capybara, 0.01);
}

describe('the verdict', () => {
  it('on 8 B parameters in MXFP4 names the outlier, and who sees a critical size', () => {
    const found = verdict(largeMxfp4);
    expect(found.laws).toHaveLength(7);
    expect(found.laws[0]).toBe('capybara');
    expect(found.laws).not.toContain('ouyang');
    expect(found.low).toBeCloseTo(0.0321, 4);
    expect(found.high).toBeCloseTo(0.211, 3);
    expect(found).toMatchObject({
      lead: 'capybara',
      digits: [2, 2],
      agreement: 'disputed',
      outlier: 'capybara',
      pastCritical: ['capybara'],
      confirmed: false,
      past: null,
      measured: null,
    });
  });

  it('is agreed within 0.005 nats, however many times one is the other', () => {
    expect(ofGaps({ capybara: 0.0001, kumar: 0.005 })?.agreement).toBe('agreed');
    expect(ofGaps({ capybara: 0.0001, kumar: 0.0052 })?.agreement).toBe('disputed');
  });

  it('is agreed within a factor of two, however many nats', () => {
    expect(ofGaps({ capybara: 0.1, kumar: 0.2 })?.agreement).toBe('agreed');
    expect(ofGaps({ capybara: 0.1, kumar: 0.201 })?.agreement).toBe('disputed');
  });

  it('names an outlier only where one end alone stands apart', () => {
    expect(ofGaps({ capybara: 0.01, kumar: 0.05, pooled: 0.06 })?.outlier).toBe('capybara');
    expect(ofGaps({ capybara: 0.01, kumar: 0.015, pooled: 0.06 })?.outlier).toBe('pooled');
    expect(ofGaps({ capybara: 0.01, kumar: 0.04, pooled: 0.16 })?.outlier).toBeNull();
    expect(ofGaps({ capybara: 0.01, kumar: 0.06 })?.outlier).toBeNull();
  });

  it('gives three digits to a law inside of what it was fitted on', () => {
    const inside = pointOf({ parameters: 100e6, tokens: 10e9, format: 'nvfp4' });
    const forecasts = laws
      .map((law) => law.forecast(inside))
      .filter(({ law }) => law === 'pooled' || law === 'kumar');
    expect(verdictOf(inside, forecasts, capybara, 0.01)?.digits).toEqual([3, 2]);
  });

  it('is null where no law of training has a number', () => {
    expect(ofGaps({})).toBeNull();
    expect(ofGaps({ ouyang: 0.1 })).toBeNull();
  });

  it('counts a calibrated law past its critical size as confirmed', () => {
    const half: Calibration = halved;
    const lead = lawInForce('capybara', half) ?? capybara;
    const forecasts = lawsInForce(half).map((law) => law.forecast(largeMxfp4));
    expect(verdictOf(largeMxfp4, forecasts, lead, 0.01)).toMatchObject({
      pastCritical: ['capybara'],
      confirmed: true,
    });
  });

  it('of a run that quantises nothing is no gap by any law', () => {
    const bf16 = pointOf({ parameters: 7e9, tokens: 1e12, format: 'bf16' });
    expect(verdict(bf16)).toMatchObject({ low: 0, high: 0, agreement: 'agreed', chance: null });
  });
});

describe('comparable measurements', () => {
  it('are those of the same element, block and operands within 4 times N and 10 times D', () => {
    const near = { parameters: 7e9, tokens: 1e12, format: 'nvfp4' } as const;
    expect(comparableMeasurements(pointOf(near))).toMatchObject({
      count: 9,
      low: 0.007269,
      high: 0.1763,
      nearest: { dataset: 'NVIDIA' },
    });
    expect(comparableMeasurements(pointOf({ ...near, parameters: 0.8e12 }))).toBeNull();
    expect(comparableMeasurements(pointOf({ ...near, tokens: 200e12 }))).toBeNull();
    expect(comparableMeasurements(pointOf({ ...near, block: 64 }))).toBeNull();
    expect(comparableMeasurements(pointOf({ ...near, operands: ['weights'] }))).toBeNull();
  });

  it('past a critical size say whether the loss rose there', () => {
    const point = pointOf({ parameters: 1e8, tokens: 1e10, format: 'mxfp4' });
    const falling = (_: number, tokens: number) => 2 + 100 / Math.log(tokens);
    const flat = () => 2;
    expect(seenPast(point, 1e9, falling)).toMatchObject({ raises: false });
    expect(seenPast(point, 1e9, flat)).toMatchObject({ raises: true });
    expect(seenPast(point, 1e15, flat)).toBeNull();
  });
});

describe('the chance of staying within a target', () => {
  const forecast = {
    gap: 0.02,
    interval: [0.02 / 3 - 0.0025, 0.02 * 3 + 0.0025],
  } as const;

  it('is 5 and 95 % at the ends of the 90 % interval, and a half at the gap', () => {
    expect(chanceWithin(forecast, forecast.interval[0])).toBeCloseTo(0.05, 6);
    expect(chanceWithin(forecast, forecast.interval[1])).toBeCloseTo(0.95, 6);
    expect(chanceWithin(forecast, 0.02)).toBeCloseTo(0.5, 6);
  });

  it('is unknown without an interval', () => {
    expect(chanceWithin({ gap: 0.02, interval: null }, 0.01)).toBeNull();
  });

  it('above 2 B parameters follows from a factor of 3 either way', () => {
    const { chance } = verdict(largeMxfp4, 0.052_2 * Math.E ** 1.1);
    expect(chance?.value).toBeGreaterThan(0.94);
    expect(chance?.value).toBeLessThan(0.96);
    expect(verdict(largeMxfp4).chance?.value).toBeLessThan(0.03);
  });
});
