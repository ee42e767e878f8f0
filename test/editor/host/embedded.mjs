#!/usr/bin/env node
/**
 * Stands in for the executable `code` where no desktop VS Code can be downloaded: understands the
 * arguments that `@vscode/test-electron` passes, runs the embedded VS Code in a headless Chromium,
 * shows the log of the extension host, and ends with the exit code of the tests. As with `code`,
 * a folder is in Restricted Mode unless `--disable-workspace-trust` is given.
 *
 *     embedded.mjs [folder] --extensionTestsPath=<script> [--extensionDevelopmentPath=<folder>]
 *                  [--extensionDevelopmentKind=web] [--disable-workspace-trust]
 *                  [--user-data-dir=<folder>] [--extensions-dir=<folder>]
 *     embedded.mjs --install-extension=<file.vsix> --user-data-dir=<folder> --extensions-dir=<folder>
 *     embedded.mjs --version
 */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../../support/chromium.mjs';
import { onEnd } from '../../support/processes.mjs';
import { installEmbedded } from './install.mjs';
import { root } from './paths.mjs';
import { installExtension, Server } from './server.mjs';

/** A run that takes longer hangs. */
const minutes = 8;

/** What this release always logs, off the network and without its native modules: nothing is wrong. */
const noise = [
  /^Resolv(ing|ed) connection token/,
  /^Creating a socket/,
  /^\[(reconnection-grace-time|AgentHost:remote|AccountPolicyGate)\]/,
  /^Creation of workbench contribution/,
  /^Updating additional builtin extensions cache/,
  /^\[Service Worker\] registration/,
  /Could not (locate the bindings file|find bundled tsserver)/,
  /Cannot find module '.\/build\/Release\/watchdog'/,
  /authentication provider 'github'/,
  /getaddrinfo (ENOTFOUND|EAI_AGAIN)/,
  /^Canceled: /,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  // Electron's own switches, which mean nothing here, pass.
  strict: false,
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionDevelopmentKind: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'disable-workspace-trust': { type: 'boolean' },
    'install-extension': { type: 'string' },
    'user-data-dir': { type: 'string' },
    'extensions-dir': { type: 'string' },
    version: { type: 'boolean' },
  },
});

const stopped = new AbortController();
const stop = () => stopped.abort(new Error('Stopped.'));
onEnd(stop);
// A runner that is killed outright cannot tell us: its child then belongs to another process.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && stop(), 1000).unref();

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`Embedded VS Code: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function main() {
  if (values.version === true) {
    console.log((await installEmbedded()).version);
    return 0;
  }
  const userData = text(values['user-data-dir']);
  const extensions = text(values['extensions-dir']);
  const vsix = text(values['install-extension']);
  if (vsix !== undefined) {
    if (userData === undefined || extensions === undefined) {
      throw new Error('--install-extension needs --user-data-dir and --extensions-dir.');
    }
    return installExtension(resolve(vsix), { userData, extensions });
  }
  const tests = text(values.extensionTestsPath);
  if (tests === undefined) throw new Error('--extensionTestsPath is missing.');
  return runTests(resolve(tests), { userData, extensions });
}

/**
 * @param {string} tests
 * @param {{ userData: string | undefined, extensions: string | undefined }} profile
 */
async function runTests(tests, { userData, extensions }) {
  const server = await Server.start({
    ...(userData !== undefined && { userData: resolve(userData) }),
    ...(extensions !== undefined && { extensions: resolve(extensions) }),
    trust: values['disable-workspace-trust'] === true,
  });
  let browser;
  try {
    browser = await launchChromium({ home: server.temporary });
    const page = await browser.newPage();
    const exit = new Promise((done, fail) => {
      void page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => done(code));
      page.once('crash', () => fail(new Error('The page of the editor crashed.')));
      stopped.signal.addEventListener('abort', () => fail(stopped.signal.reason));
      if (stopped.signal.aborted) fail(stopped.signal.reason);
      setTimeout(
        () => fail(new Error(`The tests did not end within ${minutes} minutes.`)),
        minutes * 60_000,
      ).unref();
    });
    exit.catch(() => undefined);
    await page.exposeFunction('codeAutomationLog', showLog);
    const path = text(values.extensionDevelopmentPath);
    const development = path === undefined ? undefined : resolve(path);
    const extension =
      development !== undefined && values.extensionDevelopmentKind === 'web'
        ? await withoutMain(development, tests, server.temporary)
        : { tests, ...(development !== undefined && { development }) };
    const address = server.address({ folder: resolve(positionals[0] ?? root), ...extension });
    await Promise.race([page.goto(address, { timeout: 60_000 }), server.failed, exit]);
    return /** @type {number} */ (await Promise.race([exit, server.failed]));
  } finally {
    await browser?.close();
    await server.stop();
  }
}

/**
 * VS Code in a browser does not heed `extensionDevelopmentKind`: it prefers `main`, which runs in Node.
 * So the extension gets a double without `main`, and the tests are reached through it, because they
 * run where the extension runs whose folder they are in.
 *
 * @param {string} development
 * @param {string} tests
 * @param {string} temporary
 */
async function withoutMain(development, tests, temporary) {
  const double = join(temporary, 'web');
  await mkdir(double);
  for (const entry of await readdir(development)) {
    if (entry !== 'package.json') await symlink(join(development, entry), join(double, entry));
  }
  /** @type {Record<string, unknown>} */
  const manifest = JSON.parse(await readFile(join(development, 'package.json'), 'utf8'));
  delete manifest.main;
  await writeFile(join(double, 'package.json'), JSON.stringify(manifest));
  const inside = tests.startsWith(development + sep);
  return {
    development: double,
    tests: inside ? join(double, relative(development, tests)) : tests,
  };
}

/**
 * Shows what the extension host logs, which comes mixed with the log of the editor itself.
 *
 * @param {string} level
 * @param {readonly unknown[]} args
 */
function showLog(level, args) {
  if (args.some((arg) => typeof arg === 'string' && noise.some((known) => known.test(arg)))) return;
  if (level === 'error' || level === 'warn') console.error(`[${level}]`, ...args);
  else console.log(...args);
}

/**
 * @param {unknown} value
 * @returns {string | undefined}
 */
function text(value) {
  return typeof value === 'string' ? value : undefined;
}
