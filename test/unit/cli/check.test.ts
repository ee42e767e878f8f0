import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { laws } from '../../../src/core/laws/registry.ts';
import type { CheckRun } from '../../../src/core/present/json.ts';
import { floatcast, folderOf, llmFoundryConfig, type Terminal } from './harness.ts';

const foreign = 'version: 2\nservices: {}\n';
/** 13.4 T tokens: 73 % of D_crit, so information. */
const near = llmFoundryConfig(6_400_000);
/** 134 T tokens: past D_crit, so a warning. */
const past = llmFoundryConfig(64_000_000);

function parsed(stdout: string): readonly CheckRun[] {
  return JSON.parse(stdout) as readonly CheckRun[];
}

describe('check --json', () => {
  it('has the numbers of CLI.md’s example', async () => {
    const folder = await folderOf({ 'configs/7b.yaml': llmFoundryConfig() });
    const { code, stdout, stderr } = await floatcast(['check', 'configs', '--json'], folder);
    expect([code, stderr]).toEqual([0, '']);
    const [run, ...others] = parsed(stdout);
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      file: 'configs/7b.yaml',
      framework: 'llm-foundry',
      role: 'pretrain',
      parameters: {
        total: 6_658_859_008,
        nonEmbedding: 6_444_163_072,
        linear: 6_442_450_944,
        active: null,
      },
      tokens: 134_217_728_000,
      format: { id: 'fp8-e4m3', granularity: 'tensor', block: null, gradientFormat: 'fp8-e5m2' },
      findings: [],
    });
    expect(run?.laws.map(({ law }) => law)).toEqual(laws.map(({ id }) => id));
    const kumar = run?.laws.find(({ law }) => law === 'kumar');
    expect(kumar).toMatchObject({ criticalTokens: null, hasCriticalSize: false });
    expect(kumar?.gap).toBeCloseTo(0.00562, 5);
    expect(run?.forecast?.loss).toBeCloseTo(2.36207, 5);
    expect(run?.forecast?.ratio).toBeCloseTo(0.0218664, 7);
  });

  it('places findings from line 1 and column 1, with their fixes', async () => {
    const folder = await folderOf({ 'long.yaml': past });
    const { code, stdout } = await floatcast(['check', 'long.yaml', '--json'], folder);
    expect(code).toBe(1);
    const findings = parsed(stdout)[0]?.findings ?? [];
    expect(findings[0]).toMatchObject({
      id: 'critical-data-size',
      severity: 'warning',
      file: 'long.yaml',
      line: 10,
      column: 15,
    });
    expect(findings[0]?.fixes[0]).toMatch(/^Train in BF16: loss −0\.0\d+ by Capybara, /);
  });

  it('lists a file of no framework only when it was named itself', async () => {
    const folder = await folderOf({ 'a/compose.yaml': foreign, 'a/7b.yaml': llmFoundryConfig() });
    const files = async (...argv: string[]) =>
      parsed((await floatcast(['check', '--json', ...argv], folder)).stdout).map((run) => [
        run.file,
        run.framework,
      ]);
    expect(await files('a')).toEqual([['a/7b.yaml', 'llm-foundry']]);
    expect(await files('a/*.yaml')).toEqual([['a/7b.yaml', 'llm-foundry']]);
    expect(await files('a/compose.yaml', 'a')).toEqual([
      ['a/compose.yaml', null],
      ['a/7b.yaml', 'llm-foundry'],
    ]);
  });

  it('says of a file over 1 MB that it was not analysed', async () => {
    const folder = await folderOf({
      'large.yaml': llmFoundryConfig() + '#'.repeat(1_000_000),
      'huge.yaml': '#'.repeat(3_100_000),
    });
    const { code, stdout } = await floatcast(
      ['check', 'large.yaml', 'huge.yaml', '--json'],
      folder,
    );
    expect(code).toBe(0);
    const sentence = 'The file is larger than 1 MB, so it was not analysed.';
    expect(parsed(stdout).map((run) => [run.framework, run.notes])).toEqual([
      [null, [sentence]],
      [null, [sentence]],
    ]);
  });
});

describe('exit codes', () => {
  it.each([
    ['past.yaml', [], 1],
    ['past.yaml', ['--fail-on', 'error'], 0],
    ['past.yaml', ['--fail-on', 'never'], 0],
    ['near.yaml', [], 0],
    ['near.yaml', ['--fail-on', 'information'], 1],
    ['fine.yaml', ['--fail-on', 'information'], 0],
  ])('%s %j exits %d', async (file, argv, code) => {
    const folder = await folderOf({
      'past.yaml': past,
      'near.yaml': near,
      'fine.yaml': llmFoundryConfig(),
    });
    expect((await floatcast(['check', file, ...argv], folder)).code).toBe(code);
  });

  it('is 2 for what cannot be read, with one sentence, and does the other files', async () => {
    const folder = await folderOf({ 'past.yaml': past });
    const { code, stdout, stderr } = await floatcast(
      ['check', 'gone.yaml', 'past.yaml', 'no*.yaml', '--json'],
      folder,
    );
    expect(code).toBe(2);
    expect(stderr).toBe(
      'floatcast: gone.yaml cannot be read: there is no such file or folder.\n' +
        'floatcast: No file matches no*.yaml.\n',
    );
    expect(parsed(stdout).map((run) => run.file)).toEqual(['past.yaml']);
  });

  it.each([
    ['/dev/zero', '/dev/zero cannot be read: it is no regular file.'],
    ['', 'An empty path names no file or folder.'],
  ])('is 2 for “%s”', async (argument, sentence) => {
    const { code, stderr } = await floatcast(['check', argument], '/');
    expect([code, stderr]).toEqual([2, `floatcast: ${sentence}\n`]);
  });

  it.each([
    [['check', 'x', '--fail-on', 'all'], '--fail-on must be information, warning, error or never.'],
    [['check', 'x', '--law', 'moore'], 'Unknown law “moore”; known: capybara'],
    [['check', 'x', '--law', 'kumra'], 'Unknown law “kumra”; did you mean “kumar”?'],
    [['check', 'x', '--hardware', 'abacus'], 'Unknown hardware “abacus”; known: a100, h100'],
    [['check', 'x', '--framework', 'none'], 'Unknown framework “none”; known: '],
    [
      ['check', 'x', '--assume', 'gpus=8'],
      '--assume knows world-size, data-parallel-ranks, dataset-tokens and var.NAME, not “gpus”.',
    ],
    [
      ['check', 'x', '--assume', 'world-size=many'],
      '--assume world-size needs a positive number, as 64 or 15T.',
    ],
    [['check', 'x', '--sarfi'], 'Unknown option ‘--sarfi’ (Did you mean --sarif?)'],
    [['check', 'x', '--json', '--sarif'], 'Only one of --output, --json and --sarif'],
    [
      ['check', 'x', '--output', 'xml'],
      '--output must be text, json, sarif, github, gitlab or junit.',
    ],
    [['check', '-'], '- is read as the only path, and needs --stdin-filename NAME.'],
    [
      ['check', 'x', '--gap-target', '-1'],
      '--gap-target must be a number above zero such as 0.01.',
    ],
    [['chek', 'x'], 'Unknown command “chek”; did you mean “check”?'],
    [['help', 'chekc'], 'Unknown command “chekc”; did you mean “check”?'],
    [['serve', 'x'], 'Unknown command “serve”; known: check, '],
    [[], 'A command is needed: check, '],
  ])('%j is a usage error', async (argv, sentence) => {
    const { code, stdout, stderr } = await floatcast(argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.replace(/'(--\w+)'/, '‘$1’')).toContain(`floatcast: ${sentence}`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('check in words', () => {
  it('shows the run, what was found and a summary', async () => {
    const folder = await folderOf({ 'a.yaml': llmFoundryConfig(), 'b.yaml': near });
    const { stdout } = await floatcast(['check', '.'], folder);
    expect(stdout).toContain(
      [
        'a.yaml  N 6.66 B · D 134 B tokens · FP8 E4M3 per tensor · gap +0.0024 (4 laws agree, rough) · loss 2.36 by Capybara · D is 2.2 % of D_crit',
      ].join('\n'),
    );
    expect(stdout).not.toContain('LLM Foundry');
    const told = (await floatcast(['check', '.', '--verbose'], folder)).stdout;
    expect(told).toContain('\n  LLM Foundry, pretrain\n');
    expect(told).toMatch(
      /^ {2}Gap by \d laws.*: \+0\.0024…0\.0056; D_crit 6\.14 T by Capybara, none by the others\.$/m,
    );
    expect(stdout).toMatch(
      /^b\.yaml:10:15 {2}information {2}near-critical-data-size\n {2}13\.4 T tokens is 73 % of the critical data size/,
    );
    expect(stdout).toMatch(/^ {2}fix: Train in BF16: loss −0\.0\d+ by Capybara, /m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      '2 runs in 2 training configs: 1 information.',
    );
  });

  it('names the law that was asked for, and its calibration', async () => {
    const calibration = { law: 'capybara', constants: { gamma: { value: 2 * 11334.5197 } } };
    const folder = await folderOf({
      'a.yaml': llmFoundryConfig(),
      'b/b.yaml': llmFoundryConfig(),
      'b/floatcast.calibration.json': JSON.stringify(calibration),
    });
    const words = async (...argv: string[]) =>
      (await floatcast(['check', '--verbose', ...argv], folder)).stdout;
    expect(await words('a.yaml', '--law', 'pooled')).toContain(
      '\n  LLM Foundry, pretrain\n  By Pooled public runs (our own fit).\n',
    );
    expect(await words('b/b.yaml')).toContain(
      '\n  LLM Foundry, pretrain\n  By the Capybara law calibrated on b/floatcast.calibration.json.\n',
    );
  });

  it('is coloured for a person at a terminal who has nothing against it', async () => {
    const folder = await folderOf({ 'a.yaml': llmFoundryConfig() });
    const colours = async (terminal: Terminal) =>
      (await floatcast(['check', 'a.yaml'], folder, terminal)).stdout.includes('\u001b[');
    expect(await colours({ isTTY: true })).toBe(true);
    expect(await colours({ isTTY: true, noColor: '1' })).toBe(false);
    expect(await colours({})).toBe(false);
    expect(await colours({ forceColor: '1' })).toBe(true);
    expect(await colours({ isTTY: true, forceColor: '0' })).toBe(false);
  });

  it('shows its progress on a terminal when there are many files', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 201 }, (_, index) => [`${index}.yaml`, 'a: 1\n']),
    );
    const folder = await folderOf(files);
    const { stdout, stderr } = await floatcast(['check', '.'], folder, { isTTY: true });
    expect(stderr).toContain('\r200 of 201 files');
    expect(stdout).toBe('No training config found.\n');
    expect((await floatcast(['check', '.'], folder)).stderr).toBe('');
  });
});

describe('the search', () => {
  it('leaves out dependencies, dot folders and looping links', async () => {
    const config = llmFoundryConfig();
    const folder = await folderOf({
      'b/7b.yml': config,
      'a/deep/er/7b.yaml': config,
      'a/readme.md': '# no',
      'node_modules/x/7b.yaml': config,
      '.cache/7b.yaml': config,
    });
    await symlink(folder, path.join(folder, 'a/loop'));
    const { stdout } = await floatcast(['check', '.', '--json'], folder);
    expect(parsed(stdout).map((run) => run.file)).toEqual(['a/deep/er/7b.yaml', 'b/7b.yml']);
  });

  it.each([
    ['a/*.yaml', ['a/1.yaml', 'a/2.yaml']],
    ['**/*.yaml', ['a/1.yaml', 'a/2.yaml', 'b/c/1.yaml']],
    ['**/1.*', ['a/1.yaml', 'b/c/1.yaml']],
    ['a/[!1].yaml', ['a/2.yaml']],
    ['{a,b/c}/?.yaml', ['a/1.yaml', 'a/2.yaml', 'b/c/1.yaml']],
  ])('takes the glob %s', async (glob, files) => {
    const config = llmFoundryConfig();
    const folder = await folderOf({ 'a/1.yaml': config, 'a/2.yaml': config, 'b/c/1.yaml': config });
    const { code, stdout } = await floatcast(['check', glob, '--json'], folder);
    expect([code, parsed(stdout).map((run) => run.file)]).toEqual([0, files]);
  });

  it('passes over a link to nowhere, unless it was named', async () => {
    const folder = await folderOf({ '7b.yaml': llmFoundryConfig() });
    await symlink('nowhere', path.join(folder, 'dangling.yaml'));
    const all = await floatcast(['check', '.', '--json'], folder);
    expect([all.code, all.stderr, parsed(all.stdout).length]).toEqual([0, '', 1]);
    const named = await floatcast(['check', 'dangling.yaml'], folder);
    expect([named.code, named.stderr]).toEqual([
      2,
      'floatcast: dangling.yaml cannot be read: there is no such file or folder.\n',
    ]);
  });
});

it('takes assumptions', async () => {
  const config = [
    '[model]',
    'name = "llama3"',
    'flavor = "8B"',
    '[optimizer]',
    'name = "AdamW"',
    '[training]',
    'local_batch_size = 1',
    'seq_len = 8192',
    'steps = 1000',
    '[parallelism]',
    'data_parallel_shard_degree = -1',
  ].join('\n');
  const folder = await folderOf({ '8b.toml': config });
  const run = async (...argv: string[]) =>
    parsed((await floatcast(['check', '8b.toml', '--json', ...argv], folder)).stdout)[0];
  const unknown = await run();
  expect([unknown?.tokens, unknown?.tokensPerDataParallelRank]).toEqual([null, 8_192_000]);
  expect(unknown?.needs).toContain(
    'tokens: the global batch needs the number of data-parallel ranks',
  );
  const known = await run('--assume', 'world-size=64');
  expect([known?.tokens, known?.tokensPerDataParallelRank]).toEqual([524_288_000, null]);
});

it('reads a file as the framework it is told', async () => {
  const folder = await folderOf({ '7b.yaml': llmFoundryConfig() });
  const frameworkOf = async (id: string) => {
    const argv = ['check', '7b.yaml', '--json', '--framework', id];
    return parsed((await floatcast(argv, folder)).stdout)[0]?.framework;
  };
  expect(await frameworkOf('llm-foundry')).toBe('llm-foundry');
  expect(await frameworkOf('olmo')).not.toBe('llm-foundry');
});

it('suggests what the accelerator has', async () => {
  const folder = await folderOf({ 'long.yaml': llmFoundryConfig(64_000_000) });
  const argv = ['check', 'long.yaml', '--json', '--law', 'capybara', '--hardware', 'h100'];
  const findings = parsed((await floatcast(argv, folder)).stdout)[0]?.findings;
  const above = findings?.find((finding) => finding.id === 'gap-above-target');
  expect(above?.message).toContain('The cheapest under it: ');
  expect(above?.message).not.toContain('MX');
});

describe('a config in several files', () => {
  const launcher = [
    'compute_environment: LOCAL_MACHINE',
    'distributed_type: DEEPSPEED',
    'deepspeed_config:',
    '  deepspeed_config_file: ds.json',
    'num_processes: 8',
  ].join('\n');
  const deepspeed = '{\n  "bf16": { "enabled": true }\n}\n';
  const check = async (folder: string, file: string) =>
    parsed((await floatcast(['check', file, '--json'], folder)).stdout)[0];

  it('reads what the file asks for, and places values in it', async () => {
    const folder = await folderOf({ 'conf/launch.yaml': launcher, 'conf/ds.json': deepspeed });
    const run = await check(folder, 'conf/launch.yaml');
    expect(run?.framework).toBe('accelerate');
    expect(run?.format?.id).toBe('bf16');
    expect(run?.origins.format).toMatchObject({ kind: 'stated', file: 'conf/ds.json', line: 2 });
  });

  it('follows no link out of the folder', async () => {
    const outside = await folderOf({ 'ds.json': deepspeed });
    const folder = await folderOf({ 'launch.yaml': launcher });
    await symlink(path.join(outside, 'ds.json'), path.join(folder, 'ds.json'));
    expect((await check(folder, 'launch.yaml'))?.format).toBeNull();
  });
});

describe('findings by their ids', () => {
  const config = '{"train_batch_size": 64, "fp16": {"enabled": true}, "bf16": {"enabled": true}}\n';
  const args = ['check', 'ds_config.json', '--json'];
  const ids = (stdout: string) =>
    parsed(stdout).flatMap(({ findings }) => findings.map(({ id }) => id));

  it('are left out by --disable, which the exit code obeys', async () => {
    const folder = await folderOf({ 'ds_config.json': config });
    const heard = await floatcast(args, folder);
    expect([heard.code, ids(heard.stdout)]).toEqual([1, ['deepspeed-fp16-and-bf16']]);
    const silent = await floatcast([...args, '--disable', 'deepspeed-fp16-and-bf16'], folder);
    expect([silent.code, ids(silent.stdout)]).toEqual([0, []]);
  });

  it('are asked for by --enable where they are off by default', async () => {
    const text = config.replace('}}', '}} // floatcast-disable gap-above-target');
    const folder = await folderOf({ 'ds_config.json': text });
    const asked = await floatcast([...args, '--enable', 'unused-suppression'], folder);
    expect(ids(asked.stdout)).toEqual(['deepspeed-fp16-and-bf16', 'unused-suppression']);
    expect(ids((await floatcast(args, folder)).stdout)).toEqual(['deepspeed-fp16-and-bf16']);
  });

  it('are a usage error where there are none of that id', async () => {
    const { code, stderr } = await floatcast([...args, '--enable', 'unused-supression']);
    expect([code, stderr]).toEqual([
      2,
      'floatcast: --enable unused-supression: there is no such finding; did you mean “unused-suppression”?\n',
    ]);
  });
});
