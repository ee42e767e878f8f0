import { describe, expect, it } from 'vitest';
import { fitLaw, type MeasuredRun } from '../../../src/core/calibrate/fit.ts';
import { drawnFrom, withTwins, withTwinsAsRuns } from '../../../src/core/calibrate/rows.ts';
import { chinchillaLoss } from '../../../src/core/laws/chinchilla/formulas.ts';
import { last, pointOf } from '../calibrate/runs.ts';

/** Runs in BF16, each of a size of its own, with the losses of the Chinchilla law. */
function plainRuns(count: number): readonly MeasuredRun[] {
  return Array.from({ length: count }, (_, index) => {
    const parameters = 1e7 * 1.003 ** (index % 1000);
    const tokens = 1e9 * 1.01 ** Math.floor(index / 1000) * (20 + (index % 17));
    const point = pointOf({ parameters, tokens, format: 'bf16' });
    return { point, loss: chinchillaLoss(parameters, tokens), bf16Loss: null };
  });
}

describe('a table of very many runs', () => {
  it('is fitted by 5000 of them, drawn evenly, with a word on the rest', () => {
    const options = {
      law: 'chinchilla',
      pinned: {},
      bootstrap: 0,
      holdOut: null,
      starts: 2,
    } as const;
    const result = last(fitLaw(plainRuns(6000), options));
    if ('error' in result) throw new Error(result.error);
    expect(result.runs).toBe(5000);
    expect(result.notes).toContain(
      '1000 runs are left out: a fit takes 5000 at most, here drawn evenly from all.',
    );
    expect(result.constants.alpha?.value).toBeCloseTo(0.34781, 4);
  });

  it('is drawn from evenly and always alike, and kept whole where it is short', () => {
    const runs = plainRuns(3000);
    expect(drawnFrom(runs, 3000)).toEqual(runs);
    const drawn = drawnFrom(runs, 300);
    expect(drawn).toHaveLength(300);
    expect(drawnFrom(runs, 300)).toEqual(drawn);
    const late = drawn.filter((run) => runs.indexOf(run) >= 1500).length;
    expect(late).toBeGreaterThan(120);
    expect(late).toBeLessThan(180);
  });

  it('gets its BF16 twins by size, on either side of a cell’s edge', () => {
    const plain = plainRuns(4000);
    const quantised = plain.map(({ point, loss }) => {
      // Within the 0.2 % that sizes may differ by.
      const { parameters, tokens } = point;
      const sizes = { parameters: parameters * 1.0009, tokens: tokens * 0.9991 };
      const own = pointOf({ ...sizes, format: 'fp8-e4m3', block: 128 });
      return { point: own, loss: loss + 0.01, bf16Loss: null };
    });
    const twins = withTwins([...quantised, ...plain]).slice(0, quantised.length);
    const gaps = twins.map(({ loss, bf16Loss }) => loss - (bf16Loss ?? NaN));
    expect(Math.min(...gaps)).toBeCloseTo(0.01, 2);
    expect(Math.max(...gaps)).toBeCloseTo(0.01, 2);
    const named = twins.map((run) => ({ ...run, bf16Loss: 3 }));
    expect(withTwinsAsRuns(named).length).toBeGreaterThan(named.length);
    expect(withTwinsAsRuns([...named, ...plain])).toHaveLength(named.length + plain.length);
  });
});
