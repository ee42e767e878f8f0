import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCalibrationFile } from '../../../src/core/settings/calibrationFile.ts';
import { floatcast, folderOf, llmFoundryConfig } from './harness.ts';

const root = path.resolve(import.meta.dirname, '../../..');

interface Printed {
  readonly law: string;
  readonly constants: Readonly<
    Record<string, { readonly value: number; readonly low: number; readonly high: number }>
  >;
  readonly objective: number;
  readonly runs: number;
  readonly holdOut: { readonly runs: number; readonly medianAbsError: number } | null;
  readonly notes: readonly string[];
}

/** Losses of the law of Besiroglu et al. (arXiv 2404.10102), without noise. */
function chinchillaRuns(): string {
  const rows = [50e6, 200e6, 800e6].flatMap((n) =>
    [1e9, 5e9, 25e9].map((d) => {
      const loss = 1.81686 + 482.01 / n ** 0.34781 + 2085.43 / d ** 0.36585;
      return `${n},${d},${loss}`;
    }),
  );
  return ['non_embedding_params,tokens,loss', ...rows].join('\n');
}

describe('floatcast fit', () => {
  it('gives the constants of the example back, within their intervals', async () => {
    // The example was made with the Capybara law, γ = 5200 and ε = 2.08, all else as published.
    const { code, stdout, stderr } = await floatcast(
      ['fit', 'examples/calibration/runs.csv', '--hold-out', 'largest-n', '--json'],
      root,
    );
    expect([code, stderr]).toEqual([0, '']);
    const printed = JSON.parse(stdout) as Printed;
    expect(Object.keys(printed)).toEqual([
      ...['law', 'constants', 'objective', 'runs', 'holdOut', 'notes'],
    ]);
    expect([printed.law, printed.runs, printed.holdOut?.runs]).toEqual(['capybara', 84, 21]);
    // The noise is 0.1 %.
    expect(printed.holdOut?.medianAbsError).toBeLessThan(0.001);
    const truth = { gamma: 5200, epsilon: 2.08, delta: 3.1926, nu: 2.9543 };
    for (const [name, value] of Object.entries(truth)) {
      const { low = NaN, high = NaN } = printed.constants[name] ?? {};
      expect(value, name).toBeGreaterThan(low);
      expect(value, name).toBeLessThan(high);
    }
    expect(printed.constants.gamma?.value).toBeCloseTo(5431, 0);
  });

  it('prints a table for people, against the published values', async () => {
    const folder = await folderOf({ 'runs.csv': chinchillaRuns() });
    const { code, stdout } = await floatcast(
      ['fit', 'runs.csv', '--law', 'chinchilla', '--bootstrap', '0'],
      folder,
    );
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('The law of Chinchilla fitted to 9 runs');
    expect(lines[2]).toMatch(/^constant +value +90 % interval +published$/);
    expect(stdout).toMatch(/^alpha +0\.34781 +– +0\.34781$/m);
    expect(stdout).toMatch(/^E +1\.8169 +– +1\.8169$/m);
    expect(stdout).toContain('No column names a number format');
  });

  it('fits Chinchilla where no run is in low precision and nobody names a law', async () => {
    const folder = await folderOf({ 'runs.csv': chinchillaRuns() });
    const argv = ['fit', 'runs.csv', '--bootstrap', '0', '--json'];
    const { stdout } = await floatcast(argv, folder);
    const { law, constants, notes } = JSON.parse(stdout) as Printed;
    expect([law, Object.keys(constants)]).toEqual(['chinchilla', ['E', 'A', 'B', 'alpha', 'beta']]);
    expect(notes[0]).toBe(
      'No run is in low precision, so Chinchilla was fitted; --law names another.',
    );
  });

  it('gives FP4 no other gap by constants that were fitted to BF16 runs', async () => {
    const folder = await folderOf({ 'runs.csv': chinchillaRuns() });
    await floatcast(
      ['fit', 'runs.csv', '--law', 'capybara', '--bootstrap', '0', '-o', 'own.json'],
      folder,
    );
    const gapOf = async (...argv: string[]) => {
      const point = ['--parameters', '1B', '--tokens', '20B', '--format', 'fp4-e2m1', '--json'];
      const { stdout } = await floatcast(['forecast', ...point, ...argv], folder);
      return (JSON.parse(stdout) as { gap: number }).gap;
    };
    expect(await gapOf('--calibration', 'own.json')).toBeCloseTo(await gapOf(), 8);
  });

  it('holds what is pinned', async () => {
    const folder = await folderOf({ 'runs.csv': chinchillaRuns() });
    const argv = ['fit', 'runs.csv', '--law', 'chinchilla', '--bootstrap', '0', '--json'];
    const { stdout } = await floatcast([...argv, '--pin', 'E=1.8'], folder);
    const { constants } = JSON.parse(stdout) as Printed;
    expect(constants.E).toEqual({ value: 1.8, low: null, high: null });
    expect(constants.alpha?.value).not.toBeCloseTo(0.34781, 4);
  });

  it('writes over nothing that it was not asked to', async () => {
    const runs = chinchillaRuns();
    const folder = await folderOf({ 'runs.csv': runs, 'own.json': '{}' });
    await symlink(path.join(folder, 'runs.csv'), path.join(folder, 'link.csv'));
    const fitTo = (...argv: string[]) =>
      floatcast(['fit', 'runs.csv', '--law', 'chinchilla', '--bootstrap', '0', ...argv], folder);
    const text = (name: string) => readFile(path.join(folder, name), 'utf8');
    for (const name of ['runs.csv', './runs.csv', 'link.csv']) {
      for (const force of [[], ['--force']]) {
        expect(await fitTo('-o', name, ...force)).toEqual({
          code: 2,
          stdout: '',
          stderr: `floatcast: ${name} is the table of runs itself; -o has to name another file.\n`,
        });
      }
    }
    expect(await text('runs.csv')).toBe(runs);
    const refused = await fitTo('-o', 'own.json');
    expect([refused.code, refused.stdout, refused.stderr]).toEqual([
      2,
      '',
      'floatcast: own.json is there already; --force writes over it.\n',
    ]);
    expect(await text('own.json')).toBe('{}');
    expect((await fitTo('-o', 'own.json', '--force')).code).toBe(0);
    expect(JSON.parse(await text('own.json'))).toMatchObject({ law: 'chinchilla' });
    expect((await fitTo('-o', '.', '--force')).stderr).toBe(
      'floatcast: . cannot be written: it is a folder.\n',
    );
    expect((await fitTo('-o', '')).code).toBe(2);
  });

  it('writes a calibration file, which check, forecast and budget then use', async () => {
    const runs = await readFile(path.join(root, 'examples/calibration/runs.csv'), 'utf8');
    const folder = await folderOf({ 'runs.csv': runs, 'configs/7b.yaml': llmFoundryConfig() });
    const name = 'floatcast.calibration.json';
    const { code } = await floatcast(['fit', 'runs.csv', '--bootstrap', '0', '-o', name], folder);
    expect(code).toBe(0);
    const text = await readFile(path.join(folder, name), 'utf8');
    const { calibration, notices } = readCalibrationFile(name, text);
    expect([calibration?.law, notices]).toEqual(['capybara', []]);
    expect(calibration?.constants.gamma?.value).toBeCloseTo(5431, 0);
    expect((JSON.parse(text) as { fittedOn: unknown }).fittedOn).toMatchObject({
      source: 'runs.csv',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as unknown,
      runs: 84,
    });
    const gapOf = async (cwd: string, ...argv: string[]) => {
      const { stdout } = await floatcast(['check', '7b.yaml', '--json', ...argv], cwd);
      return (JSON.parse(stdout) as { forecast: { gap: number } }[])[0]?.forecast.gap ?? NaN;
    };
    const configs = path.join(folder, 'configs');
    const published = await gapOf(configs);
    // Above the working directory it is not looked for, but it may be named.
    const own = await gapOf(configs, '--calibration', `../${name}`);
    expect(own).toBeGreaterThan(1.5 * published);
    const above = await floatcast(['check', 'configs', '--json'], folder);
    expect(JSON.parse(above.stdout)).toMatchObject([{ forecast: { gap: own } }]);
    const point = ['--parameters', '8B', '--tokens', '1T', '--format', 'fp4-e2m1', '--json'];
    const forecast = async (...argv: string[]) => {
      const { stdout } = await floatcast(['forecast', ...point, ...argv], folder);
      return (JSON.parse(stdout) as { gap: number }).gap;
    };
    expect(await forecast('--calibration', name)).toBeGreaterThan(1.5 * (await forecast()));
    const budget = async (...argv: string[]) => {
      const { stdout } = await floatcast(['budget', '--tokens', '1T', '--json', ...argv], folder);
      return (JSON.parse(stdout) as { bits: number }).bits;
    };
    expect(await budget('--calibration', name)).toBeGreaterThan(await budget());
  });

  it('counts on a terminal, and leaves nothing of it', async () => {
    const folder = await folderOf({ 'runs.csv': chinchillaRuns() });
    const argv = ['fit', 'runs.csv', '--law', 'chinchilla', '--bootstrap', '5'];
    const { stderr } = await floatcast(argv, folder, { isTTY: true, noColor: '1' });
    expect(stderr).toMatch(/\d+ of \d+ starts/);
    expect(stderr).toMatch(/of 5 resamples/);
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
  });

  it.each([
    [['fit'], 'fit needs one table of runs, as CSV, JSONL or JSON.'],
    [['fit', 'none.csv'], 'none.csv cannot be read: there is no such file or folder.'],
    [['fit', 'few.csv', '--law', 'ouyang'], /^The law ouyang cannot be fitted; those that can: /],
    [['fit', 'few.csv', '--hold-out', 'some'], '--hold-out must be largest-n.'],
    [
      ['fit', 'few.csv', '--pin', 'x=1'],
      '--pin knows A, alpha, B, beta, E of Chinchilla, not “x”.',
    ],
    [['fit', 'few.csv', '--pin', 'A=x'], '--pin A needs a number, as A=1.'],
    [['fit', 'few.csv', '--bootstrap', '-1'], /--bootstrap/],
    [
      ['fit', 'few.csv', '--bootstrap', '999999999'],
      '--bootstrap must be a whole number from 0 to 10000.',
    ],
    [
      ['fit', 'few.csv'],
      'Fitting the 5 open constants of the Chinchilla law takes at least 8 runs, and 1 of these ' +
        'can be used.',
    ],
    [['fit', 'utf16.csv'], 'utf16.csv is no text in UTF-8, so it holds no table that can be read.'],
    [['fit', 'bare.csv'], /^bare\.csv has no column of tokens/],
    [['forecast', '--calibration', 'none.json'], /is needed|none\.json cannot be read/],
    [['check', 'few.csv', '--calibration', 'few.csv'], /few\.csv/],
  ])('refuses %j in one sentence', async (argv, sentence) => {
    const folder = await folderOf({
      'few.csv': 'n,d,loss\n30M,3B,3',
      'bare.csv': 'n,loss\n1,2',
      'utf16.csv': 'n,d,loss\n30M,3B,3'.replaceAll(/./gs, '$&\0'),
    });
    const { code, stdout, stderr } = await floatcast(argv, folder);
    expect([code, stdout]).toEqual([2, '']);
    const said = stderr.replace(/^floatcast: /, '').trimEnd();
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
    expect(said.split('\n').length).toBe(1);
  });
});
