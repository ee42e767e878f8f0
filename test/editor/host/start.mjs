/**
 * `npm start`: builds the extension and shows it at work on `examples/`, in the desktop VS Code if it
 * is installed, or else in a browser.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onPath } from '../../support/chromium.mjs';
import { onEnd, run } from '../../support/processes.mjs';
import { root } from './paths.mjs';
import { Server } from './server.mjs';

const examples = join(root, 'examples');
/** What is open at first: a run far past its critical data size. */
const example = join(examples, 'torchtitan', 'llama3-8b-mxfp4.toml');

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main() {
  const { code } = await run(process.execPath, ['esbuild.js'], { cwd: root });
  if (code !== 0) return code;
  const desktop = desktopVSCode();
  return desktop === undefined ? inBrowser() : onDesktop(desktop);
}

/** The `code` of a desktop that this process can show a window on. */
function desktopVSCode() {
  const { FLOATCAST_VSCODE: wish, VSCODE_IPC_HOOK_CLI: remote } = process.env;
  if (wish === 'embedded') return undefined;
  // In the terminal of a remote VS Code `code` is another program, which cannot develop extensions.
  const code = hasDisplay() && remote === undefined ? onPath('code') : undefined;
  if (wish === 'desktop' && code === undefined) {
    throw new Error(
      'FLOATCAST_VSCODE is "desktop", but there is no `code` on PATH with a display.',
    );
  }
  return code;
}

/** @param {string} code */
async function onDesktop(code) {
  console.log('Opening examples/ in VS Code, with the extension in development.');
  // A profile of its own: no other extension interferes, and nothing of the person's is changed.
  const profile = join(root, '.vscode-test', 'start');
  const args = [
    '--new-window',
    `--extensionDevelopmentPath=${root}`,
    `--user-data-dir=${join(profile, 'user')}`,
    `--extensions-dir=${join(profile, 'extensions')}`,
    '--disable-workspace-trust',
    examples,
    example,
  ];
  const shell = process.platform === 'win32';
  const child = spawn(shell ? `"${code}"` : code, args, { stdio: 'inherit', shell });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exit) => resolve(exit ?? 1));
  });
}

async function inBrowser() {
  // From now on, and not only once it is up: it may first have to be installed.
  const ended = new Promise((resolve) => onEnd(() => resolve(0)));
  const server = await Server.start();
  try {
    const development = await server.fromElsewhere(root);
    const address = server.address({ folder: examples, file: example, development });
    console.log(`VS Code ${server.version} with the extension is at\n\n  ${address}\n`);
    console.log('Open that address in a browser. Ctrl-C ends it.');
    openBrowser(address);
    return await Promise.race([ended, server.failed]);
  } finally {
    await server.stop();
  }
}

/** @param {string} address */
function openBrowser(address) {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  if (!hasDisplay() || onPath(opener) === undefined) return;
  // That none opens is no failure: the address is on the screen.
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

function hasDisplay() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform !== 'linux' || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}
