/**
 * `npm run package [-- --pre-release]`: the .vsix and the npm package, each put together in a folder
 * of its own from what it is meant to hold: bundles built for production, the licences of what is in
 * them, a bill of materials.
 */
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundles, shared } from '../../esbuild.js';
import { root } from '../editor/host/paths.mjs';
import { billOfMaterials, bundledPackages, notices } from './bundled.mjs';
import { run, temporaryFolder } from './processes.mjs';

/**
 * @typedef {Record<string, unknown> & { name: string, version: string, engines: Record<string, string>, files: readonly string[] }} Manifest
 */

/**
 * What the .vsix holds of the repository, beside the manifest, the notices and the bill. The pictures
 * of README.md are not in it: it shows those of the repository.
 */
const extensionBundles = [
  ...['extension.js', 'features.js', 'panel.js', 'panel.css'],
  // The server for agents, which takes the rest from the features.
  ...['agents.js', 'sdk.js'],
];
const extensionFiles = [
  /^package\.nls(\.[a-z-]+)?\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^l10n\/[^/]+\.json$/,
  /^media\/(icon\.png|walkthrough\/.+|[^/]+\.schema\.json)$/,
  /^docs\/.+\.md$/,
  /^examples\/.+$/,
];

/**
 * Makes the extension's package.
 *
 * @param {string} file the .vsix to write
 * @param {{ preRelease?: boolean }} [options]
 * @returns {Promise<readonly string[]>} the paths of the files in it, sorted
 */
export async function makeExtension(file, { preRelease = false } = {}) {
  return inStage(async (stage) => {
    // What is for developers and for npm.
    const none = { scripts: undefined, devDependencies: undefined, bin: undefined };
    const manifest = { ...(await manifestOf()), ...none };
    const ours = (await filesBelow(root)).filter((path) =>
      extensionFiles.some((pattern) => pattern.test(path)),
    );
    const files = await fill(stage, extensionBundles, ours, manifest);
    const channel = preRelease ? ['--pre-release'] : [];
    const output = await vsce(stage, ['package', '--out', file, ...channel]);
    if (/\bWARN(ING)?\b/.test(output)) throw new Error(`vsce warns.\n${output}`);
    return files;
  });
}

/**
 * Makes the npm package: the command line, with nothing to install beside it.
 *
 * @param {string} folder where to write it
 * @returns {Promise<{ file: string, files: readonly string[] }>}
 */
export async function makeCommandLine(folder) {
  return inStage(async (stage) => {
    const { name, version, license, keywords, homepage, bugs, repository, ...rest } =
      await manifestOf();
    /** @type {Record<string, string>} */
    const words = JSON.parse(await readFile(join(root, 'package.nls.json'), 'utf8'));
    const description = words['extension.description'];
    const about = { name, version, description, license, keywords, homepage, bugs, repository };
    const { bin, publishConfig } = rest;
    const manifest = { ...about, engines: { node: rest.engines['node'] }, bin, publishConfig };
    const isBundle = (/** @type {string} */ path) => path.startsWith('dist/');
    // What npm makes of `files` in package.json, which is the list.
    const [{ files: listed }] = /** @type {[{ files: { path: string }[] }]} */ (
      JSON.parse(await npmPack(root, ['--dry-run']))
    );
    const ours = listed.map(({ path }) => path).filter((path) => path !== 'package.json');
    const files = await fill(
      stage,
      rest.files.filter(isBundle).map((path) => basename(path)),
      ours.filter((path) => !isBundle(path)),
      manifest,
    );
    await npmPack(stage, [`--pack-destination=${folder}`]);
    return { file: join(folder, `${name}-${version}.tgz`), files };
  });
}

/**
 * Puts everything of a package into a folder.
 *
 * @param {string} stage
 * @param {readonly string[]} scripts the bundles, by the names of their files
 * @param {readonly string[]} ours files of the repository
 * @param {{ name: string, version: string }} manifest
 * @returns {Promise<readonly string[]>} the paths of the files, sorted
 */
async function fill(stage, scripts, ours, manifest) {
  const metafiles = [];
  for (const bundle of bundles.filter(({ outfile }) => scripts.includes(basename(outfile)))) {
    const outfile = join(stage, bundle.outfile);
    const options = { ...shared, ...bundle, outfile, absWorkingDir: root };
    const { metafile } = await build({ ...options, minify: true, sourcemap: false });
    metafiles.push(metafile);
  }
  const packages = await bundledPackages(metafiles, stage);
  await writeFile(join(stage, 'THIRD-PARTY-NOTICES.txt'), notices(packages));
  const bill = await billOfMaterials(packages, manifest);
  await writeFile(join(stage, 'sbom.cdx.json'), jsonText(bill));
  for (const path of ours) {
    await mkdir(dirname(join(stage, path)), { recursive: true });
    await cp(join(root, path), join(stage, path));
  }
  const files = await filesBelow(stage);
  await writeFile(join(stage, 'package.json'), jsonText({ ...manifest, files }));
  return [...files, 'package.json'].sort();
}

/** @returns {Promise<Manifest>} */
async function manifestOf() {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
}

/** @param {unknown} value */
function jsonText(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * The files below a folder, by their paths from it; installed and built ones are none.
 *
 * @param {string} folder
 * @returns {Promise<readonly string[]>}
 */
async function filesBelow(folder) {
  const skipped = /^(node_modules|out|coverage|\..+)$/;
  const below = async (/** @type {string} */ path) => {
    const entries = await readdir(join(folder, path), { withFileTypes: true });
    /** @type {string[][]} */
    const found = await Promise.all(
      entries
        .filter(({ name }) => !skipped.test(name))
        .map((entry) => {
          const each = path === '' ? entry.name : `${path}/${entry.name}`;
          return entry.isDirectory() ? below(each) : [each];
        }),
    );
    return found.flat();
  };
  return (await below('')).sort();
}

/**
 * @template T
 * @param {(stage: string) => Promise<T>} action
 * @returns {Promise<T>}
 */
async function inStage(action) {
  const stage = await temporaryFolder();
  try {
    return await action(stage);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {readonly string[]} args
 */
async function npmPack(folder, args) {
  const all = ['pack', '--json', '--ignore-scripts', ...args];
  const { code, output } = await run('npm', all, { cwd: folder, capture: true, seconds: 60 });
  if (code !== 0) throw new Error(`npm pack failed.\n${output}`);
  return output;
}

/**
 * @param {string} stage
 * @param {readonly string[]} args
 */
async function vsce(stage, args) {
  const script = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const all = [script, ...args, '--no-dependencies'];
  const { code, output } = await run(process.execPath, all, {
    cwd: stage,
    capture: true,
    seconds: 120,
  });
  if (code !== 0) throw new Error(`vsce ${args[0]} failed.\n${output}`);
  return output;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const { name, version } = await manifestOf();
    const file = join(root, `${name}-${version}.vsix`);
    const preRelease = process.argv.includes('--pre-release');
    const files = await makeExtension(file, { preRelease });
    const commandLine = await makeCommandLine(root);
    for (const made of [{ file, files }, commandLine]) {
      const { size } = await stat(made.file);
      const kilobytes = Math.ceil(size / 1000);
      console.log(`${relative(root, made.file)}: ${made.files.length} files, ${kilobytes} KB`);
      console.log(made.files.map((path) => `  ${path}`).join('\n'));
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
