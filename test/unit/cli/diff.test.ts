import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { floatcast, folderOf, llmFoundryConfig } from './harness.ts';

const fine = llmFoundryConfig();
const past = llmFoundryConfig(64_000_000);

/** A repository whose files are committed. */
async function repositoryOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderOf(files);
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
  execFileSync('git', ['init', '-q'], { cwd: folder });
  execFileSync('git', ['add', '-A'], { cwd: folder });
  execFileSync('git', [...identity, 'commit', '-q', '-m', 'one'], { cwd: folder });
  return folder;
}

interface Row {
  readonly file: string;
  readonly status: string;
  readonly before: { readonly tokens: number } | null;
  readonly after: { readonly tokens: number } | null;
  readonly change: {
    readonly gap: number | null;
    readonly findings: Readonly<Record<'new' | 'gone', readonly { readonly id: string }[]>>;
  };
}

async function diff(folder: string, ...argv: readonly string[]) {
  const { code, stdout, stderr } = await floatcast(['diff', '--json', ...argv], folder);
  expect(stderr).toBe('');
  return { code, rows: JSON.parse(stdout) as readonly Row[] };
}

describe('diff', () => {
  it('has what changed, came and went, and nothing else', async () => {
    const folder = await repositoryOf({ 'a.yaml': fine, 'same.yaml': fine, 'gone.yaml': fine });
    expect(await diff(folder)).toEqual({ code: 0, rows: [] });
    await writeFile(path.join(folder, 'a.yaml'), past);
    await writeFile(path.join(folder, 'new.yaml'), fine);
    await rm(path.join(folder, 'gone.yaml'));
    const { code, rows } = await diff(folder);
    expect(rows.map(({ file, status }) => [file, status])).toEqual([
      ['a.yaml', 'changed'],
      ['gone.yaml', 'removed'],
      ['new.yaml', 'added'],
    ]);
    const [changed, gone, added] = rows;
    expect(changed?.before?.tokens).toBe(134_217_728_000);
    expect(changed?.after?.tokens).toBe(134_217_728_000_000);
    expect(changed?.change.gap).toBeGreaterThan(0.01);
    expect(changed?.change.findings.new.map(({ id }) => id)).toContain('critical-data-size');
    expect([gone?.after, gone?.change.gap, added?.before]).toEqual([null, null, null]);
    expect(code).toBe(1);
    expect((await diff(folder, '--fail-on', 'error')).code).toBe(0);
    expect((await diff(folder, '--fail-on', 'error', '--max-increase', '0.01')).code).toBe(1);
    expect((await diff(folder, '--fail-on', 'error', '--max-increase', '0.5')).code).toBe(0);
    expect((await diff(folder, 'new.yaml')).rows.map(({ file }) => file)).toEqual(['new.yaml']);
    expect((await diff(folder, 'same.yaml')).rows.map(({ status }) => status)).toEqual(['same']);
    expect(execFileSync('git', ['stash', 'list'], { cwd: folder, encoding: 'utf8' })).toBe('');
    expect(await readFile(path.join(folder, 'a.yaml'), 'utf8')).toBe(past);
  });

  it('lists the runs that draw on a file that changed, the policy too', async () => {
    const parts = {
      'floatcast.yaml': 'gap-target: 0.5\n',
      'b.yaml': past,
    };
    const folder = await repositoryOf(parts);
    await writeFile(path.join(folder, 'floatcast.yaml'), 'gap-target: 0.001\n');
    const { rows } = await diff(folder);
    expect(rows.map(({ file }) => file)).toEqual(['b.yaml']);
    expect(rows[0]?.change.findings.new.map(({ id }) => id)).toEqual(['gap-above-target']);
  });

  it('lists each run that a base YAML is part of, edited, gone and back', async () => {
    const over = (name: string, more = '') =>
      `defaults:\n  - base\n  - _self_\nrun_name: ${name}\n${more}`;
    const folder = await repositoryOf({
      'conf/base.yaml': fine,
      'conf/a.yaml': over('a'),
      'conf/b.yaml': over('b', 'precision: amp_bf16\n'),
      'conf/alone.yaml': fine,
    });
    await writeFile(path.join(folder, 'conf/base.yaml'), past);
    const { rows } = await diff(folder, '--fail-on', 'never');
    expect(rows.map(({ file, status }) => [file, status])).toEqual([
      ['conf/a.yaml', 'changed'],
      ['conf/b.yaml', 'changed'],
      ['conf/base.yaml', 'changed'],
    ]);
    const [a, b, base] = rows;
    expect(a?.change.findings.new.map(({ id }) => id)).toContain('critical-data-size');
    expect([a?.before?.tokens, a?.after?.tokens]).toEqual([134_217_728_000, 134_217_728_000_000]);
    expect([b?.change.gap, b?.after?.tokens]).toEqual([0, 134_217_728_000_000]);
    expect(base?.change.gap).toBe(a?.change.gap);
    await rm(path.join(folder, 'conf/base.yaml'));
    const gone = (await diff(folder, '--fail-on', 'never')).rows;
    expect(gone.map(({ file, status }) => [file, status]).slice(0, 3)).toEqual([
      ['conf/a.yaml', expect.stringMatching(/changed|removed/) as string],
      ['conf/b.yaml', expect.stringMatching(/changed|removed/) as string],
      ['conf/base.yaml', 'removed'],
    ]);
    await writeFile(path.join(folder, 'conf/base.yaml'), fine);
    expect((await diff(folder)).rows).toEqual([]);
  });

  it('is a table in Markdown, and nothing where nothing moved', async () => {
    const folder = await repositoryOf({ 'a|b.yaml': fine });
    await writeFile(path.join(folder, 'a|b.yaml'), `# a comment\n${fine}`);
    const markdown = ['diff', '--markdown'];
    expect((await floatcast(markdown, folder)).stdout).toBe('');
    await writeFile(path.join(folder, 'a|b.yaml'), llmFoundryConfig(6_400_000));
    const { stdout } = await floatcast(markdown, folder);
    expect(stdout).toMatch(/^### Floatcast: 1 run moved since HEAD\n\n\| run \| gap \|/);
    expect(stdout).toContain('| a\\|b.yaml |');
    expect(stdout).toContain('| +0.0024 → +0.0084 | 2.2 % → 73 % |');
  });

  it.each([
    [['--base', 'nowhere'], 'git knows no revision “nowhere”.'],
    [['--base', '--output=x'], 'git knows no revision “--output=x”.'],
    [['--max-increase', 'x'], '--max-increase must be a number of nats from 0 on, such as 0.002.'],
  ])('%j is a usage error', async (argv, sentence) => {
    const folder = await repositoryOf({ 'a.yaml': fine });
    const given = argv.length === 2 && argv[0] === '--base' ? [`--base=${argv[1]}`] : argv;
    const { code, stderr } = await floatcast(['diff', ...given], folder);
    expect([code, stderr]).toEqual([2, `floatcast: ${sentence}\n`]);
  });

  it('needs a repository', async () => {
    const { code, stderr } = await floatcast(['diff'], await folderOf({}));
    expect([code, stderr]).toEqual([
      2,
      'floatcast: diff needs a git repository, and git itself.\n',
    ]);
  });
});

describe('compare', () => {
  it('has each file against the first', async () => {
    const folder = await folderOf({
      'bf16.yaml': fine.replace('amp_fp8', 'amp_bf16'),
      'fp8.yaml': fine,
      'long.yaml': past,
    });
    const argv = ['compare', 'bf16.yaml', 'fp8.yaml', 'long.yaml'];
    const rows = JSON.parse((await floatcast([...argv, '--json'], folder)).stdout) as readonly {
      readonly file: string;
      readonly before: { readonly gap: number };
      readonly after: { readonly gap: number };
      readonly change: { readonly gap: number; readonly ratio: number | null };
    }[];
    expect(rows.map(({ file }) => file)).toEqual(['fp8.yaml', 'long.yaml']);
    expect(rows[0]?.before.gap).toBe(0);
    expect(rows[0]?.change.gap).toBeCloseTo(0.0024, 4);
    expect(rows[0]?.change.gap).toBe(rows[0]?.after.gap);
    expect(rows[0]?.change.ratio).toBeNull();
    expect((await floatcast(argv, folder)).stdout.split('\n')[2]).toMatch(/^fp8\.yaml +6\.66 B/);
  });

  it('needs two files that describe runs', async () => {
    const folder = await folderOf({ 'a.yaml': fine, 'b.yaml': 'x: 1\n' });
    expect((await floatcast(['compare', 'a.yaml'], folder)).stderr).toBe(
      'floatcast: compare needs at least two files.\n',
    );
    const { code, stderr } = await floatcast(['compare', 'a.yaml', 'b.yaml'], folder);
    expect([code, stderr]).toEqual([2, 'floatcast: b.yaml describes no training run.\n']);
  });
});

describe('a baseline', () => {
  it('holds the findings there are; new ones are heard of', async () => {
    const folder = await folderOf({ 'a.yaml': past });
    const written = await floatcast(['check', '--write-baseline', 'known.json'], folder);
    expect([written.code, written.stdout]).toEqual([0, '2 findings in the baseline known.json.\n']);
    const check = ['check', '--baseline', 'known.json', '--fail-on', 'information'];
    expect((await floatcast(check, folder)).code).toBe(0);
    await writeFile(path.join(folder, 'a.yaml'), `\n# moved\n${past}`);
    expect((await floatcast(check, folder)).code).toBe(0);
    await writeFile(path.join(folder, 'b.yaml'), past);
    const { code, stdout } = await floatcast([...check, '--json'], folder);
    const runs = JSON.parse(stdout) as readonly { readonly findings: readonly unknown[] }[];
    expect([code, runs.map(({ findings }) => findings.length)]).toEqual([1, [0, 2]]);
  });

  it('is a usage error where the file is none', async () => {
    const folder = await folderOf({ 'a.yaml': past, 'x.json': '[1' });
    const { code, stderr } = await floatcast(['check', '--baseline', 'x.json'], folder);
    expect([code, stderr]).toEqual([
      2,
      'floatcast: x.json is no baseline; --write-baseline writes one.\n',
    ]);
  });
});

describe('init', () => {
  it('writes a policy that says nothing wrong, once', async () => {
    const folder = await folderOf({ 'a.yaml': fine });
    expect((await floatcast(['init'], folder)).code).toBe(0);
    const text = await readFile(path.join(folder, 'floatcast.yaml'), 'utf8');
    const notes = async () => {
      const { stdout } = await floatcast(['check', 'a.yaml', '--json'], folder);
      return (JSON.parse(stdout) as readonly { readonly notes: readonly string[] }[])[0]?.notes;
    };
    expect(await notes()).toEqual([]);
    // Its keys behind # are ones that are read.
    const keys = text.replace(/^# (?=[a-z-]+: |ignore:|files:)/gm, '').replace(/^# {3}/gm, '  ');
    await writeFile(path.join(folder, 'floatcast.yaml'), keys);
    expect(await notes()).toEqual([]);
    const again = await floatcast(['init'], folder);
    expect([again.code, again.stderr]).toEqual([
      2,
      'floatcast: floatcast.yaml is there already; it was not touched.\n',
    ]);
  });

  it('has its fail-on obeyed by check', async () => {
    const folder = await folderOf({ 'a.yaml': past, 'floatcast.yaml': 'fail-on: never\n' });
    expect((await floatcast(['check'], folder)).code).toBe(0);
    expect((await floatcast(['check', '--fail-on', 'warning'], folder)).code).toBe(1);
  });
});
