// Builds the bundles: the entry for the Node host, the features (with the entry once more, the whole
// of the extension in the browser), the panel, the command line and the servers for agents.
// `node esbuild.js [--watch] [--production]`; a failed build exits non-zero.
const { join } = require('node:path');
const { build, context } = require('esbuild');

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
  // jsonc-parser's UMD `main` does not survive bundling; its `module` entry does.
  mainFields: ['module', 'main'],
  // The build of yaml for Node asks for an environment variable at every token it reads, which is a
  // sixth of the time it takes; the one for browsers is the same but for that.
  alias: { yaml: join(__dirname, 'node_modules/yaml/browser/dist/index.js') },
  metafile: true,
};

/**
 * Leaves a part to its own script, which Node loads when it is asked for.
 *
 * @param {RegExp} filter what the entry imports it as
 * @param {string} path the script
 * @returns {import('esbuild').Plugin}
 */
const apart = (filter, path) => ({
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter }, ({ importer }) =>
      importer === '' ? undefined : { path, external: true },
    );
  },
});

/**
 * Leaves out zod's messages in fifty languages, a seventh of the server for agents; it uses English.
 *
 * @type {import('esbuild').Plugin}
 */
const english = {
  name: 'english',
  setup({ onResolve }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, resolveDir }) =>
      resolveDir.includes('zod')
        ? { path: join(resolveDir, path.replace(/index\.js$/, 'en.js')) }
        : undefined,
    );
  },
};

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  {
    entryPoints: ['src/vscode/extension.ts'],
    outfile: 'dist/extension.js',
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    plugins: [apart(/\/features\.ts$/, './features.js')],
    // Becomes `require`, whose `vscode` the extension host answers.
    supported: { 'dynamic-import': false },
  },
  {
    // One script for three: the browser's host can load no second one, and both the entry in Node and
    // the server for agents would bring the core again. Each evaluates what it asks for.
    stdin: {
      contents: `
        export * from './src/vscode/bundle.ts';
        export const serve = async (...given) =>
          (await import('./src/cli/mcp/server.ts')).serve(...given);`,
      resolveDir: __dirname,
    },
    outfile: 'dist/features.js',
    platform: 'browser',
    format: 'cjs',
    // Node is asked for, and gone without where it is not there (`vscode/realPaths.ts`).
    external: ['vscode', 'node:*'],
    plugins: [apart(/\/sdk\.ts$/, './sdk.js')],
  },
  {
    entryPoints: ['src/cli/mcp/main.ts'],
    outfile: 'dist/agents.js',
    platform: 'node',
    format: 'cjs',
    plugins: [apart(/\/server\.ts$/, './features.js')],
  },
  {
    entryPoints: ['src/cli/mcp/sdk.ts'],
    outfile: 'dist/sdk.js',
    platform: 'node',
    format: 'cjs',
    plugins: [english],
  },
  {
    entryPoints: ['webview/main.ts'],
    outfile: 'dist/panel.js',
    platform: 'browser',
    format: 'iife',
  },
  { entryPoints: ['webview/styles.css'], outfile: 'dist/panel.css' },
  {
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    platform: 'node',
    format: 'cjs',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [apart(/\/mcp\/server\.ts$/, './mcp.js')],
  },
  {
    entryPoints: ['src/cli/mcp/server.ts'],
    outfile: 'dist/mcp.js',
    platform: 'node',
    format: 'cjs',
    plugins: [english],
  },
];

async function main() {
  for (const bundle of bundles) {
    const options = { ...shared, ...bundle };
    if (watch) {
      await (await context(options)).watch();
    } else {
      await build(options);
    }
  }
}

module.exports = { bundles, shared };

if (require.main === module) {
  main().catch(() => {
    process.exitCode = 1;
  });
}
