/**
 * `npm test`: builds, and proves everything that is proved automatically.
 *
 *     node test/run.mjs [step…]
 *
 * Every step runs, also after one that failed, and each counts its checks; a step in which nothing
 * was checked has failed. The last line is the sum: `N passed, N failed`.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './editor/host/paths.mjs';
import { onEnd, run, temporaryFolder } from './support/processes.mjs';

/**
 * @typedef {{ passed: number, failed: number, why?: string }} Counts
 * @typedef {object} Step
 * @property {(report: string) => readonly [command: string, ...args: string[]]} command given the
 *   file that it is to write its own counts to
 * @property {(report: unknown) => Counts} [count] reads that file; without it the step is one check
 * @property {boolean} [needsBuild]
 * @property {number} minutes how long it may take
 */

/** @type {Record<string, Step>} */
const steps = {
  build: { command: () => npmScript('build'), minutes: 3 },
  types: { command: () => npmScript('types'), minutes: 5 },
  lint: { command: () => npmScript('lint'), minutes: 5 },
  format: { command: () => npmScript('format'), minutes: 3 },
  unit: vitest('unit', { needsBuild: true }),
  corpus: vitest('corpus', { needsBuild: true }),
  webview: vitest('webview', { needsBuild: true }),
  release: vitest('release', { needsBuild: false }),
  fuzz: {
    command: (report) =>
      node('test/fuzz/run.mjs', '--inputs=1000', '--seed=1', `--counts=${report}`),
    count: (report) => /** @type {Counts} */ (report),
    minutes: 5,
  },
  editor: {
    command: (report) => node('test/editor/host/suites.mjs', `--counts=${report}`),
    count: (report) => /** @type {Counts} */ (report),
    needsBuild: true,
    minutes: 25,
  },
};

let stopped = false;
onEnd(() => (stopped = true));
process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;

/** @param {readonly string[]} wanted */
async function main(wanted) {
  const names = Object.keys(steps);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no step ${unknown.join(', ')}. The steps: ${names.join(', ')}.`);
    return finish([['usage', { passed: 0, failed: 1 }]]);
  }
  const chosen = names.filter((name) => wanted.length === 0 || wanted.includes(name));
  const needsBuild = chosen.some((name) => steps[name]?.needsBuild);
  if (needsBuild && !chosen.includes('build')) chosen.unshift('build');

  /** @type {[string, Counts][]} */
  const results = [];
  const folder = await temporaryFolder();
  try {
    let built = true;
    for (const name of chosen) {
      const step = /** @type {Step} */ (steps[name]);
      const counts = await runStep(name, step, { folder, built });
      if (name === 'build') built = counts.failed === 0;
      results.push([name, counts]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return finish(results);
}

/**
 * @param {string} name
 * @param {Step} step
 * @param {{ folder: string, built: boolean }} context
 * @returns {Promise<Counts>}
 */
async function runStep(name, step, { folder, built }) {
  if (stopped) return { passed: 0, failed: 1, why: 'stopped' };
  if (step.needsBuild && !built) return { passed: 0, failed: 1, why: 'the build failed' };
  console.log(`\n── ${name}`);
  const file = join(folder, `${name}.json`);
  const [command, ...args] = step.command(file);
  const { code, timedOut } = await run(command, args, { cwd: root, seconds: step.minutes * 60 });
  const counts = await countStep(step, file, code);
  if (timedOut) return failure(counts, `it took more than ${step.minutes} minutes`);
  if (counts.failed === 0 && code !== 0) return failure(counts, `it ended with code ${code}`);
  if (counts.failed === 0 && counts.passed === 0) return failure(counts, 'it checked nothing');
  return counts;
}

/**
 * @param {Step} step
 * @param {string} file
 * @param {number} code
 * @returns {Promise<Counts>}
 */
async function countStep(step, file, code) {
  if (!step.count) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, why: 'it left no report' };
  return step.count(JSON.parse(text));
}

/**
 * @param {Counts} counts
 * @param {string} why
 * @returns {Counts}
 */
function failure({ passed, failed }, why) {
  return { passed, failed: Math.max(failed, 1), why };
}

/**
 * Prints what each step found, and the sum.
 *
 * @param {readonly [string, Counts][]} results
 */
function finish(results) {
  console.log('');
  for (const [name, { passed, failed, why }] of results) {
    const mark = failed === 0 ? '✔' : '✘';
    const reason = why === undefined ? '' : `  (${why})`;
    console.log(`${mark} ${name.padEnd(8)} ${passed} passed, ${failed} failed${reason}`);
  }
  const passed = results.reduce((sum, [, counts]) => sum + counts.passed, 0);
  const failed = results.reduce((sum, [, counts]) => sum + counts.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

/**
 * @param {string} project
 * @param {{ needsBuild: boolean }} options
 * @returns {Step}
 */
function vitest(project, { needsBuild }) {
  return {
    command: (report) => {
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      return node('node_modules/vitest/vitest.mjs', 'run', '--project', project, ...reporters);
    },
    count: countVitest,
    needsBuild,
    minutes: 15,
  };
}

/**
 * Counts vitest's report. A file that could not be loaded has no test that failed: it counts as one.
 *
 * @param {unknown} report
 * @returns {Counts}
 */
function countVitest(report) {
  const { numPassedTests, numFailedTests, testResults } =
    /** @type {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} */ (
      report
    );
  const unloaded = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}

/**
 * @param {string} name
 * @returns {[string, ...string[]]}
 */
function npmScript(name) {
  return ['npm', 'run', '--silent', name];
}

/**
 * @param {readonly string[]} args
 * @returns {[string, ...string[]]}
 */
function node(...args) {
  return [process.execPath, ...args];
}
