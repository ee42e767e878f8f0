import { expect, it } from 'vitest';
import { gapAboveTarget } from '../../../src/core/checks/gapAboveTarget.ts';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import { silent } from '../../../src/core/laws/law.ts';
import { placeOfWord } from '../present/exampleRun.ts';
import { contextOf, findingOf, nvfp4Run } from './context.ts';

/** The gap of the example in NVFP4 on 1 T tokens by the Capybara law is 0.0425 nats. */
const run = nvfp4Run(1e12);

function withTarget(gapTarget: number, change: Parameters<typeof contextOf>[1] = {}) {
  const context = contextOf(run, change);
  return findingOf(gapAboveTarget, { ...context, settings: { ...context.settings, gapTarget } });
}

it('trips just over the target and not just under', () => {
  const gap = contextOf(run).forecast?.gap ?? 0;
  expect(gap).toBeCloseTo(0.042519, 6);
  expect(withTarget(gap * 0.999)).toBeDefined();
  expect(withTarget(gap)).toBeUndefined();
});

it('stands on the format and names the cheapest format under the target', () => {
  const finding = withTarget(0.01);
  expect(finding).toMatchObject({ severity: 'information', place: placeOfWord('amp_fp8') });
  expect(finding?.message).toMatch(
    /^NVFP4 \(block 16\) ends \+0\.043 \(2 laws agree\) nats above BF16, over the target of 0\.01\. The cheapest under it: MXFP6 E\dM\d \(block 32\) \(gap \+0\.00\d+\)\.$/,
  );
  expect(finding?.fixes).toHaveLength(1);
  expect(finding?.fixes[0]?.edits[0]?.newText).toMatch(/^mxfp6-/);
});

it('trips where the leading law is silent and all others are over, of which two must speak', () => {
  const context = contextOf(run);
  const { verdict, settings } = context;
  if (!verdict) throw new Error('The laws speak of it.');
  const forecast = silent('capybara', 'It knows no such format.', true);
  const found = (laws: readonly string[], gapTarget: number) =>
    findingOf(gapAboveTarget, {
      ...{ ...context, forecast, verdict: { ...verdict, laws } },
      settings: { ...settings, gapTarget },
    });
  expect(found(verdict.laws, verdict.low * 0.999)?.message).toMatch(
    /^NVFP4 \(block 16\) ends \+0\.043 \(2 laws, Capybara none\) nats above BF16/,
  );
  expect(found(verdict.laws, verdict.low)).toBeUndefined();
  expect(found(verdict.laws.slice(0, 1), verdict.low * 0.999)).toBeUndefined();
});

it('names what the accelerator has', () => {
  const accelerator = acceleratorById('h100') ?? null;
  expect(accelerator).not.toBeNull();
  expect(withTarget(0.01, { accelerator })?.message).toContain('The cheapest under it: FP8 E');
});

it('says why it cannot be written', () => {
  const finding = withTarget(0.01, { writeFormat: null });
  expect(finding?.fixes).toEqual([]);
  expect(finding?.noFix).toBe('The framework has no key for the number format in this file.');
});
