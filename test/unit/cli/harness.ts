import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { bundles, shared } from '../../../esbuild.js';
import { run } from '../../../src/cli/commandLine.ts';
import { definitions } from '../../../src/cli/definitions.ts';

const root = path.resolve(import.meta.dirname, '../../..');

// Commands are loaded when they are asked for; here before any test's time begins.
await Promise.all(definitions.map(({ load }) => load()));

/** What one command line printed and exited with. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What stands around a command line: a terminal or none, its environment, what is piped in. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly noColor?: string;
  readonly forceColor?: string;
  readonly columns?: number;
  readonly stdin?: string;
}

/** Runs a command line in a folder, the process's own where none is given. */
export async function floatcast(
  argv: readonly string[],
  cwd = process.cwd(),
  terminal: Terminal = {},
): Promise<Ran> {
  const printed = { stdout: '', stderr: '' };
  const output = (name: keyof typeof printed) => ({
    isTTY: terminal.isTTY,
    columns: terminal.columns,
    write: (text: string) => (printed[name] += text),
  });
  const environment = { NO_COLOR: terminal.noColor, FORCE_COLOR: terminal.forceColor };
  const stdin = Readable.from(terminal.stdin === undefined ? [] : [terminal.stdin]);
  const io = { stdin, stdout: output('stdout'), stderr: output('stderr'), cwd, environment };
  return { code: await run(argv, io), ...printed };
}

/** A folder with these files, gone when the test is over. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'floatcast-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** The command line as it is shipped, built into a folder; the server for agents too where asked. */
export async function builtCli(folder: string, which = /cli\.js$/): Promise<string> {
  for (const bundle of bundles.filter(({ outfile = '' }) => which.test(outfile))) {
    const outfile = path.join(folder, bundle.outfile ?? '');
    await build({ ...shared, ...bundle, sourcemap: false, outfile, absWorkingDir: root });
  }
  return path.join(folder, 'dist/cli.js');
}

/** A training config of LLM Foundry: 6.66 B parameters, FP8 per tensor, as long as asked. */
export function llmFoundryConfig(steps = 64000): string {
  return [
    'max_seq_len: 2048',
    'model:',
    '  name: mpt_causal_lm',
    '  d_model: 4096',
    '  n_heads: 32',
    '  n_layers: 32',
    '  fc_type: te',
    'precision: amp_fp8',
    'global_train_batch_size: 1024',
    `max_duration: ${steps}ba`,
    'train_loader:',
    '  name: text',
    '',
  ].join('\n');
}
