// `check` over a tree of configs against a process that only parses the same files with the same
// parsers: what a whole run costs, start included. How often a text is parsed, and how long the
// process waits for the disk, are counted in runs of their own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundledParsers, root } from '../support/core.mjs';
import { restoreConfigs } from '../support/corpusTree.mjs';
import { foreign } from './scan.mjs';

const rounds = 5;
const manyFiles = 1500;

/** Loaded before a program: says at its end what it used. */
const meter = `
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const { idle, active } = performance.eventLoopUtilization();
    const parsed = globalThis.parsedTexts ?? [];
    const used = { cpu: user + system, idle: idle / (idle + active), parses: parsed.length, texts: new Set(parsed).size };
    require('node:fs').writeSync(2, '\\n' + JSON.stringify(used));
  });`;

/** Only parses: every file below a folder, by the parser of its name. */
const bare = `
  import { readFileSync, readdirSync } from 'node:fs';
  import { join } from 'node:path';
  import { parseTree } from 'jsonc-parser';
  import { parseTOML } from 'toml-eslint-parser';
  import { parseAllDocuments } from 'yaml';
  import { parse } from 'unbash';
  import { parser } from '@lezer/python';
  const yaml = (text) => parseAllDocuments(text, { uniqueKeys: false });
  const parsers = {
    yaml, yml: yaml, toml: parseTOML, sh: parse, bash: parse, slurm: parse, sbatch: parse,
    json: (text) => parseTree(text), py: (text) => parser.parse(text),
  };
  for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
    const parser = parsers[entry.name.slice(entry.name.lastIndexOf('.') + 1)];
    if (!entry.isFile() || !parser) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    try {
      parser(text);
    } catch {
      // The bare TOML parser throws on what it cannot read.
    }
  }`;

/** The YAML parser with a list of all that it was given. */
const countedYaml = `
  export * from ${JSON.stringify(bundledParsers.yaml)};
  import { parseAllDocuments as bare } from ${JSON.stringify(bundledParsers.yaml)};
  globalThis.parsedTexts = [];
  export function parseAllDocuments(text, options) {
    globalThis.parsedTexts.push(text);
    return bare(text, options);
  }`;

/** Prints what `check` costs over the tree and over a folder of many files. */
export async function benchCheck() {
  const folder = mkdtempSync(join(tmpdir(), 'floatcast-check-'));
  try {
    const tree = join(folder, 'tree');
    const many = join(folder, 'many');
    restoreConfigs(tree);
    makeMany(many);
    writeFileSync(join(folder, 'meter.cjs'), meter);
    writeFileSync(join(folder, 'yaml.mjs'), countedYaml);
    const program = (name, options) => bundled(join(folder, name), options);
    const only = await program('bare.cjs', { contents: bare });
    const cli = await program('cli.cjs', { contents: "import './src/cli/main.ts';" });
    const counted = await program('counted.cjs', {
      contents: "import './src/cli/main.ts';",
      yaml: join(folder, 'yaml.mjs'),
    });
    const run = (script, ...args) => metered(join(folder, 'meter.cjs'), script, args);
    const check = (script, where) => run(script, 'check', where, '--json', '--fail-on', 'never');
    const samples = Array.from({ length: rounds }, () => ({
      check: check(cli, tree).cpu,
      bare: run(only, tree).cpu,
    }));
    const least = (what) => Math.min(...samples.map((sample) => sample[what]));
    const { parses, texts } = check(counted, tree);
    const idle = Math.min(...Array.from({ length: rounds }, () => check(cli, many).idle));
    console.log(
      `CPU of check ÷ of bare parse, one process each: ${(least('check') / least('bare')).toFixed(2)}` +
        `   (${(least('check') / 1000).toFixed(0)} ms here, goal ≤ 1.5)\n` +
        `YAML parses ÷ distinct texts of a check: ${(parses / texts).toFixed(2)}` +
        `   (${parses} of ${texts}, goal 1.0)\n` +
        `check of ${manyFiles} files: idle ${(100 * idle).toFixed(1)} % of the time (goal ≤ 3)`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bundles as the command line is shipped; `yaml` stands in for that parser. */
async function bundled(outfile, { contents, yaml }) {
  await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    outfile,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: yaml ? { ...bundledParsers, yaml } : bundledParsers,
    logLevel: 'error',
  });
  return outfile;
}

/** Runs a program in a process of its own; what the meter says of it. */
function metered(meterFile, script, args) {
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--require', meterFile, script, ...args],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  if (status !== 0) throw new Error(`${script} exits with ${status}: ${String(stderr)}`);
  return JSON.parse(String(stderr).trim().split('\n').at(-1));
}

/** A folder of manifests, as most YAML is: reading it is the work. */
function makeMany(folder) {
  mkdirSync(folder);
  for (let index = 0; index < manyFiles; index++) {
    writeFileSync(resolve(folder, `file-${index}.yaml`), foreign(index));
  }
}
