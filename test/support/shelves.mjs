// `npm run check:shelves`: what a new item of a shelf still lacks, a line each with the command or
// the file that mends it. The tests are those of `npm test`; only their report is another.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './core.mjs';
import { run } from './processes.mjs';

const tests = ['docs', 'manifest', 'house', 'checks/registry', 'rules/registry', 'rules/fragments'];
const report = join(root, 'out/shelves.json');
mkdirSync(join(root, 'out'), { recursive: true });
rmSync(report, { force: true });

const args = [
  'run',
  '--project',
  'unit',
  '--reporter=json',
  '--no-isolate',
  '--no-file-parallelism',
  `--outputFile=${report}`,
];
const files = tests.map((name) => `test/unit/${name}.test`);
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const { code } = await run(process.execPath, [vitest, ...args, ...files], {
  cwd: root,
  seconds: 120,
  capture: true,
});

const { testResults, numPassedTests } = JSON.parse(readFileSync(report, 'utf8'));
const missing = testResults.flatMap(({ name, message, assertionResults }) => {
  const file = relative(root, name);
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0 && message) return [line(file, 'does not load', message)];
  return failed.map(({ title, failureMessages }) => line(file, title, failureMessages[0]));
});
console.log(
  missing.length > 0 ? missing.join('\n') : `Nothing is missing (${numPassedTests} checks).`,
);
process.exitCode = missing.length > 0 || code !== 0 ? 1 : 0;

/** The first line of a failure, without what the assertion adds to a sentence of ours. */
function line(file, title, failure) {
  const [first = ''] = failure.replace(/^(?:\w*Error: )+/, '').split('\n');
  const said = first.replace(/: expected .* (?:to|not) .*$/, '');
  return said === first || said === ''
    ? `${title}: ${first} (npx vitest run --project unit ${file})`
    : said;
}
