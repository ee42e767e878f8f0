import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs a command to its end, bounded in time, as the leader of its own process group: a command that
 * hangs is ended with everything it started.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, seconds?: number, capture?: boolean, signal?: AbortSignal }} [options]
 *   `capture` keeps the output instead of showing it.
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} `code` is 1 when a signal
 *   ended the command, and `output` is empty unless captured.
 */
export function run(command, args, options = {}) {
  const { cwd, env = process.env, seconds = 600, capture = false, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      // On Windows npm and npx are scripts of the shell.
      shell: process.platform === 'win32' && (command === 'npm' || command === 'npx'),
      stdio: ['ignore', capture ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit'],
      detached: process.platform !== 'win32',
    });
    let output = '';
    let timedOut = false;
    const collect = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);

    /** @type {NodeJS.Timeout | undefined} */
    let kill;
    const end = () => {
      endTree(child.pid, 'SIGTERM');
      kill ??= setTimeout(() => endTree(child.pid, 'SIGKILL'), 10_000);
    };
    const limit = setTimeout(() => {
      timedOut = true;
      end();
    }, seconds * 1000);
    signal?.addEventListener('abort', end);
    // A group of its own does not get the terminal's Ctrl-C.
    const forget = onEnd(end);

    const finish = () => {
      clearTimeout(limit);
      clearTimeout(kill);
      signal?.removeEventListener('abort', end);
      forget();
    };
    child.once('error', (error) => {
      finish();
      reject(error);
    });
    child.once('close', (code) => {
      finish();
      resolve({ code: code ?? 1, output, timedOut });
    });
  });
}

/**
 * Signals a process started with `detached`, and everything it started.
 *
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
export function endTree(pid, signal) {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Gone already: what was wanted.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/**
 * What a promise resolves to, or a failure when that takes too long.
 *
 * @template T
 * @param {number} seconds
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export async function within(seconds, promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let limit;
  const late = new Promise((_resolve, reject) => {
    limit = setTimeout(() => reject(new Error(`not done within ${seconds} s`)), seconds * 1000);
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(limit);
  }
}

/**
 * Calls `end` when this process is asked to stop. While anything listens, stopping is the listeners'
 * job: they end what they started, and the program then ends by itself.
 *
 * @param {() => void} end
 * @returns {() => void} forgets `end`
 */
export function onEnd(end) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}

/**
 * Makes a temporary folder that belongs to this process. It is the caller's to remove; those of
 * processes that were killed before they could are removed now.
 *
 * @returns {Promise<string>}
 */
export async function temporaryFolder() {
  for (const entry of await readdir(tmpdir())) {
    const owner = /^floatcast-(\d+)-/.exec(entry)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    // Another process may be at it too, or another user have made it.
    await rm(join(tmpdir(), entry), { recursive: true, force: true }).catch(() => undefined);
  }
  return mkdtemp(join(tmpdir(), `floatcast-${process.pid}-`));
}

/**
 * Does something while no other process on this machine does it. The lock of a process that died
 * is taken over.
 *
 * @template T
 * @param {string} file the lock file
 * @param {() => Promise<T>} action
 * @param {number} [seconds] how long to wait for another process
 * @returns {Promise<T>}
 */
export async function exclusively(file, action, seconds = 600) {
  await mkdir(dirname(file), { recursive: true });
  const limit = Date.now() + seconds * 1000;
  while (!(await claim(file))) {
    if (Date.now() > limit) throw new Error(`Waited ${seconds} s for another process: ${file}`);
    await delay(250);
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

/** @param {string} file */
async function claim(file) {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  const owner = await readFile(file, 'utf8').catch(() => '');
  // Empty: its owner is between creating and writing it, or died there.
  if (owner !== '' && !isAlive(Number(owner))) await rm(file, { force: true });
  return false;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
