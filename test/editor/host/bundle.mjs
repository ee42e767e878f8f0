/**
 * Bundles the suites of one folder, together with the loader, into the one script that VS Code runs.
 */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

const editor = join(root, 'test', 'editor');

/** What a suite that runs in the browser gets in place of modules that are Node's. */
const inBrowser = {
  mocha: './test/editor/web/mocha.ts',
  'node:assert': './test/editor/web/assert.ts',
  'node:assert/strict': './test/editor/web/assert.ts',
};

/**
 * @typedef {object} Bundle
 * @property {string} name
 * @property {string} folder the folder in `test/editor` whose `*.test.ts` are the suites
 * @property {boolean} web whether they run in the browser's extension host
 * @property {string} extensionId
 * @property {string} grep
 */

/**
 * @param {Bundle} bundle
 * @returns {Promise<string | undefined>} the script, if the folder has suites
 */
export async function bundleSuites({ name, folder, web, extensionId, grep }) {
  const entries = await readdir(join(editor, folder)).catch(() => []);
  const suites = entries.filter((entry) => entry.endsWith('.test.ts')).sort();
  if (suites.length === 0) return undefined;
  const outfile = join(root, 'out', 'editor', `${name}.js`);
  await build({
    stdin: {
      contents: `
        import { runSuites } from './index.ts';
        export const run = () => runSuites({
          extensionId: ${JSON.stringify(extensionId)},
          grep: ${JSON.stringify(grep)},
          // Not imports: a suite registers itself when it is executed, after mocha is there.
          load: () => { ${suites.map((suite) => `require('./${folder}/${suite}');`).join(' ')} },
        });`,
      resolveDir: editor,
      sourcefile: `${name}.ts`,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: web ? 'browser' : 'node',
    mainFields: ['module', 'main'],
    format: 'cjs',
    target: 'es2022',
    // In Node mocha is left outside: it finds its reporters by name.
    external: web ? ['vscode'] : ['vscode', 'mocha'],
    alias: web ? inBrowser : {},
    absWorkingDir: root,
    logLevel: 'warning',
  });
  return outfile;
}

/** The folders under `test/editor/suites` that have suites, the folder itself as an empty name. */
export async function suiteFolders() {
  const found = await readdir(join(editor, 'suites'), { recursive: true }).catch(() => []);
  const suites = found.filter((path) => path.endsWith('.test.ts'));
  return new Set(suites.map((path) => relative('.', join(path, '..'))));
}
