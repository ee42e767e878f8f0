import { expect, it } from 'vitest';
import { drawing, palettes } from '../../../src/core/present/drawing.ts';
import { analysisOf, bf16, ranksUnknown } from './exampleRun.ts';

it('marks D_crit and the run', () => {
  const svg = drawing(analysisOf(), palettes.light);
  const circle = /<circle cx="([\d.]+)" cy="([\d.]+)"/.exec(svg);
  const mark = /<path d="M([\d.]+) 14V118" stroke="#c42b1c"/.exec(svg);
  // One decade left of the run, 0.7 right of D_crit = 6.138e12: log10 from 10.13 to 13.49.
  expect(Number(circle?.[1])).toBeCloseTo(40 + 308 / 3.3602, 0);
  expect(Number(mark?.[1])).toBeCloseTo(348 - (308 * 0.7) / 3.3602, 0);
  expect(svg).not.toContain('NaN');
});

it('is the same for the same run', () => {
  expect(drawing(analysisOf(), palettes.dark)).toBe(drawing(analysisOf(), palettes.dark));
});

it('draws one curve where nothing is quantised, and nothing without a forecast', () => {
  const svg = drawing(analysisOf({ precision: bf16 }), palettes.dark);
  expect(svg).toContain('stroke-width="2"');
  expect(svg).not.toContain('stroke-dasharray');
  expect(drawing(analysisOf({ tokens: ranksUnknown }), palettes.dark)).toBe('');
});
