/**
 * The embedded VS Code as a running server: started, asked for addresses, stopped.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run, temporaryFolder } from '../../support/processes.mjs';
import { installEmbedded } from './install.mjs';

/** Settings of a VS Code that is opened by a program, and asks it nothing. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
};

/**
 * @typedef {object} ServerOptions
 * @property {string} [userData] the folder of user settings and state; a temporary one by default
 * @property {string} [extensions] the folder of installed extensions; a temporary one by default
 * @property {string} [helper] the folder of an extension to be installed as it is
 * @property {Record<string, unknown>} [settings] user settings, where the folder has none yet
 * @property {Record<string, string>} [environment] variables that its extensions see
 * @property {boolean} [trust] whether every folder is trusted, which is the default; without it one
 *   opens in Restricted Mode
 */

/**
 * @typedef {object} Page what a window of the editor opens with
 * @property {string} folder the workspace
 * @property {string} [file] what is open in it at first
 * @property {string} [development] the folder of an extension in development; in a browser there
 *   can be one
 * @property {string} [tests] the script whose `run()` tests them
 */

/** A running embedded VS Code. */
export class Server {
  /** @type {import('node:child_process').ChildProcess} */
  #supervisor;
  #output = '';
  #stopping = false;

  /**
   * @param {import('node:child_process').ChildProcess} supervisor
   * @param {string} version
   * @param {string} temporary
   * @param {string} userData
   */
  constructor(supervisor, version, temporary, userData) {
    this.#supervisor = supervisor;
    /** VS Code's version. */
    this.version = version;
    /** A folder that is removed with the server, whatever happens to this process. */
    this.temporary = temporary;
    /** The folder of user settings and state. */
    this.userData = userData;
    /** The address, known when it listens. */
    this.origin = '';
    /** Rejects when the server ends without having been asked to. */
    this.failed = new Promise((_resolve, reject) => {
      supervisor.once('exit', (code) => {
        if (!this.#stopping) reject(this.#failure(`The VS Code server ended with code ${code}.`));
      });
    });
    // It is often raced only later; until then a rejection is not an unhandled one.
    this.failed.catch(() => undefined);
  }

  /** Waits until the server can be talked to. */
  async #listening() {
    const { stdout, stderr } = this.#supervisor;
    /** @type {NodeJS.Timeout | undefined} */
    let limit;
    const address = new Promise((resolve, reject) => {
      limit = setTimeout(
        () => reject(this.#failure('The VS Code server did not start within 60 s.')),
        60_000,
      );
      for (const stream of [stdout, stderr]) {
        stream?.on('data', (/** @type {Buffer} */ chunk) => {
          // Enough to explain a failure; a server may write for hours.
          this.#output = (this.#output + chunk.toString()).slice(-8000);
          const match = /Web UI available at http:\/\/[^/\s]+:(\d+)/.exec(this.#output);
          // By number: `localhost` may be another address, and webviews want the page's own origin.
          if (match) resolve(`http://127.0.0.1:${match[1]}`);
        });
      }
    });
    try {
      this.origin = /** @type {string} */ (await Promise.race([address, this.failed]));
    } finally {
      clearTimeout(limit);
    }
  }

  /** @param {string} message */
  #failure(message) {
    return new Error(`${message}\n${this.#output}`.trimEnd());
  }

  /**
   * The address of a window.
   *
   * @param {Page} page
   */
  address({ folder, file, development, tests }) {
    const remote = (/** @type {string} */ path) =>
      `vscode-remote://${new URL(this.origin).host}${pathToFileURL(path).pathname}`;
    const payload = [
      ...(development === undefined ? [] : [['extensionDevelopmentPath', remote(development)]]),
      ...(file === undefined ? [] : [['openFile', remote(file)]]),
      ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
      ['skipWelcome', 'true'],
    ];
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
    return `${this.origin}/?${query}`;
  }

  /**
   * A second path to the folder of an extension, to develop it from. VS Code takes every colour theme
   * below that folder for the one that is developed, and shows it in place of the person's choice; and
   * below ours, in `.vscode-test`, are all that VS Code comes with.
   *
   * @param {string} folder
   */
  async fromElsewhere(folder) {
    const path = join(this.temporary, 'development');
    await symlink(resolve(folder), path);
    return path;
  }

  /** Ends the server and all it started, and removes its temporary folder. */
  async stop() {
    this.#stopping = true;
    if (this.#supervisor.exitCode !== null || this.#supervisor.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#supervisor.once('exit', resolve));
    this.#supervisor.stdin?.end();
    await ended;
  }

  /**
   * @param {ServerOptions} [options]
   * @returns {Promise<Server>}
   */
  static async start(options = {}) {
    const { version, node, server } = await installEmbedded();
    const temporary = await temporaryFolder();
    const userData = options.userData ?? join(temporary, 'user');
    const extensions = options.extensions ?? join(temporary, 'extensions');
    await writeSettings(userData, options.settings ?? quietSettings, { keep: true });
    if (options.helper !== undefined) {
      await cp(options.helper, join(extensions, basename(options.helper)), { recursive: true });
    }
    const args = [
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
      // Without this one a built product ignores the extension in development.
      '--enable-smoke-test-driver',
      ...(options.trust === false ? [] : ['--disable-workspace-trust']),
      ...['--server-data-dir', join(temporary, 'server')],
      ...folders(userData, extensions),
    ];
    const supervise = fileURLToPath(new URL('supervise.mjs', import.meta.url));
    const supervisor = spawn(process.execPath, [supervise, temporary, node, server, ...args], {
      env: { ...serverEnvironment(temporary), ...options.environment },
      stdio: 'pipe',
      // The terminal's Ctrl-C is for us; we then stop the server in order.
      detached: true,
    });
    const started = new Server(supervisor, version, temporary, userData);
    try {
      await started.#listening();
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }
}

/**
 * Installs a packaged extension as a user does.
 *
 * @param {string} file the .vsix
 * @param {{ userData: string, extensions: string }} into
 * @returns {Promise<number>} the exit code
 */
export async function installExtension(file, { userData, extensions }) {
  const { node, server } = await installEmbedded();
  const temporary = join(userData, 'install');
  await mkdir(temporary, { recursive: true });
  const args = ['--install-extension', file, ...folders(userData, extensions)];
  const own = ['--server-data-dir', temporary];
  const { code, output } = await run(node, [server, ...args, ...own], {
    env: serverEnvironment(temporary),
    capture: true,
    seconds: 120,
  });
  // Otherwise it is long, and about the native modules that are not there.
  if (code !== 0) console.error(output);
  return code;
}

/**
 * Writes user settings, which VS Code reads when it starts.
 *
 * @param {string} userData
 * @param {Record<string, unknown>} settings
 * @param {{ keep?: boolean }} [options] `keep` leaves a file that is there as it is
 */
export async function writeSettings(userData, settings, { keep = false } = {}) {
  const file = join(userData, 'User', 'settings.json');
  if (keep && existsSync(file)) return;
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(file, JSON.stringify(settings, null, 2));
}

/**
 * @param {string} userData
 * @param {string} extensions
 */
function folders(userData, extensions) {
  const profile = ['--user-data-dir', userData, '--extensions-dir', extensions];
  return [...profile, '--accept-server-license-terms', '--telemetry-level', 'off'];
}

/**
 * Our environment, without what a VS Code that we may have been started from left in it, and with
 * every folder that programs write to as they please inside the temporary one.
 *
 * @param {string} temporary
 */
function serverEnvironment(temporary) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE|ELECTRON)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: temporary,
    TMPDIR: temporary,
    // Otherwise a login shell is asked for its environment, which differs from machine to machine.
    VSCODE_CLI: '1',
  };
}
