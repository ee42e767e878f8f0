import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import type { Analysis } from '../../../src/core/analysis.ts';
import { explainMarkdown } from '../../../src/core/present/explain.ts';
import { defaultSettings, type AnalysisSettings } from '../../../src/core/run/settings.ts';
import { llmFoundryConfig } from '../cli/harness.ts';

/** 134 T tokens in FP8: past D_crit, and over the target of 0.01 nats. */
const config = llmFoundryConfig(64_000_000);

function analysed(
  policy: string,
  { file = 'a.yaml', ...settings }: Partial<AnalysisSettings> & { readonly file?: string } = {},
): Analysis {
  const files = new Map([['floatcast.yaml', policy]]);
  return analyse({ file, text: config }, { ...defaultSettings, ...settings }, files);
}

const ids = ({ runs }: Analysis) => runs.flatMap(({ findings }) => findings.map(({ id }) => id));
const notes = ({ notices }: Analysis) => notices.map(({ message }) => message);

describe('a policy', () => {
  it('says what is in force, stronger than the settings that it was given', () => {
    const policy = [
      'law: kumar',
      'hardware: h100',
      'gap-target: 0.5',
      'near-critical-ratio: 0.25',
      'price-per-hour: 2.5',
      'max-hours: 100',
      'allowed-formats: [bf16, fp8-e4m3]',
      'fail-on: error',
      'assumptions: { world-size: 64 }',
    ].join('\n');
    const analysis = analysed(policy, { law: 'pooled', hardware: 'a100', pricePerHour: 9 });
    expect(notes(analysis)).toEqual([]);
    expect(analysis.settings).toMatchObject({
      law: 'kumar',
      hardware: 'h100',
      gapTarget: 0.5,
      nearCriticalRatio: 0.25,
      pricePerHour: 2.5,
      maxHours: 100,
      allowedFormats: ['bf16', 'fp8-e4m3'],
      failOn: 'error',
      assumptions: { 'world-size': { value: 64 } },
    });
    expect(ids(analysis)).not.toContain('gap-above-target');
    expect(explainMarkdown(analysis)).toContain(
      '- law, by floatcast.yaml: a setting of the editor for it is not used.',
    );
  });

  it('gives way to what is said by hand', () => {
    const overrides = { gapTarget: 0.001, assumptions: {} };
    expect(analysed('gap-target: 0.5', { overrides }).settings.gapTarget).toBe(0.001);
  });

  it('switches findings off, instead of those that a setting does', () => {
    expect(ids(analysed(''))).toEqual(
      expect.arrayContaining(['critical-data-size', 'gap-above-target']),
    );
    const settings = { disabledChecks: ['critical-data-size'] };
    expect(ids(analysed('', settings))).not.toContain('critical-data-size');
    const policy = analysed('disabled-checks: [gap-above-target]', settings);
    expect(ids(policy)).toContain('critical-data-size');
    expect(ids(policy)).not.toContain('gap-above-target');
  });

  it('has values of its own for some configs', () => {
    const policy =
      'allowed-formats: [bf16]\nfiles: { "x/*.yaml": { allowed-formats: [fp8-e4m3] } }';
    const [finding] = analysed(policy).runs.flatMap(({ findings }) =>
      findings.filter(({ id }) => id === 'outside-policy'),
    );
    expect(finding?.message).toBe(
      'FP8 E4M3 per tensor is none of the formats that floatcast.yaml allows: bf16.',
    );
    expect(finding?.fixes.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^Train in BF16: loss /),
    ]);
    expect(ids(analysed(policy, { file: 'x/a.yaml' }))).not.toContain('outside-policy');
  });

  it('says which run takes too long, where its hours are known', () => {
    const policy = 'hardware: h100\nworld-size: 64\nmax-hours: 10';
    expect(ids(analysed(policy))).toContain('outside-policy');
    expect(ids(analysed(policy.replace('10', '1e9')))).not.toContain('outside-policy');
    expect(ids(analysed('max-hours: 10'))).not.toContain('outside-policy');
  });
});

describe('what a policy ignores', () => {
  const ignoring = (files: string, until = '2026-12-31') =>
    `ignore:\n  - id: critical-data-size\n    files: ${files}\n    reason: known\n    until: ${until}\n`;

  it.each([
    ['"*.yaml"', 'a.yaml', false],
    ['a.yaml', 'deep/in/a.yaml', false],
    ['old/*', 'a.yaml', true],
    ['[old/*, "a.*"]', 'a.yaml', false],
  ])('in %s: %s is heard of: %s', (files, file, heard) => {
    const analysis = analysed(ignoring(files), { file, today: '2026-11-28' });
    expect(notes(analysis)).toEqual([]);
    expect(ids(analysis).includes('critical-data-size')).toBe(heard);
  });

  it('is back after its last day, with a note', () => {
    const on = (today: string) => analysed(ignoring('"*"', '2026-11-28'), { today });
    expect(ids(on('2026-11-28'))).not.toContain('critical-data-size');
    expect(ids(on('2026-11-29'))).toContain('critical-data-size');
    expect(notes(on('2026-11-29'))).toEqual([
      '“critical-data-size” was ignored until 2026-11-28 (known), which is over.',
    ]);
  });

  it('needs a reason, and a finding that there is', () => {
    expect(notes(analysed('ignore:\n  - id: critical-data-size\n'))).toEqual([
      'floatcast.yaml, line 2: “ignore” needs a reason for critical-data-size.',
    ]);
    expect(notes(analysed('ignore:\n  - { id: critical-data-siez, reason: x }\n'))).toEqual([
      'floatcast.yaml, line 2: “ignore” knows no finding “critical-data-siez”; did you mean “critical-data-size”.',
    ]);
  });
});

it.each([
  ['gap-target: -1', '“gap-target” needs a number above zero.'],
  ['fail-on: always', '“fail-on” is one of information, warning, error, never.'],
  ['allowed-formats: [fp9]', '“allowed-formats” needs a list of format ids, and “fp9” is none.'],
  ['disabled-checks: [x]', '“disabled-checks” knows no finding “x”.'],
  ['max-hour: 3', '“max-hour” is none of the keys: world-size, '],
])('a mistake is told: %s', (policy, sentence) => {
  expect(notes(analysed(policy))[0]).toContain(`floatcast.yaml, line 1: ${sentence}`);
});
