import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import {
  calibrationText,
  readCalibration,
  readCalibrationFile,
} from '../../../src/core/settings/calibrationFile.ts';
import { laws } from '../../../src/core/laws/registry.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';

const file = 'floatcast.calibration.json';

const read = (value: unknown) => readCalibrationFile(file, JSON.stringify(value, null, 2));

/** What is complained of, each with the text that it is marked at. */
function complaints(text: string): readonly (readonly [string, string])[] {
  return readCalibrationFile(file, text).notices.map(({ message, place }) => [
    message,
    text.slice(place?.start, place?.end),
  ]);
}

describe('a calibration file', () => {
  it('gives constants with and without intervals, and keeps the rest as published', () => {
    const gamma = { value: 5431, low: 4168, high: 6676 };
    const { calibration, notices } = read({
      law: 'capybara',
      constants: { gamma, epsilon: 2.08 },
      fittedOn: { source: 'runs.csv' },
      notes: [],
    });
    expect(notices).toEqual([]);
    expect(calibration).toEqual({
      file,
      law: 'capybara',
      constants: { gamma, epsilon: { value: 2.08, low: null, high: null } },
    });
  });

  it('may give what the paper does not print', () => {
    // Made up: log2 B = N^0.245 / (0.01·D^0.245), about 100 at N = D.
    const given = { omega: 0.245, xi: 0.01, eta: 0.245 };
    expect(read({ law: 'capybara', constants: given }).calibration?.constants).toMatchObject({
      omega: { value: 0.245 },
    });
    const kumar = read({ law: 'kumar', constants: { cWeights: 0.1 } });
    expect(kumar.calibration?.constants.cWeights).toEqual({ value: 0.1, low: null, high: null });
  });

  it.each(laws)('takes the published constants of $name', ({ id, constants }) => {
    const known = Object.entries(constants).filter(([, value]) => value !== null);
    const { calibration, notices } = read({ law: id, constants: Object.fromEntries(known) });
    expect(notices).toEqual([]);
    expect(Object.keys(calibration?.constants ?? {})).toEqual(known.map(([name]) => name));
  });

  it('may give a negative offset, which a fit with its sign can come to', () => {
    const kumar = read({ law: 'kumar', constants: { offsetWeights: -0.2 } });
    expect(kumar.notices).toEqual([]);
    expect(kumar.calibration?.constants.offsetWeights?.value).toBe(-0.2);
  });

  it('has its mistakes said at their places, and what is right is used', () => {
    const text = [
      '{',
      '  "law": "capybara",',
      '  "fit": 1,',
      '  "constants": { "gama": 1, "gamma": "many", "delta": 3.3 }',
      '}',
    ].join('\n');
    expect(complaints(text)).toEqual([
      [
        `${file}, line 3: “fit” is none of law, constants, draws, $schema, fittedOn, notes.`,
        '"fit"',
      ],
      [
        `${file}, line 4: “gama” is none of the constants of Capybara: n, alpha, d, beta, epsilon, ` +
          'gamma, delta, nu, omega, xi, eta.',
        '"gama"',
      ],
      [
        `${file}, line 4: “gamma” needs a number, or { "value": …, "low": …, "high": … }.`,
        '"many"',
      ],
    ]);
    expect(Object.keys(readCalibrationFile(file, text).calibration?.constants ?? {})).toEqual([
      'delta',
    ]);
  });

  it.each([
    ['{ "law": "capibara", "constants": {} }', /“law” is one of capybara, kumar, /],
    ['{ "constants": { "n": 1 } }', /“law” is one of/],
    ['{ "law": "capybara", "constants": 3 }', /“constants” maps the law’s constants to numbers/],
    ['[1]', /the file is no object with “law” and “constants”/],
    ['', /line 1: A value is expected here/],
    ['{ "law": "capybara"', /line 1: A comma|line 1: A closing brace/],
    [
      '{ "law": "capybara", "constants": { "beta": 1e300 } }',
      /gives losses that no model can have/,
    ],
    [
      '{ "law": "capybara", "constants": { "alpha": -0.2368 } }',
      /line 1: “alpha” is a constant that cannot be negative\.$/,
    ],
    // These give a plausible loss in BF16 and a gap below zero.
    ['{ "law": "chen", "constants": { "kW4A4": -0.1582 } }', /“kW4A4” .* cannot be negative/],
    ['{ "law": "pooled", "constants": { "c": -3 } }', /“c” .* cannot be negative/],
    ['{ "law": "ouyang", "constants": { "k": -0.017 } }', /“k” .* cannot be negative/],
    ['{ "law": "capybara", "constants": { "n": 1e300 } }', /“n” is out of any sensible range/],
    ['{ "law": "capybara", "constants": { "gamma": 1e15 } }', /“gamma” is out of any/],
    ['{ "law": "capybara", "constants": { "gamma": 1e-15 } }', /“gamma” is out of any/],
    ['{ "law": "capybara", "constants": { "gamma": 1e999 } }', /“gamma” needs a number/],
    ['{ "law": "capybara", "constants": { "gamma": 0.001 } }', /losses that no model can have/],
    ['{ "law": "capybara", "constants": { "__proto__": 1 } }', /“__proto__” is none of the/],
    ['{ "law": "capybara", "constants": { "constructor": 1 } }', /“constructor” is none of the/],
    ['{ "law": "__proto__", "constants": { "n": 1 } }', /“law” is one of/],
    ['{ "law": "chinchilla", "constants": { "beta": 0, "alpha": 0 } }', /no model can have/],
  ])('without a use is said to be so: %s', (text, message) => {
    const { calibration, notices } = readCalibrationFile(file, text);
    expect(calibration).toBeNull();
    expect(notices.map((each) => each.message).join('\n')).toMatch(message);
  });

  it('never throws, whatever its prefix', () => {
    const text = JSON.stringify({ law: 'kumar', constants: { A: { value: 4299, low: 1 } } });
    for (let end = 0; end <= text.length; end++) {
      expect(() => readCalibrationFile(file, text.slice(0, end))).not.toThrow();
    }
  });

  it('keeps the resamples of a fit, whole lists of its own constants or none', () => {
    const constants = { gamma: 5431, epsilon: 2.08 };
    const draws = { gamma: [5000, 6000], epsilon: [2, 2.1] };
    expect(read({ law: 'capybara', constants, draws }).calibration?.draws).toEqual(draws);
    for (const wrong of [
      [1],
      { gamma: [5000], epsilon: [2, 2.1] },
      { gamma: [5000, 'x'] },
      { zeta: [1, 2] },
      { gamma: Array.from({ length: 201 }, () => 5000) },
    ]) {
      const { calibration, notices } = read({ law: 'capybara', constants, draws: wrong });
      expect(calibration?.draws).toBeUndefined();
      expect(notices.map(({ message }) => message).join()).toContain(
        '“draws” maps constants of Capybara',
      );
    }
  });

  it('is written so that it is read back', () => {
    const constants = { gamma: { value: 5430.991234567, low: 4168.3, high: null } };
    const rest = { objective: 1e-3, runs: 9, holdOut: null, draws: null, notes: ['One.'] };
    const text = calibrationText(
      { law: 'capybara', constants, ...rest },
      { source: 'runs.csv', date: '2026-11-22' },
    );
    expect(readCalibrationFile(file, text)).toEqual({
      calibration: {
        ...{ file, law: 'capybara' },
        constants: { gamma: { value: 5430.9912, low: 4168.3, high: null } },
      },
      notices: [],
    });
    expect(JSON.parse(text)).toMatchObject({
      fittedOn: { source: 'runs.csv', date: '2026-11-22', runs: 9 },
      notes: ['One.'],
    });
  });
});

describe('the calibration in force', () => {
  const text = '{ "law": "capybara", "constants": { "gamma": 5667.25985 } }';

  it('is the nearest one beside or above the config', () => {
    const outer = '{ "law": "kumar", "constants": { "A": 4000 } }';
    expect(readCalibration('a/b/run.yaml', null, new Map())).toEqual({
      ...{ calibration: null, notices: [] },
      wants: [`a/b/${file}`, `a/${file}`, file],
    });
    const files = new Map([
      [`a/b/${file}`, null],
      [`a/${file}`, text],
      [file, outer],
    ]);
    expect(readCalibration('a/b/run.yaml', null, files)).toMatchObject({
      ...{ calibration: { file: `a/${file}`, law: 'capybara' }, wants: [] },
    });
  });

  it('is the one of the setting before all others, and is missed when it is not there', () => {
    const files = new Map([[file, text]]);
    expect(readCalibration('run.yaml', 'fits/ours.json', files)).toEqual({
      ...{ calibration: null, notices: [], wants: ['fits/ours.json'] },
    });
    expect(
      readCalibration('run.yaml', 'fits/ours.json', new Map([['fits/ours.json', null]])).notices,
    ).toEqual([
      {
        message:
          'The calibration file fits/ours.json cannot be read: it has to lie in the workspace.',
        place: null,
      },
    ]);
  });

  it('changes the forecast of a config: half of γ is twice the gap', () => {
    const config = [
      'max_seq_len: 2048',
      'model: { name: mpt_causal_lm, d_model: 4096, n_heads: 32, n_layers: 32, fc_type: te }',
      'precision: amp_fp8',
      'global_train_batch_size: 1024',
      'max_duration: 64000ba',
      'train_loader: { name: text }',
    ].join('\n');
    const forecast = (calibration: string | null) =>
      analyse({ file: 'run.yaml', text: config }, defaultSettings, new Map([[file, calibration]]))
        .runs[0]?.forecast;
    const published = forecast(null);
    const own = forecast(text);
    expect(published?.gap).toBeGreaterThan(0.001);
    expect((own?.gap ?? 0) / (published?.gap ?? 1)).toBeCloseTo(2, 6);
    expect([published?.calibration, own?.calibration]).toEqual([null, file]);
  });

  it('is no training config when it is opened itself, but has its mistakes marked', () => {
    const own = analyse({ file, text: '{ "law": "x" }' }, defaultSettings);
    expect(own.runs).toEqual([]);
    expect(own.notices.map(({ message }) => message)).toEqual([
      expect.stringContaining('“law” is one of'),
    ]);
    expect(own.explanation[0]).toMatch(/holds constants of a law/);
  });
});

describe('the schema of a calibration file', () => {
  const json = (path: string): unknown =>
    JSON.parse(readFileSync(resolve(import.meta.dirname, '../../..', path), 'utf8'));

  it('is contributed, and knows the keys that are read and every law', () => {
    const { contributes } = json('package.json') as {
      contributes: { jsonValidation: readonly { fileMatch: string; url: string }[] };
    };
    expect(contributes.jsonValidation).toContainEqual({
      fileMatch: file,
      url: './media/calibration.schema.json',
    });
    const schema = json('media/calibration.schema.json') as {
      properties: Record<
        string,
        { enum?: readonly string[]; enumDescriptions?: readonly string[] }
      >;
    };
    expect(Object.keys(schema.properties)).toEqual([
      ...['$schema', 'law', 'constants', 'draws', 'fittedOn', 'notes'],
    ]);
    expect(schema.properties.law?.enum).toEqual(laws.map(({ id }) => id));
    expect(schema.properties.law?.enumDescriptions).toEqual(laws.map(({ name }) => name));
  });
});
