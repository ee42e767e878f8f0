import { describe, expect, it } from 'vitest';
import type { RunAnalysis } from '../../../src/core/analysis.ts';
import { silent, speaking, type Forecast } from '../../../src/core/laws/law.ts';
import { spreadSentence } from '../../../src/core/present/disagreement.ts';
import { gradeWords, lawsTable, supportWords } from '../../../src/core/present/lawsTable.ts';
import { analysisOf, halved, mxfp4 } from './exampleRun.ts';

/** A forecast of a law at 1 T tokens; the rest of it as given. */
function said(law: string, gap: number, more: Partial<Forecast> = {}): Forecast {
  return { ...speaking({ law, bf16Loss: 2, gap }, 1e12), ...ratioOf(more), ...more };
}

function ratioOf({ criticalTokens }: Partial<Forecast>): Partial<Forecast> {
  return criticalTokens ? { hasCriticalSize: true, ratio: 1e12 / criticalTokens } : {};
}

/** The table of a run that these laws speak of, the first of them leading. */
function tableOf(...laws: readonly Forecast[]): readonly string[] {
  const run: RunAnalysis = { ...analysisOf(), forecast: laws[0] ?? null, forecasts: laws };
  return lawsTable(run);
}

const page = (law: string) =>
  `https://github.com/floatcast/floatcast/blob/main/docs/laws/${law}.md`;

describe('the table of laws', () => {
  it('shows gap, D_crit, D / D_crit and support, the leading law in bold', () => {
    const capybara = said('capybara', 0.0024, {
      criticalTokens: 6.14e12,
      extrapolated: ['tokens', 'scale'],
    });
    expect(tableOf(capybara, said('kumar', 0.00562, { extrapolated: ['tokens'] }))).toEqual([
      `| Law | [gap](${page('README')}#gap), nats | [D_crit](${page('README')}#critical-data-size) | D / D_crit | [Support](${page('README')}#grade) |`,
      '| :-- | --: | --: | --: | :-- |',
      `| **[Capybara](${page('capybara')})** | +0.0024 | 6.14 T | 16 % | form not supported by data |`,
      `| [Kumar](${page('kumar')}) | +0.0056 | none | – | beyond its fitted range |`,
    ]);
  });

  it('shows a law’s own interval as a range, and labels our own fits', () => {
    const interval = [-0.0003, 0.0086] as const;
    const [, , row] = tableOf(said('pooled', 0.0037, { interval }));
    expect(row).toContain(
      ' (our own fit) | +0.00370 (−0.00030 to +0.0086) | none | – | inside its',
    );
  });

  it('names the calibration of a law, and no longer calls it our own', () => {
    const row = (law: string) =>
      tableOf(said(law, 0.01, { calibration: 'runs/my_fit.json' }))[2] ?? '';
    expect(row('capybara')).toContain(')**, calibrated on runs/my\\_fit.json | +0.0100 |');
    expect(row('pooled')).not.toContain('our own fit');
  });

  it('marks a critical size that no paper states', () => {
    const cell = (law: string) => tableOf(said(law, 0.0174, { criticalTokens: 159e12 }))[2] ?? '';
    expect(cell('chen')).toContain(' | 159 T (derived) | ');
    expect(cell('capybara')).toContain(' | 159 T | ');
    const spread = spreadSentence([
      said('chen', 0.0174, { criticalTokens: 159e12 }),
      said('kumar', 0.0288),
    ]);
    expect(spread).toBe(
      'Gap by 2 laws: +0.017…0.029; D_crit 159 T by Chen (derived), none by the others.',
    );
  });

  it('lists other readings below', () => {
    const variants = [
      { reading: 'with the backward layout E5M2', gap: 0.0034, criticalTokens: 4.36e12 },
      { reading: 'without its offset', gap: 0.001, criticalTokens: null },
    ];
    expect(tableOf(said('capybara', 0.0024, { variants })).slice(3)).toEqual([
      '',
      '- Capybara with the backward layout E5M2: gap +0.0034, D\\_crit 4.36 T.',
      '- Capybara without its offset: gap +0.0010.',
    ]);
  });

  it('gives each reason for silence once, with the laws that it is of', () => {
    const lines = tableOf(
      said('capybara', 0.01),
      silent('chinchilla', 'The Chinchilla law knows no number format.', false),
      silent('quartet', 'It is of FP4 alone.', false),
      silent('quest', 'It is of FP4 alone.', false),
    );
    expect(lines.slice(3)).toEqual([
      '',
      'No number from Chinchilla, Quartet and QuEST. The Chinchilla law knows no number format. ' +
        'Quartet and QuEST: It is of FP4 alone.',
    ]);
  });

  it('leaves laws of quantising afterwards out', () => {
    const run = analysisOf({ precision: mxfp4 });
    expect(run.forecasts.find(({ law }) => law === 'ouyang')?.gap).toBeGreaterThan(0);
    expect(lawsTable(run).join('\n')).not.toContain('Ouyang');
  });
});

describe('how far a forecast can be leant on', () => {
  it('is said in a few words', () => {
    expect((['inside', 'beyond', 'unsupported'] as const).map(gradeWords)).toEqual([
      'inside its data',
      'beyond its fitted range',
      'form not supported by data',
    ]);
  });

  it('names the respects', () => {
    const support = (...extrapolated: Forecast['extrapolated']) =>
      supportWords(said('capybara', 0.01, { extrapolated }));
    expect(support()).toBe('inside its data');
    expect(support('tokens')).toBe('beyond its fitted range (D)');
    expect(support('parameters', 'format', 'granularity', 'operands', 'scale')).toBe(
      'form not supported by data (format, scaling, operands and stored scales), ' +
        'beyond its fitted range (N)',
    );
    expect(supportWords(silent('chen', 'No.', true))).toBeNull();
  });
});

describe('the spread of the laws', () => {
  it('goes from the least gap to the largest, without laws that are silent or of another stage', () => {
    const forecasts = [
      said('capybara', 0.0024, { criticalTokens: 6.14e12 }),
      said('kumar', 0.0054),
      said('ouyang', 0.9, { criticalTokens: 1e11 }),
      silent('chen', 'No.', true),
    ];
    expect(spreadSentence(forecasts)).toBe(
      'Gap by 2 laws: +0.0024…0.0054; D_crit 6.14 T by Capybara, none by the others.',
    );
    expect(spreadSentence([...forecasts, said('pooled', 0.003)])).toContain(
      'Gap by 3 laws (1 of them our own fit): +0.0024',
    );
    expect(spreadSentence(forecasts.slice(1))).toBeNull();
  });

  it('says where no law has a critical size, and nothing where there is no gap', () => {
    expect(spreadSentence([said('kumar', 0.01), said('quartet', 0.02)])).toBe(
      'Gap by 2 laws: +0.010…0.020; no D_crit by any.',
    );
    expect(spreadSentence([said('kumar', 0), said('quartet', 0)])).toBeNull();
  });

  it('names a calibration', () => {
    expect(spreadSentence(analysisOf({}, 'capybara', halved).forecasts)).toMatch(
      /D_crit 12\.\d T by Capybara, calibrated on floatcast\.calibration\.json, none by the others\.$/,
    );
  });
});
