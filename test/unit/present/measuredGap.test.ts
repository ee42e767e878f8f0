import { describe, expect, it } from 'vitest';
import type { GapComparison } from '../../../src/core/advise/measuredGap.ts';
import { nearestMeasurements } from '../../../src/core/advise/nearestMeasurements.ts';
import { courses } from '../../../src/core/laws/measurements/courses.ts';
import { speaking } from '../../../src/core/laws/law.ts';
import {
  gapVerdict,
  measurementGap,
  measuringCaveats,
  neighbourDistance,
  neighbourSentence,
  noGapReason,
} from '../../../src/core/present/measuredGap.ts';
import { pointOf } from '../../webview/snapshots.ts';

const lead = speaking({ law: 'capybara', bf16Loss: 2.4, gap: 0.01 }, 1e11);
const usual: GapComparison = {
  end: { tokens: 97.5e9, value: 0.03, uncertainty: 0.002 },
  course: [],
  predicted: [lead, { ...lead, law: 'chen', gap: 0.035 }],
  band: [0.01, 0.035],
  place: { kind: 'inside', factor: null },
  early: null,
  overLead: 3,
  againstPooled: null,
};
const losses = { name: 'a.csv', points: [], baseline: [], notes: ['A note of the log.'] };
const point = pointOf({ parameters: 8e9, tokens: 1e12, format: 'nvfp4' });

describe('the verdict', () => {
  it('answers first: inside the band, and against the leading law', () => {
    expect(gapVerdict(usual)).toEqual([
      'Within what the laws say: the measured gap at 97.5 B tokens is +0.0300 ± 0.0020, inside the ' +
        'band of 2 laws (+0.0100 to +0.0350).',
      'It is 3× what the Capybara law predicts (+0.0100).',
    ]);
  });

  it('says by how much it is above or below, and what the pooled runs say', () => {
    const place = { kind: 'above', factor: 1.4 } as const;
    const pooled = { interval: [0.01, 0.02], place: { kind: 'below', factor: 2 } } as const;
    const [first, , last] = gapVerdict({ ...usual, place, againstPooled: pooled });
    expect(first).toContain('Larger than every law says: ');
    expect(first).toContain('a factor of 1.4 above the band');
    expect(last).toBe(
      'Against the pooled public runs (our own fit, 90 % interval +0.0100 to +0.0200) it lies a ' +
        'factor of 2 below.',
    );
  });

  it('says that a wide band is a weak answer', () => {
    expect(gapVerdict({ ...usual, band: [0.001, 0.1] })[0]).toContain('says little');
    expect(gapVerdict(usual)[0]).not.toContain('says little');
  });

  it('judges a log that ends in mid-run by what is normal there', () => {
    const [stage] = courses;
    if (!stage) throw new Error('There are no courses.');
    const early = { share: 0.05, stage, normal: [-0.02, 0.3], place: usual.place } as const;
    const inside = { kind: 'inside', factor: null } as const;
    expect(gapVerdict({ ...usual, early: { ...early, place: inside } })).toEqual([
      'Nothing unusual so early: the measured gap at 97.5 B tokens is +0.0300 ± 0.0020, at 5 % of ' +
        'the run. There 6 public FP4 runs of 8 B had −0.44 to 8.03 times the gap they ended with, ' +
        'which by the laws’ band for the end is −0.0200 to +0.300.',
    ]);
    const above = { kind: 'above', factor: 2 } as const;
    expect(gapVerdict({ ...usual, early: { ...early, place: above } })[0]).toMatch(
      /^Large even so early: /,
    );
  });

  it('says of how many laws N or D lies outside', () => {
    const [first, second] = usual.predicted;
    if (!first || !second) throw new Error('There are two.');
    const far = [
      { ...first, extrapolated: ['parameters', 'tokens'] as const },
      { ...second, extrapolated: ['tokens'] as const },
    ];
    expect(gapVerdict({ ...usual, predicted: far }).at(-1)).toBe(
      'Of the laws that speak: N lies outside of what 1 of the 2 were fitted on, D lies outside of what 2 of the 2 were fitted on.',
    );
  });

  it('compares with nothing where no law speaks', () => {
    const none = { ...usual, predicted: [], band: null, place: null, overLead: null };
    expect(gapVerdict(none)).toEqual([
      'The measured gap at 97.5 B tokens is +0.0300 ± 0.0020; no law has a number to compare it with.',
    ]);
  });
});

describe('the words of a measurement', () => {
  it('tell bounds from numbers, and how far it is', () => {
    const [nearest, ...others] = nearestMeasurements({ ...point, tokens: 2e12 }, 3);
    if (!nearest) throw new Error('Nothing is near.');
    expect(measurementGap(nearest.measurement)).toBe('+0.0262');
    expect(measurementGap({ ...nearest.measurement, kind: 'bound' })).toBe('at most +0.0262');
    expect(neighbourDistance(nearest)).toBe('N the same, D ÷2, same format and operands');
    expect(neighbourSentence([nearest])).toEqual([
      'Measured nearest to it in public: +0.0262 (NVIDIA, 8.00 B parameters, 1.00 T tokens, NVFP4 (block 16), printed as a percentage, the loss assumed).',
    ]);
    expect(others).toHaveLength(2);
    expect(neighbourSentence([])).toEqual([]);
  });
});

describe('what to know first', () => {
  it('is why there is no gap', () => {
    const bf16 = pointOf({ parameters: 1e9, tokens: 1e11, format: 'bf16' });
    expect(noGapReason(losses, bf16, usual)).toContain('16 bits');
    expect(noGapReason({ ...losses, baseline: null }, point, null)).toContain('BF16 twin');
    expect(noGapReason(losses, point, null)).toContain('no tokens in common');
    expect(noGapReason(losses, point, usual)).toBeNull();
  });

  it('is that mid-run is not the end, and what the log says of itself', () => {
    const early = measuringCaveats(losses, point, 4e11);
    expect(early[0]).toContain('ends at 40 % of the run’s 1.00 T tokens');
    expect(early).toContain('A note of the log.');
    expect(measuringCaveats(losses, point, 1e12)[0]).not.toContain('The log ends');
  });
});
