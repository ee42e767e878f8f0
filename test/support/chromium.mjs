/**
 * Finds a Chromium on this machine, installs Debian's where that is possible, and opens it. The one
 * place that knows how: the embedded VS Code, the panel's tests and the screenshots all come here.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { exclusively, run } from './processes.mjs';

/** No sandbox: as root there is none, and only our own pages are opened. The rest keeps it off the network. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-proxy-server',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Opens a headless Chromium.
 *
 * @param {{ home?: string }} [options] `home` is a folder in which it keeps what it writes outside
 *   its profile; it is the caller's to remove.
 */
export async function launchChromium({ home } = {}) {
  const executablePath = await findChromium();
  const env = { ...process.env, ...(home && { HOME: home, TMPDIR: home, XDG_CONFIG_HOME: home }) };
  // The caller closes the browser on a signal, in its own order.
  const own = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  const { TMPDIR } = process.env;
  // The profile is made by this process, where this says.
  if (home !== undefined) process.env.TMPDIR = home;
  try {
    return await chromium.launch({ executablePath, args: flags, env, timeout: 60_000, ...own });
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

/**
 * The path of an installed Chromium or Chrome.
 *
 * @returns {Promise<string>}
 */
export async function findChromium() {
  const found = await installedChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && onPath('apt-get') !== undefined) {
    await exclusively(join(tmpdir(), 'floatcast-apt.lock'), async () => {
      if ((await installedChromium()) === undefined) await installDebianChromium();
    });
  }
  const installed = await installedChromium();
  if (installed !== undefined) return installed;
  throw new Error('No Chromium was found: install chromium or google-chrome, or set CHROME_PATH.');
}

async function installedChromium() {
  const own = process.env.CHROME_PATH;
  if (own) {
    if (existsSync(own)) return own;
    throw new Error(`CHROME_PATH names no file: ${own}`);
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const applications = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ...[process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)']].flatMap((folder) =>
      folder ? [join(folder, 'Google/Chrome/Application/chrome.exe')] : [],
    ),
  ];
  return (
    names.map(onPath).find((path) => path !== undefined) ??
    applications.find((path) => existsSync(path)) ??
    (await playwrightChromium())
  );
}

/** A browser that some Playwright on this machine downloaded, of whatever revision. */
async function playwrightChromium() {
  const expected = chromium.executablePath();
  if (existsSync(expected)) return expected;
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    join(homedir(), '.cache/ms-playwright'),
    join(homedir(), 'Library/Caches/ms-playwright'),
  ];
  for (const cache of caches) {
    if (!cache || !existsSync(cache)) continue;
    for (const revision of await readdir(cache)) {
      if (!/^chromium-\d+$/.test(revision)) continue;
      for (const inside of ['chrome-linux/chrome', 'chrome-linux64/chrome']) {
        const path = join(cache, revision, inside);
        if (existsSync(path)) return path;
      }
    }
  }
  return undefined;
}

async function installDebianChromium() {
  console.log('No Chromium here: installing the Debian package (apt-get install chromium) …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=120'];
  const options = { env, capture: true, seconds: 300 };
  await run('apt-get', ['update'], options);
  const install = ['install', '-y', '--no-install-recommends', 'chromium'];
  const { code, output } = await run('apt-get', [...wait, ...install], options);
  if (code !== 0) throw new Error(`apt-get could not install chromium.\n${output}`);
}

/**
 * Where a program is on PATH.
 *
 * @param {string} name
 */
export function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if (folder !== '' && existsSync(path)) return path;
    }
  }
  return undefined;
}
