/**
 * Runs the editor's suites inside a real VS Code, each folder of them in its own way.
 *
 *     node test/editor/host/suites.mjs [node|web|restricted|packaged]… [--grep=<text>] [--counts=<file>]
 *
 * A new window is opened for each, on a copy of `test/editor/workspace`, with a new profile.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveCliPathFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { makeExtension } from '../../support/package.mjs';
import { onEnd, run, temporaryFolder } from '../../support/processes.mjs';
import { bundleFolder, bundleSuites } from './bundle.mjs';
import { chooseVSCode } from './choose.mjs';
import { root } from './paths.mjs';
import { quietSettings, writeSettings } from './server.mjs';

/** The ways to run, in the order in which they are run: packaging makes another build of `dist`. */
const ways = {
  /** The extension in development, in the Node extension host, everything trusted. */
  node: 'suites',
  /** The same in the browser's extension host, as on vscode.dev. */
  web: 'suites/web',
  /** The same in Restricted Mode. */
  restricted: 'suites/restricted',
  /** The packaged extension, installed as a user does. */
  packaged: 'suites/packaged',
};

/**
 * @typedef {keyof typeof ways} Way
 * @typedef {{ passed: number, failed: number }} Counts
 * @typedef {{ temporary: string, workspace: string, userData: string, extensions: string }} Rooms
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string', default: '' }, counts: { type: 'string' } },
});

// On a signal VS Code ends by itself; ours is then to clean up after it, and to start no other.
let stopped = false;
onEnd(() => (stopped = true));
// test-electron ends what it started on this one only.
process.on('SIGTERM', () => process.emit('SIGINT'));
try {
  const counts = await main();
  console.log(`\neditor: ${counts.passed} passed, ${counts.failed} failed`);
  if (values.counts !== undefined) await writeFile(values.counts, JSON.stringify(counts));
  if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(bundleFolder, { recursive: true, force: true });
}
// A download that was given up may still hold a socket.
process.exit();

async function main() {
  const names = Object.keys(ways);
  const wanted = positionals.length > 0 ? positionals : names;
  const unknown = wanted.filter((way) => !names.includes(way));
  if (unknown.length > 0)
    throw new Error(`There is no ${unknown.join(', ')}: ${names.join(', ')}.`);
  const vscode = await chooseVSCode();
  /** @type {{ name: string, publisher: string }} */
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const total = { passed: 0, failed: 0 };
  for (const way of /** @type {Way[]} */ (names)) {
    if (stopped) throw new Error('Stopped.');
    if (!wanted.includes(way)) continue;
    const tests = await bundleSuites({
      name: way,
      folder: ways[way],
      web: way === 'web',
      extensionId: `${manifest.publisher}.${manifest.name}`,
      grep: values.grep,
    });
    if (tests === undefined) {
      if (positionals.length > 0) throw new Error(`test/editor/${ways[way]} holds no suite.`);
      continue;
    }
    console.log(`\n${way}: test/editor/${ways[way]}/*.test.ts`);
    const { passed, failed } = await inRooms((rooms) => runWay(way, vscode, tests, rooms));
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

/**
 * Gives a run its own folders, and removes them.
 *
 * @param {(rooms: Rooms) => Promise<Counts>} action
 */
async function inRooms(action) {
  const temporary = await temporaryFolder();
  const rooms = {
    temporary,
    workspace: join(temporary, 'workspace'),
    userData: join(temporary, 'user'),
    extensions: join(temporary, 'extensions'),
  };
  try {
    await cp(join(root, 'test', 'editor', 'workspace'), rooms.workspace, { recursive: true });
    await writeSettings(rooms.userData, quietSettings);
    return await action(rooms);
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/**
 * @param {Way} way
 * @param {import('./choose.mjs').ChosenVSCode} vscode
 * @param {string} tests
 * @param {Rooms} rooms
 * @returns {Promise<Counts>}
 */
async function runWay(way, vscode, tests, rooms) {
  const profile = [`--user-data-dir=${rooms.userData}`, `--extensions-dir=${rooms.extensions}`];
  let development = root;
  if (way === 'packaged') {
    await installPackage(vscode, profile, rooms);
    // Tests need an extension in development; this one has nothing in it.
    development = join(rooms.temporary, 'harness');
    await mkdir(development);
    const engines = { vscode: '*' };
    const manifest = { name: 'harness', publisher: 'floatcast', version: '0.0.0', engines };
    await writeFile(join(development, 'package.json'), JSON.stringify(manifest));
  }
  const launchArgs = [rooms.workspace, ...profile];
  if (way === 'web') launchArgs.push('--extensionDevelopmentKind=web');
  /** @type {unknown} */
  let problem;
  if (way === 'restricted') {
    // Not runTests, because that trusts every folder.
    const unattended = ['--no-sandbox', '--disable-gpu-sandbox', '--disable-updates'];
    const extension = [
      `--extensionDevelopmentPath=${development}`,
      `--extensionTestsPath=${tests}`,
    ];
    const args = [...launchArgs, ...unattended, ...extension];
    const { code } = await run(vscode.executable, args);
    if (code !== 0) problem = `VS Code ended with code ${code}.`;
  } else {
    await runTests({
      vscodeExecutablePath: vscode.executable,
      extensionDevelopmentPath: development,
      extensionTestsPath: tests,
      launchArgs,
    }).catch((/** @type {unknown} */ error) => (problem = error));
  }
  return readCounts(rooms, problem);
}

/**
 * What the tests counted; one failure more when VS Code failed in a way that they did not see.
 *
 * @param {Rooms} rooms
 * @param {unknown} problem
 * @returns {Promise<Counts>}
 */
async function readCounts(rooms, problem) {
  const result = await readFile(join(rooms.temporary, 'result.json'), 'utf8').catch(
    () => undefined,
  );
  if (result === undefined) {
    console.error(`The tests did not run to their end. ${String(problem ?? '')}`.trimEnd());
    return { passed: 0, failed: 1 };
  }
  /** @type {Counts} */
  const { passed, failed } = JSON.parse(result);
  if (failed === 0 && (problem !== undefined || passed === 0)) {
    console.error(`No test failed, but VS Code did. ${String(problem ?? 'No test ran.')}`);
    return { passed, failed: 1 };
  }
  return { passed, failed };
}

/**
 * Builds the .vsix and installs it with VS Code's own command line.
 *
 * @param {import('./choose.mjs').ChosenVSCode} vscode
 * @param {readonly string[]} profile
 * @param {Rooms} rooms
 */
async function installPackage(vscode, profile, rooms) {
  const file = join(rooms.temporary, 'floatcast.vsix');
  await makeExtension(file);
  const cli =
    vscode.host === 'embedded'
      ? vscode.executable
      : resolveCliPathFromVSCodeExecutablePath(vscode.executable);
  const { code } = await run(cli, [`--install-extension=${file}`, ...profile], { seconds: 180 });
  if (code !== 0) throw new Error(`VS Code could not install the package (code ${code}).`);
}
