/**
 * `npm run screenshots`: takes the pictures in `media/` anew, from the extension as it is.
 *
 *     node test/editor/screenshots.mjs [scene…]
 */
import { relative } from 'node:path';
import { run } from '../support/processes.mjs';
import { openVSCode } from './host/drive.mjs';
import { root } from './host/paths.mjs';

/**
 * What is to be seen in each picture; the name is the file's. Each begins in a new window.
 *
 * @type {Record<string, (vscode: import('./host/drive.mjs').VSCode) => Promise<void>>}
 */
const scenes = {};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in scenes));
if (unknown.length > 0) {
  console.error(`There is no scene ${unknown.join(', ')}: ${Object.keys(scenes).join(', ')}.`);
  process.exit(1);
}
const build = await run(process.execPath, ['esbuild.js'], { cwd: root });
if (build.code !== 0) process.exit(build.code);

for (const [name, scene] of Object.entries(scenes)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const vscode = await openVSCode();
  try {
    await scene(vscode);
    console.log(relative(root, await vscode.screenshot(name)));
  } finally {
    await vscode.close();
  }
}
