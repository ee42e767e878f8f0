/**
 * Bundles the suites of one folder, together with the loader, into the one script that VS Code runs.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

const editor = join(root, 'test', 'editor');

/** Another process may run other suites at the same time. It is the caller's to remove. */
export const bundleFolder = join(root, 'out', 'editor', String(process.pid));

/**
 * What suites get in the browser in place of modules that are Node's.
 *
 * @type {import('esbuild').Plugin}
 */
const inBrowser = {
  name: 'in-browser',
  setup({ onResolve }) {
    const web = join(editor, 'web');
    onResolve({ filter: /^mocha$/ }, () => ({ path: join(web, 'mocha.ts') }));
    onResolve({ filter: /^node:assert(\/strict)?$/ }, () => ({ path: join(web, 'assert.ts') }));
  },
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
  const outfile = join(bundleFolder, `${name}.js`);
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
    plugins: web ? [inBrowser] : [],
    absWorkingDir: root,
    logLevel: 'warning',
  });
  return outfile;
}
