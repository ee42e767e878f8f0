import { describe, expect, it } from 'vitest';
import { criticalDataSize } from '../../../src/core/checks/criticalDataSize.ts';
import { nearCriticalDataSize } from '../../../src/core/checks/nearCriticalDataSize.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import { chen } from '../../../src/core/laws/chen/chen.ts';
import { kumar } from '../../../src/core/laws/kumar/kumar.ts';
import type { Law } from '../../../src/core/laws/law.ts';
import { ouyang } from '../../../src/core/laws/ouyang/ouyang.ts';
import { quartet } from '../../../src/core/laws/quartet/quartet.ts';
import { formatById } from '../../../src/core/formats/registry.ts';
import type { Granularity, TrainingRun } from '../../../src/core/run/run.ts';
import { stated } from '../../../src/core/run/known.ts';
import { exampleRun, placeOfWord, pointOf } from '../present/exampleRun.ts';
import { contextOf, findingOf, monotone, nvfp4Run, writesAll } from './context.ts';

// Equation 21 of arXiv 2501.02423 with table 2’s constants: N = 6,442,450,944, E2M1, B = 16.
const criticalTokens = 1_035_626_232_241;

const fixedRun = (run: TrainingRun, written: string): TrainingRun => {
  const [format = '', granularity, block] = written.split(':');
  if (!run.precision || !formatById(format)) throw new Error(`no format in ${written}`);
  const precision = {
    ...run.precision,
    format: stated(format, placeOfWord('amp_fp8')),
    granularity: granularity as Granularity,
    block: block ? Number(block) : null,
  };
  return { ...run, precision };
};

describe('critical-data-size', () => {
  it('trips just past D_crit and not just below', () => {
    expect(findingOf(criticalDataSize, contextOf(nvfp4Run(criticalTokens * 1.001)))).toBeDefined();
    expect(
      findingOf(criticalDataSize, contextOf(nvfp4Run(criticalTokens * 0.999))),
    ).toBeUndefined();
  });

  it('stands on the token field, points to the format and names the law and who disagrees', () => {
    const finding = findingOf(criticalDataSize, contextOf(nvfp4Run(15e12)));
    expect(finding).toMatchObject({
      id: 'critical-data-size',
      severity: 'warning',
      place: placeOfWord('64000ba'),
      related: [{ place: placeOfWord('amp_fp8') }],
      noFix: null,
    });
    expect(finding?.message).toBe(
      '15.0 T tokens is 14× the critical data size (1.04 T) of NVFP4 (block 16) at this N by the ' +
        'Capybara law; past it more data raises the loss. 1 other law and public runs see none.',
    );
  });

  // Chen's size: where β·B/D^β = k·γD·D^γD·(log2 16)^γG/N^γN, W4A4 of arXiv 2505.14302 table 1.
  const chenTokens = 3.604763e15;

  it('tells who agrees from who does not, and leaves out laws of another stage', () => {
    const run = nvfp4Run(15e12);
    const point = pointOf(run);
    const forecasts = point ? [capybara, chen, ouyang].map((law) => law.forecast(point)) : [];
    const message = findingOf(criticalDataSize, contextOf(run, { forecasts }))?.message;
    expect(message).toMatch(/ 1 other law and public runs see none here\.$/);
    const longRun = nvfp4Run(1.01 * chenTokens);
    const longPoint = pointOf(longRun);
    const longer = longPoint ? [capybara, chen, ouyang].map((law) => law.forecast(longPoint)) : [];
    const long = contextOf(longRun, { law: chen, forecasts: longer });
    expect(findingOf(criticalDataSize, long)?.message).toMatch(
      /^3640 T tokens is 101 % of the critical data size \(3600 T\) .* by the Chen law; .* 1 other law agrees; public runs see none\.$/,
    );
  });

  it('says of a law of quantising afterwards that training is another question', () => {
    const run = fixedRun(nvfp4Run(15e12), 'int4:channel:');
    const message = findingOf(criticalDataSize, contextOf(run, { law: ouyang }))?.message;
    expect(message).toMatch(/more data raises the loss of the model quantised after training\.$/);
  });

  it('says that a size rests on a calibration', () => {
    const law = capybara.withConstants({ gamma: 11334.5197 / 4 }, 'runs/fit.json');
    const message = findingOf(criticalDataSize, contextOf(nvfp4Run(15e12), { law }))?.message;
    // D_crit goes with γ^(1/2β), here 4^(−1/1.0324) of the published one.
    expect(message).toContain(
      '(270 B) of NVFP4 (block 16) at this N by the calibrated Capybara law;',
    );
  });

  it('offers no format that the law knows nothing of', () => {
    const context = contextOf(nvfp4Run(1.01 * chenTokens), { law: chen });
    const titles = findingOf(criticalDataSize, context)?.fixes.map((fix) => fix.title);
    expect(titles?.[0]).toMatch(/^Train in BF16: loss −0\.0\d+ by Chen, −2\.9 by 2 other laws$/);
  });

  it('prefers none of its fixes where the laws disagree', () => {
    const run = nvfp4Run(15e12);
    const point = pointOf(run);
    const base = point && capybara.forecast(point);
    const forecasts = base ? [base, { ...base, law: 'kumar', gap: 0.03 }] : [];
    const fixes = findingOf(criticalDataSize, contextOf(run, { forecasts }))?.fixes ?? [];
    expect(fixes.length).toBeGreaterThan(0);
    expect(fixes.every(({ preferred }) => preferred !== true)).toBe(true);
  });

  it('offers nothing by which more than one law loses', () => {
    const run = nvfp4Run(15e12);
    const cut = (others: readonly Law[]) =>
      findingOf(criticalDataSize, contextOf(run, { laws: [capybara, ...others] }))
        ?.fixes.map(({ title }) => title)
        .filter((title) => title.startsWith('Cut'));
    // By Kumar and Quartet more data lowers the loss whatever the format.
    expect(cut([kumar])).toHaveLength(1);
    expect(cut([kumar, quartet])).toEqual([]);
  });

  it('offers no format by which the config would break a rule', () => {
    const context = contextOf(nvfp4Run(15e12), { newRules: () => ['some-rule'] });
    const titles = findingOf(criticalDataSize, context)?.fixes.map(({ title }) => title);
    expect(titles).toEqual([expect.stringMatching(/^Cut the run/)]);
  });

  it('offers fixes that remove it, one of them preferred', () => {
    const run = nvfp4Run(15e12);
    const fixes = findingOf(criticalDataSize, contextOf(run))?.fixes ?? [];
    expect(fixes.map((fix) => fix.preferred === true)).toEqual([true, false]);
    // MXFP6 is narrower, but at 15 T tokens it is past its own D_crit.
    expect(fixes[0]?.title).toBe(
      'Train in MXFP8 E4M3 (block 32): loss −0.17 by Capybara, −0.17 by 1 other law',
    );
    expect(fixes[1]?.title).toMatch(
      /^Cut the run to 1\.04 T tokens, D_crit: loss −0\.0\d+ by Capybara, /,
    );
    const other = fixedRun(run, fixes[0]?.edits[0]?.newText ?? '');
    expect(findingOf(criticalDataSize, contextOf(other))).toBeUndefined();
    const cut = nvfp4Run(Number(fixes[1]?.edits[0]?.newText));
    expect(findingOf(criticalDataSize, contextOf(cut))).toBeUndefined();
  });

  it('offers the same format in finer blocks where that is enough', () => {
    const run = fixedRun(nvfp4Run(0.75e12), 'fp4-e2m1:block:128');
    const titles = findingOf(criticalDataSize, contextOf(run))?.fixes.map((fix) => fix.title);
    expect(titles?.[1]).toMatch(
      /^Train in FP4 E2M1 \(block \d+\): loss −[\d.]+ by Capybara, −[\d.]+ by 1 other law$/,
    );
  });

  it('cuts a tensor-wise run, whose D_crit moves with D, to where it no longer trips', () => {
    const run = fixedRun(nvfp4Run(15e12), 'fp4-e2m1:tensor:');
    const fixes = findingOf(criticalDataSize, contextOf(run))?.fixes ?? [];
    const cut = fixes.find((fix) => fix.title.startsWith('Cut'))?.edits[0]?.newText;
    const shorter = { ...run, tokens: nvfp4Run(Number(cut)).tokens };
    expect(pointOf(shorter)?.tokens).toBeLessThan(15e12);
    expect(findingOf(criticalDataSize, contextOf(shorter))).toBeUndefined();
  });

  it('says why there is no fix', () => {
    const reason = 'The duration is not stated as a number in this file.';
    const finding = findingOf(
      criticalDataSize,
      contextOf(nvfp4Run(15e12), {
        writeFormat: () => ({ ok: false, reason: 'No setting.' }),
        writeTokens: () => ({ ok: false, reason }),
      }),
    );
    expect(finding?.fixes).toEqual([]);
    expect(finding?.noFix).toBe(`No setting. ${reason}`);
  });

  it('is silent by a law without a critical size, and where no field is known', () => {
    const run = nvfp4Run(15e12);
    expect(findingOf(criticalDataSize, contextOf(run, { law: monotone }))).toBeUndefined();
    const anchors = { parameters: null, tokens: null, precision: null };
    expect(findingOf(criticalDataSize, contextOf({ ...run, anchors }))).toBeUndefined();
    const elsewhere = { ...anchors, precision: placeOfWord('amp_fp8') };
    expect(findingOf(criticalDataSize, contextOf({ ...run, anchors: elsewhere }))).toMatchObject({
      place: placeOfWord('amp_fp8'),
      related: [],
    });
  });
});

describe('near-critical-data-size', () => {
  it.each([
    [0.499, false],
    [0.501, true],
    [0.999, true],
    [1.001, false],
  ])('at %d of D_crit: %s', (share, trips) => {
    const finding = findingOf(nearCriticalDataSize, contextOf(nvfp4Run(criticalTokens * share)));
    expect(finding !== undefined).toBe(trips);
  });

  it('is information, and its fixes bring the run below the share', () => {
    const finding = findingOf(nearCriticalDataSize, contextOf(nvfp4Run(criticalTokens * 0.8)));
    expect(finding?.severity).toBe('information');
    expect(finding?.message).toContain(
      'is 80 % of the critical data size (1.04 T) of NVFP4 (block 16)',
    );
    // Before D_crit a shorter run is a worse one by every law.
    expect(finding?.fixes.some(({ title }) => title.startsWith('Cut'))).toBe(false);
  });

  it('follows the setting', () => {
    const context = contextOf(exampleRun, { writeFormat: writesAll });
    const settings = { ...context.settings, nearCriticalRatio: 0.02 };
    expect(findingOf(nearCriticalDataSize, context)).toBeUndefined();
    expect(findingOf(nearCriticalDataSize, { ...context, settings })).toBeDefined();
  });
});
