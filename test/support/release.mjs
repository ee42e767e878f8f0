/**
 * `npm run release -- <tag> [<folder>]`: what a release of a tag is, held against manifest and
 * changelog; its packages and notes, made into the folder; the commands that publish them, printed.
 *
 * `npm run release -- <tag> <folder> --publish=<place>` runs the command of one place, on packages
 * that are there: the workflow makes them once, tests them, and publishes those.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../editor/host/paths.mjs';
import { makeCommandLine, makeExtension } from './package.mjs';
import { run } from './processes.mjs';

/**
 * @typedef {object} Release
 * @property {string} version
 * @property {boolean} preRelease
 * @property {string} notes the changelog's section, as Markdown
 */

/**
 * What a tag releases. VS Code knows no versions with a suffix: by its custom a version with an odd
 * minor number is a pre-release, of which npm's users are told only by the tag `next`.
 *
 * @param {string} tag
 * @param {{ version: string, changelog: string }} repository
 * @returns {Release}
 * @throws when the tag is of another version, or the changelog has nothing on it
 */
export function releaseOf(tag, { version, changelog }) {
  if (tag !== `v${version}`) throw new Error(`The tag ${tag} is not v${version} of package.json.`);
  const [, minor] = /^\d+\.(\d+)\.\d+$/.exec(version) ?? [];
  if (minor === undefined) throw new Error(`${version} is not three numbers, as VS Code has it.`);
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((each) => each.split('\n', 1)[0] === version);
  const notes = section?.slice(version.length).trim() ?? '';
  if (notes === '') throw new Error(`CHANGELOG.md has nothing on ${version}.`);
  return { version, preRelease: Number(minor) % 2 === 1, notes };
}

/**
 * The commands that publish a release, by their places. They take their secrets from the environment
 * (`VSCE_PAT`, `OVSX_PAT`); npm trusts the workflow itself and signs where the package comes from.
 *
 * @param {Release} release
 * @param {string} folder
 * @returns {Record<'marketplace' | 'open-vsx' | 'npm', readonly [string, ...string[]]>}
 */
export function publishing({ version, preRelease }, folder) {
  const extension = join(folder, `floatcast-${version}.vsix`);
  const commandLine = join(folder, `floatcast-${version}.tgz`);
  const channel = preRelease ? ['--pre-release'] : [];
  return {
    marketplace: ['npx', 'vsce', 'publish', '--packagePath', extension, ...channel],
    // It wants a newer Node than this project does, so it is no dependency.
    'open-vsx': ['npx', '--yes', 'ovsx@1.3.0', 'publish', extension, ...channel],
    npm: ['npm', 'publish', commandLine, `--tag=${preRelease ? 'next' : 'latest'}`],
  };
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { publish: { type: 'string' } },
  });
  const [tag = '', folder = join('out', 'release')] = positionals;
  const [manifest, changelog] = await Promise.all(
    ['package.json', 'CHANGELOG.md'].map((name) => readFile(join(root, name), 'utf8')),
  );
  const release = releaseOf(tag, { version: JSON.parse(manifest).version, changelog });
  const commands = publishing(release, resolve(root, folder));
  const { publish } = values;
  if (publish !== undefined) {
    const chosen = commands[/** @type {keyof typeof commands} */ (publish)];
    if (!chosen) throw new Error(`There is no ${publish}: ${Object.keys(commands).join(', ')}.`);
    const [command, ...args] = chosen;
    const { code } = await run(command, args, { cwd: root });
    if (code !== 0) throw new Error(`Publishing to ${publish} failed.`);
    return;
  }
  await mkdir(resolve(root, folder), { recursive: true });
  const extension = join(resolve(root, folder), `floatcast-${release.version}.vsix`);
  await makeExtension(extension, { preRelease: release.preRelease });
  await makeCommandLine(resolve(root, folder));
  await writeFile(join(resolve(root, folder), 'notes.md'), `${release.notes}\n`);
  console.log(`${release.version}, ${release.preRelease ? 'a pre-release' : 'a release'}`);
  for (const command of Object.values(commands)) console.log(`  ${command.join(' ')}`);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
