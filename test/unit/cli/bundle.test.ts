import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { folderOf, llmFoundryConfig } from './harness.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

interface Exit {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the bundle with Node and nothing else. */
function spawnNode(bundle: string, argv: readonly string[], cwd: string): Promise<Exit> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bundle, ...argv], { cwd }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}

it('runs as one file under Node', async () => {
  const folder = await folderOf({ '7b.yaml': llmFoundryConfig(64_000_000) });
  const bundle = path.join(folder, 'cli.cjs');
  await build({
    entryPoints: [path.join(root, 'src/cli/main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  const checked = await spawnNode(bundle, ['check', '7b.yaml', '--json'], folder);
  expect([checked.code, checked.stderr]).toEqual([1, '']);
  expect(JSON.parse(checked.stdout)).toMatchObject([
    { file: '7b.yaml', tokens: 134_217_728_000_000 },
  ]);
  const wrong = await spawnNode(bundle, ['chek'], folder);
  expect(wrong).toEqual({
    code: 2,
    stdout: '',
    stderr: 'floatcast: Unknown command “chek”; did you mean “check”?\n',
  });
});
