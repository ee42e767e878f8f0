import { describe, expect, it } from 'vitest';
import { computeOptimal } from '../../../src/core/advise/computeOptimal.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import type { Law } from '../../../src/core/laws/law.ts';

const scaling = { granularity: 'block', block: 128 } as const;

describe('the compute-optimal precision', () => {
  it('of a compute is the joint optimum', () => {
    const found = computeOptimal(capybara, { fixed: 'compute', compute: 1e21, scaling });
    expect(found).toMatchObject({ law: 'capybara', compute: 1e21 });
    expect(found.bits).toBeCloseTo(4.19025, 5);
    expect((found.parameters ?? 0) / 1e9).toBeCloseTo(7.93046, 5);
    expect((found.tokens ?? 0) / 1e10).toBeCloseTo(8.02473, 5);
    expect(found.loss).toBeCloseTo(2.39422, 5);
  });

  it('of a token count leaves the rest open', () => {
    const found = computeOptimal(capybara, { fixed: 'tokens', tokens: 1e13, scaling });
    expect(found.bits).toBeCloseTo(6.2838, 4);
    expect(found).toMatchObject({ parameters: null, tokens: 1e13, compute: null, loss: null });
    const channel = { granularity: 'channel', block: null } as const;
    const coarser = computeOptimal(capybara, { fixed: 'tokens', tokens: 1e13, scaling: channel });
    // bits^(δ+ν) ∝ log2 B, equation 22.
    expect(coarser.bits).toBeCloseTo(6.283773 * (13.1567 / 7) ** (1 / 6.1469), 5);
  });

  it('of a size and a compute spends the compute', () => {
    const question = { fixed: 'parameters', parameters: 7e9, compute: 5.88e21, scaling } as const;
    const { bits, parameters, tokens, compute, loss } = computeOptimal(capybara, question);
    expect(bits).toBeCloseTo(5.5266, 4);
    expect((6 / 16) * (bits ?? 0) * (parameters ?? 0) * ((tokens ?? 0) / 5.88e21)).toBeCloseTo(
      1,
      9,
    );
    expect([parameters, compute]).toEqual([7e9, 5.88e21]);
    expect(loss).toBeGreaterThan(2.2);
    expect(loss).toBeLessThan(2.4);
  });

  it('says when it extrapolates, and when tokens fall below parameters', () => {
    const notes = (compute: number): string =>
      computeOptimal(capybara, { fixed: 'compute', compute, scaling }).notes.join(' ');
    const few = 'fewer tokens than parameters';
    // D/N crosses 1 between 1e23 (1.9) and 1e24 (0.83).
    expect(notes(1e24)).toContain(few);
    expect(notes(1e23)).not.toContain(few);
    expect(notes(1e24)).toContain('40.9 M to 679 M');
    expect(notes(1e18)).not.toContain('40.9 M to 679 M');
    expect(notes(1e18)).toContain('10.5 B to 105 B');
    expect(notes(1e20)).not.toContain('10.5 B to 105 B');
  });

  it('notes layouts narrower than any fitted', () => {
    const notes = (tokens: number): string =>
      computeOptimal(capybara, { fixed: 'tokens', tokens, scaling }).notes.join(' ');
    expect(notes(1e9)).toContain('three bits');
    expect(notes(1e10)).not.toContain('three bits');
  });

  it('has no numbers where there is no closed form', () => {
    const tensor = { granularity: 'tensor', block: null } as const;
    const single = { granularity: 'block', block: 1 } as const;
    const at = (one: typeof tensor | typeof single): unknown =>
      computeOptimal(capybara, { fixed: 'compute', compute: 1e21, scaling: one });
    expect(at(tensor)).toMatchObject({
      bits: null,
      loss: null,
      notes: ['The closed forms need a block size or channel-wise scaling.'],
    });
    expect(at(single)).toMatchObject({ bits: null });
  });

  it('has no numbers where the law runs out of them', () => {
    // Nothing in the closed forms fits a double here: bits would be infinite, parameters 0.
    const huge = { fixed: 'compute', compute: 1e308, scaling } as const;
    const lopsided = { fixed: 'parameters', parameters: 1e300, compute: 1, scaling } as const;
    for (const question of [huge, lopsided]) {
      expect(computeOptimal(capybara, question)).toEqual({
        ...{ law: 'capybara', bits: null, parameters: null, tokens: null, compute: null },
        loss: null,
        notes: ['The Capybara law has no optimum at such sizes.'],
      });
    }
  });

  it('has no numbers for sizes that are none, or from a law that gives none', () => {
    const nothing = { bits: null, parameters: null, tokens: null, compute: null, loss: null };
    for (const bad of [0, -1, NaN, Infinity]) {
      expect(computeOptimal(capybara, { fixed: 'compute', compute: bad, scaling })).toEqual({
        law: 'capybara',
        ...nothing,
        notes: ['The sizes must be positive numbers.'],
      });
    }
    const { optimum, ...silent }: Law = capybara;
    expect(optimum).toBeDefined();
    expect(computeOptimal(silent, { fixed: 'tokens', tokens: 1e12, scaling })).toEqual({
      law: 'capybara',
      ...nothing,
      notes: ['The Capybara law gives no compute-optimal precision.'],
    });
  });
});
