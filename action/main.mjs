/**
 * What the GitHub Action runs: `floatcast check` as annotations, `floatcast diff` against the base
 * of a pull request as its job's summary and its one comment. Everything comes in by the
 * environment and goes to programs as arguments: no text of a repository or of a pull request is
 * ever part of a command.
 */
import { appendFile, readFile } from 'node:fs/promises';
import { setComment } from './comment.mjs';
import { baseOf, isThere } from './git.mjs';
import { run } from './run.mjs';

const environment = process.env;
const given = (name) => environment[`FLOATCAST_${name}`]?.trim() ?? '';

process.exitCode = await main().catch((error) => {
  say('error', error instanceof Error ? error.message : String(error));
  return 2;
});

async function main() {
  const paths = given('PATHS')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const options = [
    ...option('--fail-on', given('FAIL_ON')),
    ...option('--hardware', given('HARDWARE')),
  ];
  let code = 0;
  if (given('CHECK') !== 'false') {
    const checked = await floatcast(['check', '--output', 'github', ...options, '--', ...paths]);
    process.stdout.write(checked.stdout);
    code = checked.code;
  }
  const pull = await pullRequest();
  const base = given('BASE') || (pull && (await baseOf(pull.base, environment.GITHUB_SHA)));
  if (!base) return code;
  if (!(await isThere(base))) {
    throw new Error(
      `The base ${base} is not there; let actions/checkout fetch it (fetch-depth: 0).`,
    );
  }
  const { code: moved, stdout: table } = await floatcast([
    ...['diff', `--base=${base}`, '--markdown', ...options],
    ...option('--max-increase', given('MAX_INCREASE')),
    ...['--', ...paths],
  ]);
  await append(environment.GITHUB_STEP_SUMMARY, table);
  await append(environment.GITHUB_OUTPUT, `moved=${table !== ''}\n`);
  if (pull && given('COMMENT') !== 'false') await comment(pull, table);
  return Math.max(code, moved);
}

/** The pull request that the job runs for: its number and the commit it is to be merged into. */
async function pullRequest() {
  const file = environment.GITHUB_EVENT_PATH;
  if (!file) return null;
  const { pull_request: pull } = JSON.parse(await readFile(file, 'utf8'));
  if (!pull || !Number.isInteger(pull.number)) return null;
  return { number: pull.number, base: String(pull.base?.sha ?? '') };
}

/** A comment that cannot be written fails nothing: a fork's pull request has no right to it. */
async function comment({ number }, table) {
  const at = {
    api: environment.GITHUB_API_URL ?? 'https://api.github.com',
    repository: environment.GITHUB_REPOSITORY ?? '',
    token: given('TOKEN'),
  };
  try {
    await setComment(at, number, table);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say('notice', `There is no comment on the pull request (${why}); the summary has the table.`);
  }
}

async function floatcast(args) {
  const { code, stdout } = await run(process.execPath, [given('CLI'), ...args]);
  return { code: code ?? 2, stdout };
}

function option(name, value) {
  return value === '' ? [] : [`${name}=${value}`];
}

async function append(file, text) {
  if (file && text !== '') await appendFile(file, text);
}

/** A sentence as an annotation of the job. */
function say(kind, sentence) {
  const safe = sentence.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  console.log(`::${kind} title=Floatcast::${safe}`);
}
