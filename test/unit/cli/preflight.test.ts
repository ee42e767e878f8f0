import { readFileSync } from 'node:fs';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { wordsOfScript } from '../../../src/core/syntax/shellWords.ts';
import { builtCli, floatcast, folderOf, llmFoundryConfig } from './harness.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const past = llmFoundryConfig(64_000_000);
const script = (...lines: readonly string[]) => ['#!/bin/bash', ...lines, ''].join('\n');

describe('the words of a script', () => {
  it('have their variables filled in, and are those of programs', () => {
    const text = script(
      'DIR=configs',
      'cp a.yaml b.yaml',
      'srun python train.py --config="$DIR/7b.yaml" $EXTRA',
      'bash next.sh "$1"',
    );
    expect(wordsOfScript(text)).toEqual([
      ...['srun', 'python', 'train.py', '--config=configs/7b.yaml', '$EXTRA'],
      ...['bash', 'next.sh', '$1'],
    ]);
    expect(wordsOfScript(text, new Map([['EXTRA', 'x.yaml']]))).toContain('x.yaml');
  });
});

describe('check --preflight', () => {
  it('has one line on a script and what it names, through a script that it calls', async () => {
    const folder = await folderOf({
      'run.sh': script('bash jobs/train.sh'),
      'jobs/train.sh': script('C=beside.yaml', 'composer train.py configs/a.yaml $C other.yaml'),
      'jobs/beside.yaml': llmFoundryConfig(),
      'configs/a.yaml': past,
      'unnamed.yaml': past,
      'other.yaml': 'x: 1\n',
    });
    const { code, stdout, stderr } = await floatcast(['check', '--preflight', 'run.sh'], folder);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(
      /^run\.sh: 2 runs in 2 training configs: 1 warning, 1 information\. configs\/a\.yaml:10 critical-data-size: .+\n$/,
    );
    const mild = ['check', '--preflight', '--fail-on', 'error', 'run.sh', 'other.yaml'];
    const both = await floatcast(mild, folder);
    expect(both.code).toBe(0);
    expect(both.stdout.split('\n').slice(1)).toEqual([
      'other.yaml: no training config in it or in what it names.',
      '',
    ]);
  });

  it('counts a config that is part of the script’s own run once', async () => {
    const folder = await folderOf({
      'train.sh': script(
        'deepspeed train.py --model_name_or_path Qwen/Qwen2.5-7B --bf16 True --max_steps 100 \\',
        '  --per_device_train_batch_size 2 --deepspeed ds.json --output_dir out',
      ),
      'ds.json': JSON.stringify({ bf16: { enabled: true }, zero_optimization: { stage: 1 } }),
    });
    const { stdout } = await floatcast(['check', '--preflight', 'train.sh'], folder);
    expect(stdout).toMatch(/^train\.sh: 1 run in 1 training config: /);
  });

  it('reads a script by its first line where its name does not tell', async () => {
    const folder = await folderOf({
      slurm_script: script('composer train.py a.yaml'),
      'a.yaml': past,
    });
    expect((await floatcast(['check', '--preflight', 'slurm_script'], folder)).code).toBe(1);
  });

  it.each([
    [['check', '--preflight'], '--preflight needs a launch script.'],
    [['check', '--preflight', '--json', 'x.sh'], '--preflight does not go with --json.'],
    [['check', '--preflight', 'x.sh'], 'x.sh cannot be read: there is no such file or folder.'],
  ])('%j is a usage error', async (argv, sentence) => {
    const { code, stderr, stdout } = await floatcast(argv, await folderOf({}));
    expect([code, stderr, stdout]).toEqual([2, `floatcast: ${sentence}\n`, '']);
  });
});

it('the page’s script for Slurm holds a job back', async () => {
  const page = readFileSync(path.join(root, 'docs/preflight.md'), 'utf8');
  const example = /<!-- slurm -->\n```bash\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const folder = await folderOf({
    'configs/mpt-7b.yaml': llmFoundryConfig(),
    // As Slurm keeps it, under another name elsewhere.
    'spool/slurm_script': example,
    'bin/srun': '#!/bin/sh\necho started "$@"\n',
  });
  await chmod(path.join(folder, 'bin/srun'), 0o755);
  const cli = await builtCli(folder);
  await rename(cli, path.join(folder, 'bin/floatcast'));
  await chmod(path.join(folder, 'bin/floatcast'), 0o755);
  const start = () =>
    new Promise<{ code: unknown; stdout: string }>((resolve) => {
      const env = { ...process.env, PATH: `${folder}/bin:${process.env.PATH ?? ''}` };
      const at = { cwd: folder, env: { ...env, SLURM_SUBMIT_DIR: folder } };
      execFile('bash', ['spool/slurm_script'], at, (error, stdout) => {
        resolve({ code: error?.code ?? 0, stdout });
      });
    });
  const fine = await start();
  expect(fine.stdout).toMatch(/^train\.sbatch: 1 run .+\nstarted composer train\/train\.py/);
  await writeFile(path.join(folder, 'floatcast.yaml'), 'allowed-formats: [bf16]\n');
  const warned = await start();
  expect(warned).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('outside-policy') as string,
  });
  await writeFile(path.join(folder, 'floatcast.yaml'), 'hardware: a100\n');
  const held = await start();
  expect([held.code, held.stdout]).toEqual([1, expect.stringContaining('1 error') as string]);
});
