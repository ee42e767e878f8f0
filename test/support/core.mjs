// The core for scripts that run without a build step of their own.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { build } from 'esbuild';

export const root = resolve(import.meta.dirname, '../..');

/** The builds of parsers that the bundles take instead of the packages' own choice. */
export const bundledParsers = { yaml: resolve(root, 'node_modules/yaml/browser/dist/index.js') };

/**
 * Bundles what `contents` exports into `out/<name>.cjs` and loads it (CommonJS: some parsers are).
 *
 * @param {string} name
 * @param {string} contents export statements, their paths relative to the project's root
 */
export async function loadCore(name, contents) {
  const outfile = resolve(root, `out/${name}.cjs`);
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    outfile,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    alias: bundledParsers,
    logLevel: 'error',
  });
  return createRequire(import.meta.url)(outfile);
}
