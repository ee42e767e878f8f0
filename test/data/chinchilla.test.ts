import { describe, expect, it } from 'vitest';
import type { MeasuredRun } from '../../src/core/calibrate/fit.ts';
import { csvRows, fitted, runOf } from './rows.ts';

/** The points that Besiroglu et al. read off Hoffmann's figure; D = C/(6N). */
const runs = csvRows('runs/chinchilla_svg.csv').map((row) => {
  const parameters = Number(row['Model Size']);
  const tokens = Number(row['Training FLOP']) / (6 * parameters);
  return runOf({ parameters, tokens, format: 'bf16' }, row.loss);
});

/** Besiroglu et al. drop the five points of highest loss. */
function withoutHighest(of: readonly MeasuredRun[]): readonly MeasuredRun[] {
  return [...of].sort((a, b) => a.loss - b.loss).slice(0, -5);
}

describe('the Chinchilla points (Besiroglu et al., arXiv 2404.10102)', () => {
  it('come to their optimum: objective, E, α and β of the 240 points', () => {
    const { objective, constants, runs: used } = fitted('chinchilla', withoutHighest(runs));
    expect(used).toBe(240);
    expect(Math.abs(objective - 1.018274e-3)).toBeLessThan(1e-6);
    expect(Math.abs((constants.E?.value ?? NaN) - 1.8172)).toBeLessThan(1e-4);
    expect(Math.abs((constants.alpha?.value ?? NaN) - 0.34731)).toBeLessThan(1e-3);
    expect(Math.abs((constants.beta?.value ?? NaN) - 0.36718)).toBeLessThan(1e-3);
  });

  it('come to another one with the five outliers (our own refit of all 245)', () => {
    const { constants } = fitted('chinchilla', runs);
    expect(constants.E?.value).toBeCloseTo(1.891, 3);
    expect(constants.alpha?.value).toBeCloseTo(0.349, 3);
    expect(constants.beta?.value).toBeCloseTo(0.453, 3);
  });
});
