import { describe, expect, it } from 'vitest';
import { clustersOf, inflation } from '../../../src/core/calibrate/clusters.ts';
import { fitLaw } from '../../../src/core/calibrate/fit.ts';
import { capybaraModel } from '../../../src/core/calibrate/models/capybara.ts';
import type { MeasuredRun } from '../../../src/core/calibrate/model.ts';
import { lawsInForce } from '../../../src/core/laws/calibration.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { last, noisy, pointOf } from './runs.ts';

/** Runs of a law with another γ, with their twins' losses or without. */
function runsOf(formats: readonly string[], withTwins: boolean): MeasuredRun[] {
  const law = capybara.withConstants({ gamma: 5200 }, 'own');
  return [4e7, 8e7, 1.6e8, 3.2e8].flatMap((parameters) =>
    [1e10, 1e11].flatMap((tokens) =>
      formats.map((format) => {
        const point = pointOf({ parameters, tokens, format });
        const { loss, bf16Loss } = law.forecast(point);
        return { point, loss: loss ?? 0, bf16Loss: withTwins ? bf16Loss : null };
      }),
    ),
  );
}

describe('runs that err together', () => {
  it('are those of a size where losses are fitted', () => {
    const design = capybaraModel.design(runsOf(['bf16', 'e2m1'], false), {});
    expect(clustersOf(design)).toMatchObject({ by: 'size', count: 4 });
  });

  it('are those that share a twin where gaps are', () => {
    const design = capybaraModel.design(runsOf(['e2m1', 'e3m1', 'e1m2'], true), {});
    expect(design.constants.map(({ name }) => name)).toEqual(['gamma', 'delta', 'nu']);
    const { by, of, count } = clustersOf(design);
    expect([by, count]).toEqual(['twin', 8]);
    expect([...of].slice(0, 4)).toEqual([0, 0, 0, 1]);
  });

  it('are each alone with fewer than three sizes', () => {
    const two = runsOf(['bf16', 'e2m1'], false).filter(({ point }) => point.parameters < 1e8);
    const design = capybaraModel.design([...two, ...two, ...two, ...two], {});
    expect(clustersOf(design).by).toBe('run');
  });

  it('widen the interval the more, the fewer they are', () => {
    const clusters = (count: number) => ({ by: 'size', of: new Int32Array(), count }) as const;
    expect(inflation(clusters(2), 100, 0)).toBeCloseTo(6.314 / 1.645, 3);
    expect(inflation(clusters(5), 100, 0)).toBeCloseTo(2.132 / 1.645, 3);
    expect(inflation(clusters(1000), 1000, 0)).toBeCloseTo(1, 2);
    expect(inflation(clusters(5), 10, 5)).toBeGreaterThan(inflation(clusters(5), 100, 5));
  });
});

describe('a fit of gaps', () => {
  it('gives the constants back that made them', () => {
    const options = {
      law: 'capybara',
      pinned: {},
      bootstrap: 0,
      holdOut: null,
      starts: 20,
    } as const;
    const fit = last(fitLaw(runsOf(['e2m1', 'e3m1', 'e1m2'], true), options));
    if ('error' in fit) throw new Error(fit.error);
    expect(fit.constants.gamma?.value).toBeCloseTo(5200, 0);
    expect(fit.notes.join(' ')).toContain('the gap to it is fitted, not the loss itself');
  });
});

describe('the draws of a fit', () => {
  const options = {
    law: 'capybara',
    pinned: {},
    bootstrap: 40,
    holdOut: null,
    starts: 20,
  } as const;
  const fit = last(fitLaw(noisy(runsOf(['e2m1', 'e3m1', 'e1m2'], true), 0.001), options));
  if ('error' in fit) throw new Error(fit.error);

  it('are lists of one length, about the fitted constants', () => {
    const gamma = fit.draws?.gamma ?? [];
    expect(gamma).toHaveLength(40);
    expect(Math.min(...gamma)).toBeLessThan(fit.constants.gamma?.value ?? 0);
    expect(Math.max(...gamma)).toBeGreaterThan(fit.constants.gamma?.value ?? Infinity);
  });

  it('give a forecast the interval that holds the true gap', () => {
    const { law, constants, draws } = fit;
    const own = lawsInForce({ file: 'a.json', law, constants, ...(draws && { draws }) }).find(
      ({ id }) => id === law,
    );
    const point = pointOf({ parameters: 1.2e9, tokens: 1e11, format: 'e2m1' });
    const { gap, interval } = own?.forecast(point) ?? {};
    const truth = capybara.withConstants({ gamma: 5200 }, 'truth').forecast(point).gap ?? 0;
    expect(interval?.[0]).toBeLessThan(truth);
    expect(interval?.[1]).toBeGreaterThan(truth);
    expect(interval?.[1]).toBeLessThan(2 * (gap ?? 0));
    const without = lawsInForce({ file: 'a.json', law, constants });
    expect(without.find(({ id }) => id === law)?.forecast(point).interval).toBeNull();
  });

  it('are none where nothing is resampled', () => {
    const bare = last(fitLaw(runsOf(['e2m1', 'e3m1'], true), { ...options, bootstrap: 0 }));
    expect('error' in bare ? bare : bare.draws).toBeNull();
  });
});
