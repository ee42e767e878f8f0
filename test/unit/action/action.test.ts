import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { builtCli, folderOf, llmFoundryConfig } from '../cli/harness.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const fine = llmFoundryConfig();
const past = llmFoundryConfig(64_000_000);

interface Step {
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as Action;

describe('action.yml', () => {
  it('puts nothing that it is given into a command', () => {
    expect(action.runs.steps.length).toBeGreaterThan(0);
    for (const { run } of action.runs.steps) expect(run).not.toContain('${{');
  });

  it('hands each input over, under the name that the script asks for', () => {
    const handed = action.runs.steps.flatMap(({ env }) => Object.entries(env));
    for (const name of Object.keys(action.inputs)) {
      expect(
        handed.some(([, value]) => value.includes(`inputs.${name}`)),
        name,
      ).toBe(true);
    }
    const script = readFileSync(path.join(root, 'action/main.mjs'), 'utf8');
    for (const name of Object.keys(action.runs.steps.at(-1)?.env ?? {})) {
      expect(script).toContain(`given('${name.replace('FLOATCAST_', '')}')`);
    }
  });

  it('installs the version that it belongs to', () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(action.inputs.version?.default).toBe(version);
  });

  it('has a script that starts no shell and needs no package', () => {
    for (const file of readdirSync(path.join(root, 'action'))) {
      const text = readFileSync(path.join(root, 'action', file), 'utf8');
      const imported = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
      expect(imported.filter((name) => !/^(?:node:|\.\/)/.test(name))).toEqual([]);
      expect(text).not.toMatch(/shell:|\bexec(?:Sync)?\(/);
    }
  });
});

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly type: string };
}

/** A server that keeps the comments of one pull request as GitHub does, and what it was asked. */
async function fakeApi(comments: Comment[], status?: number) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
      asked.push(`${request.method ?? ''} ${pathname}`);
      const answer = (code: number, body: unknown) => {
        response.writeHead(code, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      };
      if (request.headers.authorization !== 'Bearer secret') answer(401, {});
      else if (status !== undefined && request.method !== 'GET') answer(status, {});
      else if (request.method === 'GET') {
        const page = Number(searchParams.get('page'));
        answer(200, comments.slice((page - 1) * 100, page * 100));
      } else if (request.method === 'POST') {
        const id = comments.length + 1;
        comments.push({ id, body: await bodyOf(request), user: { type: 'Bot' } });
        answer(201, {});
      } else {
        const comment = comments.find(({ id }) => pathname.endsWith(`/issues/comments/${id}`));
        if (comment) comment.body = await bodyOf(request);
        answer(comment ? 200 : 404, {});
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return (JSON.parse(text) as { readonly body: string }).body;
}

function git(cwd: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' }).trim();
}

/** A repository with a pull request, and the shallow checkout of its merge that a job gets. */
async function pullRequest(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
) {
  const origin = await folderOf(before);
  git(origin, 'init', '-q', '-b', 'main');
  git(origin, 'add', '-A');
  git(origin, 'commit', '-q', '-m', 'base');
  const told = git(origin, 'rev-parse', 'HEAD');
  git(origin, 'checkout', '-q', '-b', 'change');
  for (const [file, text] of Object.entries(after)) await writeFile(path.join(origin, file), text);
  git(origin, 'add', '-A');
  git(origin, 'commit', '-q', '--allow-empty', '-m', 'change');
  git(origin, 'checkout', '-q', 'main');
  // Somebody else's change, which is none of the pull request's.
  await writeFile(path.join(origin, 'other.yaml'), past);
  git(origin, 'add', '-A');
  git(origin, 'commit', '-q', '-m', 'other');
  git(origin, 'checkout', '-q', '-b', 'merge');
  git(origin, 'merge', '-q', '--no-ff', '-m', `merge\n\nparent ${'0'.repeat(40)}\n`, 'change');
  const job = await folderOf({});
  const work = path.join(job, 'work');
  git(job, 'clone', '-q', '--depth', '1', '-b', 'merge', pathToFileURL(origin).href, work);
  const event = { pull_request: { number: 7, title: '$(exit 9)', base: { sha: told } } };
  await writeFile(path.join(job, 'event.json'), JSON.stringify(event));
  return { job, work, sha: git(work, 'rev-parse', 'HEAD') };
}

let cli = '';
beforeAll(async () => {
  const built = path.join(root, 'out/test/action');
  cli = await builtCli(built);
  return () => rm(built, { recursive: true, force: true });
});

type Job = Awaited<ReturnType<typeof pullRequest>>;

async function runAction({ job, work, sha }: Job, url: string, given: Record<string, string> = {}) {
  const [summary, output] = [path.join(job, 'summary'), path.join(job, 'output')];
  for (const file of [summary, output]) await writeFile(file, '');
  const env = {
    ...{ PATH: process.env.PATH, HOME: job, GITHUB_API_URL: url, GITHUB_SHA: sha },
    ...{ GITHUB_REPOSITORY: 'a/b', GITHUB_EVENT_PATH: path.join(job, 'event.json') },
    ...{ GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output },
    ...{ FLOATCAST_CLI: cli, FLOATCAST_TOKEN: 'secret', FLOATCAST_CHECK: 'false', ...given },
  };
  const script = path.join(root, 'action/main.mjs');
  const ran = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [script], { cwd: work, env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
  const texts = {
    summary: await readFile(summary, 'utf8'),
    output: await readFile(output, 'utf8'),
  };
  return { ...ran, ...texts };
}

// Each starts git and the command line many times.
describe('the Action’s script', { timeout: 120_000 }, () => {
  it('comments once, keeps the comment up to date, and says when nothing moves any more', async () => {
    const byOthers = Array.from({ length: 100 }, (_, index) => ({
      ...{ id: index + 1, body: '<!-- floatcast -->\nmine', user: { type: 'User' } },
    }));
    const comments: Comment[] = [...byOthers];
    const api = await fakeApi(comments);
    const moved = await pullRequest({ 'a.yaml': fine }, { 'a.yaml': past });
    const first = await runAction(moved, api.url);
    expect([first.code, first.stdout, first.stderr]).toEqual([1, '', '']);
    expect(first.output).toBe('moved=true\n');
    expect(first.summary).toContain('### Floatcast: 1 run moved since');
    expect(first.summary).toContain('| a.yaml |');
    expect(first.summary).not.toContain('other.yaml');
    expect(comments).toHaveLength(101);
    expect(comments[100]?.body).toBe(`<!-- floatcast -->\n${first.summary}`);

    expect((await runAction(moved, api.url, { FLOATCAST_FAIL_ON: 'never' })).code).toBe(0);
    expect(comments).toHaveLength(101);
    const rises = { FLOATCAST_FAIL_ON: 'never', FLOATCAST_MAX_INCREASE: '0.002' };
    expect((await runAction(moved, api.url, rises)).code).toBe(1);
    // What it says already is not written again.
    expect(api.asked.filter((each) => !each.startsWith('GET'))).toEqual([
      'POST /repos/a/b/issues/7/comments',
    ]);

    const still = await pullRequest({ 'a.yaml': fine }, { 'a.yaml': `# no more\n${fine}` });
    const second = await runAction(still, api.url);
    expect([second.code, second.summary, second.output]).toEqual([0, '', 'moved=false\n']);
    expect(comments[100]?.body).toBe(
      '<!-- floatcast -->\nNothing that was reported here moves any more.',
    );
    expect(comments.slice(0, 100)).toEqual(byOthers);
  });

  it('writes nothing where nothing moved, and nothing when it is told not to', async () => {
    const comments: Comment[] = [];
    const api = await fakeApi(comments);
    const still = await pullRequest({ 'a.yaml': fine }, {});
    expect((await runAction(still, api.url)).code).toBe(0);
    const moved = await pullRequest({ 'a.yaml': fine }, { 'a.yaml': past });
    expect((await runAction(moved, api.url, { FLOATCAST_COMMENT: 'false' })).code).toBe(1);
    expect(comments).toEqual([]);
  });

  it('annotates the findings of its paths, and runs none of their names', async () => {
    const comments: Comment[] = [];
    const api = await fakeApi(comments);
    const names = ['$(touch x).yaml', '-a @b `touch x`;touch x.yaml', '::error::b.yaml'];
    const moved = await pullRequest(
      { 'floatcast.yaml': 'gap-target: 1\n' },
      Object.fromEntries(names.map((name) => [name, past])),
    );
    const given = { FLOATCAST_CHECK: 'true', FLOATCAST_PATHS: `\n${names.join('\n')}\n` };
    const { code, stdout, stderr } = await runAction(moved, api.url, given);
    expect([code, stderr]).toEqual([1, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^::warning file=/);
    expect(git(moved.work, 'status', '--porcelain')).toBe('');
    expect(comments[0]?.body).toContain('&#64;&#8203;b');
    expect(comments[0]?.body).not.toMatch(/@b/);
  });

  it('fails nothing where it may not comment, and has the table in the summary', async () => {
    const api = await fakeApi([], 403);
    const moved = await pullRequest({ 'a.yaml': fine }, { 'a.yaml': past });
    const ran = await runAction(moved, api.url, { FLOATCAST_FAIL_ON: 'error' });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toBe(
      '::notice title=Floatcast::There is no comment on the pull request (GitHub answers 403); the summary has the table.\n',
    );
    expect(ran.summary).toContain('| a.yaml |');
  });

  it('only checks where there is no pull request and no base', async () => {
    const moved = await pullRequest({ 'a.yaml': fine }, { 'a.yaml': past });
    await writeFile(path.join(moved.job, 'event.json'), '{}');
    const api = await fakeApi([]);
    const ran = await runAction(moved, api.url, { FLOATCAST_CHECK: 'true' });
    expect([ran.code, ran.summary, ran.output, api.asked]).toEqual([1, '', '', []]);
    const wrong = await runAction(moved, api.url, { FLOATCAST_BASE: 'nowhere' });
    expect([wrong.code, wrong.stdout]).toEqual([
      2,
      expect.stringContaining('The base nowhere is not there') as string,
    ]);
  });
});
