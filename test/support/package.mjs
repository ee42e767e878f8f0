/**
 * `npm run package`: builds for production, makes the .vsix, and checks that vsce has nothing to
 * complain about and that what is published is what is meant to be.
 */
import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../editor/host/paths.mjs';
import { run } from './processes.mjs';

/** What may be in the package. `.vscodeignore` says the same, but there a slip is silent. */
const allowed = [
  /^package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^dist\/(web\/)?extension\.js$/,
  /^dist\/features\.js$/,
  /^dist\/panel\.(js|css)$/,
  /^l10n\/[^/]+\.json$/,
  /^media\/(icon\.png|walkthrough\/.+\.(png|md)|[^/]+\.schema\.json)$/,
  /^docs\/.+\.md$/,
  /^examples\/.+\.(ya?ml|toml|md|csv)$/,
];

/** What has to be in it. */
const needed = [
  ...['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE'],
  ...['dist/extension.js', 'dist/features.js', 'dist/web/extension.js'],
  ...['dist/panel.js', 'dist/panel.css'],
  'media/assumptions.schema.json',
  ...['docs/README.md', 'docs/laws/README.md', 'docs/checks/critical-data-size.md'],
];

/**
 * Builds the package; throws when anything is not as it should be.
 *
 * @param {string} file the .vsix to write
 * @returns {Promise<readonly string[]>} the paths of the files in it
 */
export async function makePackage(file) {
  const build = await run(process.execPath, ['esbuild.js', '--production'], { cwd: root });
  if (build.code !== 0) throw new Error('The production build failed.');

  const files = (await vsce(['ls'])).split(/\r?\n/).filter((line) => line !== '');
  const extra = files.filter((path) => !allowed.some((pattern) => pattern.test(path)));
  if (extra.length > 0) throw new Error(`Not meant to be published: ${extra.join(', ')}.`);
  const missing = needed.filter((path) => !files.includes(path));
  if (missing.length > 0) throw new Error(`Missing from the package: ${missing.join(', ')}.`);

  const output = await vsce(['package', '--out', file]);
  if (/\bWARN(ING)?\b/.test(output)) throw new Error(`vsce warns.\n${output}`);
  return files;
}

/** @param {readonly string[]} args */
async function vsce(args) {
  const script = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const all = [script, ...args, '--no-dependencies'];
  const { code, output } = await run(process.execPath, all, {
    cwd: root,
    capture: true,
    seconds: 120,
  });
  if (code !== 0) throw new Error(`vsce ${args[0]} failed.\n${output}`);
  return output;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  /** @type {{ name: string, version: string }} */
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const file = join(root, `${name}-${version}.vsix`);
  try {
    const files = await makePackage(file);
    const { size } = await stat(file);
    console.log(`${relative(root, file)}: ${files.length} files, ${Math.ceil(size / 1024)} KB`);
    console.log(files.join('\n'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
