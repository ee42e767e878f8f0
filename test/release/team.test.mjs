/**
 * A team at work, with nothing but the packed npm package: installed without a network into its
 * repository, a policy, a hook before each commit, a change that costs, the reviewer's table, the
 * Action, code scanning, an agent.
 */
import { readFileSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../editor/host/paths.mjs';
import { run, temporaryFolder } from '../support/processes.mjs';

const configs = {
  'mpt-7b.yaml': 'examples/llm-foundry/mpt-7b-1t.yaml',
  'olmo-7b.yaml': 'examples/olmo/olmo-7b-2t.yaml',
  'llama3-8b.toml': 'examples/torchtitan/llama3-8b-per-gpu.toml',
};
/** What README.md tells a team to write: the policy, the workflow, an agent's list of servers. */
const [policy, workflow, servers] = readFileSync('README.md', 'utf8')
  .split('\n### In a team\n')[1]
  .match(/```(?:yaml|json)\n[^]*?\n```/g)
  .map((block) => block.replace(/^```\w+\n|```$/g, ''));
/** One of three configs goes from FP8 to MXFP4. */
const costly = [
  ['["quantize.linear.float8"]', '["quantize.linear.mx"]'],
  [
    '[quantize.linear.float8]\nrecipe_name = "rowwise"',
    '[quantize.linear.mx]\nrecipe_name = "mxfp4_cutlass"',
  ],
];

let folder, repository, installed;

beforeAll(async () => {
  folder = await temporaryFolder();
  repository = join(folder, 'repository');
  installed = join(repository, 'node_modules', 'floatcast');
  await git(folder, 'init', '-q', '-b', 'main', repository);
  for (const [name, path] of Object.entries(configs))
    await cp(join(root, path), join(repository, name));
  await writeFile(join(repository, 'floatcast.yaml'), policy);
  await writeFile(join(repository, '.gitignore'), 'node_modules/\n');
  await writeFile(join(repository, 'package.json'), '{ "private": true }\n');
  // An empty cache, and no network: what the package does not bring is not there.
  await ended('npm', ['install', '--offline', '--save-dev', inject('packages').commandLine]);
  await commit('Three runs and a policy');
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

it('npx runs what was installed, and nothing else was', async () => {
  const { output } = await ended('npx', ['--offline', 'floatcast', '--version']);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(output.trim()).toBe(version);
  const { packages } = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8'));
  expect(Object.keys(packages)).toEqual(['', 'node_modules/floatcast']);
});

it('the workflow gives the Action what it takes', () => {
  const { inputs } = parse(readFileSync('action.yml', 'utf8'));
  const [, step] = parse(workflow).jobs.floatcast.steps;
  expect(Object.keys(step.with).filter((name) => !(name in inputs))).toEqual([]);
  expect(step.with['max-increase']).toBe(0.002);
});

it('what the team has is in order', async () => {
  const { code, output } = await floatcast('check');
  expect(output).toMatch(/^3 runs in 3 training configs: nothing to report\.$/m);
  expect(code).toBe(0);
  expect((await floatcast('diff', '--base=HEAD', '--markdown')).output).toBe('');
});

describe('a change that costs', () => {
  beforeAll(async () => {
    await git(repository, 'switch', '-q', '-c', 'cheaper');
    const file = join(repository, 'llama3-8b.toml');
    let text = await readFile(file, 'utf8');
    for (const [before, after] of costly) {
      expect(text).toContain(before);
      text = text.replace(before, after);
    }
    await writeFile(file, text);
    await git(repository, 'add', '--all');
  });

  it('is stopped before the commit, on the files that are staged', async () => {
    const [hook] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8'));
    const staged = (await git(repository, 'diff', '--cached', '--name-only')).trim().split('\n');
    expect(staged).toEqual(['llama3-8b.toml']);
    expect(hook.types_or).toContain('toml');
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(hook.entry).toBe(`npx --yes floatcast@${version} check`);
    // What is installed is of that version, so that npx asks nobody for it.
    const [npx, ...args] = hook.entry.split(' ');
    const refused = await inRepository(npx, ['--offline', ...args, ...staged]);
    expect(refused.output).toMatch(/llama3-8b\.toml:\d+:\d+ {2}warning {2}outside-policy/);
    expect(refused.code).toBe(1);
    const others = Object.keys(configs).filter((name) => !staged.includes(name));
    const passed = await inRepository(npx, ['--offline', ...args, ...others]);
    expect(passed.code).toBe(0);
  });

  it('is a row of the reviewer’s table, and fails the job', async () => {
    await commit('Train in MXFP4');
    const { code, output } = await floatcast(
      'diff',
      '--base=main',
      '--markdown',
      '--max-increase=0.002',
    );
    const rows = output
      .split('\n')
      .filter((line) => line.startsWith('| ') && line.includes('.toml'));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatch(/llama3-8b\.toml/);
    expect(output).not.toMatch(/mpt-7b|olmo-7b/);
    expect(code).toBe(1);
    const [{ status, change }] = JSON.parse(
      (await floatcast('diff', '--base=main', '--json')).output,
    ).filter((each) => each.status !== 'same');
    expect(status).toBe('changed');
    expect(change.gap).toBeGreaterThan(0.002);
    expect(change.findings.new.map(({ id }) => id)).toContain('outside-policy');
  });

  it('gets the Action’s annotations and its comment', async () => {
    const asked = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => (body += piece));
      request.on('end', () => {
        asked.push([request.method, request.url.replace(/\?.*/, ''), body]);
        response.setHeader('content-type', 'application/json');
        response.end(request.method === 'GET' ? '[]' : '{}');
      });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const event = join(folder, 'event.json');
      const sha = (await git(repository, 'rev-parse', 'main')).trim();
      await writeFile(event, JSON.stringify({ pull_request: { number: 7, base: { sha } } }));
      const env = {
        ...process.env,
        GITHUB_EVENT_PATH: event,
        GITHUB_API_URL: `http://127.0.0.1:${server.address().port}`,
        GITHUB_REPOSITORY: 'team/runs',
        GITHUB_SHA: (await git(repository, 'rev-parse', 'HEAD')).trim(),
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
        GITHUB_OUTPUT: join(folder, 'output'),
        FLOATCAST_CLI: join(installed, 'dist', 'cli.js'),
        FLOATCAST_PATHS: '.',
        FLOATCAST_TOKEN: 'secret',
      };
      const script = join(root, 'action', 'main.mjs');
      const { code, output } = await inRepository(process.execPath, [script], env);
      expect(output).toMatch(/^::warning file=llama3-8b\.toml,line=\d+/m);
      expect(code).toBe(1);
      expect(asked.map(([method, path]) => `${method} ${path}`)).toEqual([
        'GET /repos/team/runs/issues/7/comments',
        'POST /repos/team/runs/issues/7/comments',
      ]);
      expect(JSON.parse(asked[1][2]).body).toContain('llama3-8b.toml');
      expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('llama3-8b.toml');
      expect(await readFile(join(folder, 'output'), 'utf8')).toBe('moved=true\n');
    } finally {
      server.close();
    }
  });

  it('is there for code scanning, as SARIF', async () => {
    const { code, output } = await floatcast('check', '--output=sarif');
    expect(code).toBe(1);
    // Draft 4, whose only difference here is how its own id is called.
    const { id, $schema, ...withoutId } = sarifSchema;
    expect([id, $schema].every((each) => each.startsWith('http'))).toBe(true);
    const ajv = new Ajv({ strict: false, unicodeRegExp: false });
    addFormats(ajv);
    const valid = ajv.compile(withoutId);
    const log = JSON.parse(output);
    expect(valid(log) ? [] : valid.errors).toEqual([]);
    const [{ results, tool }] = log.runs;
    expect(tool.driver.name).toBe('Floatcast');
    expect(results.map(({ ruleId }) => ruleId)).toContain('outside-policy');
  });

  it('is told to an agent, which sees the repository and nothing else', async () => {
    const { command, args } = JSON.parse(servers).mcpServers.floatcast;
    const env = { ...process.env, npm_config_offline: 'true' };
    const transport = new StdioClientTransport({ command, args, cwd: repository, env });
    const client = new Client({ name: 'team', version: '1.0.0' });
    await client.connect(transport);
    try {
      const ask = async (name, values) => {
        const { content, isError } = await client.callTool({ name, arguments: values });
        return { text: content[0].text, isError: isError ?? false };
      };
      const { text } = await ask('forecast_config', { path: 'llama3-8b.toml' });
      const [run] = JSON.parse(text);
      const [checked] = JSON.parse((await floatcast('check', '--json', 'llama3-8b.toml')).output);
      expect(run.forecast).toEqual(checked.forecast);
      expect(run.format.id).toBe('mxfp4');
      const explained = await ask('explain_finding', { id: 'outside-policy' });
      expect(JSON.parse(explained.text).page).toMatch(/^# /);
      await writeFile(join(folder, 'secret.toml'), 'a = 1\n');
      expect((await ask('forecast_config', { path: '../secret.toml' })).isError).toBe(true);
    } finally {
      await client.close();
    }
  });
});

async function git(cwd, ...args) {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'core.autocrlf=false'];
  const { code, output } = await run('git', [...who, ...args], { cwd, capture: true, seconds: 60 });
  expect(code, output).toBe(0);
  return output;
}

async function commit(message) {
  await git(repository, 'add', '--all');
  await git(repository, 'commit', '-q', '-m', message);
}

function inRepository(command, args, env = process.env) {
  const offline = { npm_config_cache: join(folder, 'cache'), npm_config_update_notifier: 'false' };
  const options = { cwd: repository, capture: true, seconds: 100, env: { ...env, ...offline } };
  return run(command, args, options);
}

async function ended(command, args) {
  const { code, output } = await inRepository(command, args);
  expect(code, output).toBe(0);
  return { output };
}

function floatcast(...args) {
  return inRepository(process.execPath, [join(installed, 'dist', 'cli.js'), ...args]);
}
