/**
 * The packages whose code stands in bundles, as esbuild tells: their licences as a text, and a bill
 * of materials.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { root } from '../editor/host/paths.mjs';
import { run } from './processes.mjs';

/**
 * @typedef {object} Bundled
 * @property {string} name
 * @property {string} version
 * @property {string} license its SPDX expression
 * @property {string} texts what its licence and notice files say
 * @property {readonly string[]} bundles the scripts that hold code of it, sorted
 */

/**
 * @param {readonly import('esbuild').Metafile[]} metafiles
 * @param {string} folder the bundles' paths are told from it
 * @returns {Promise<readonly Bundled[]>} by name and version
 * @throws when one comes without its licence
 */
export async function bundledPackages(metafiles, folder) {
  /** @type {Map<string, Set<string>>} */
  const homes = new Map();
  for (const [output, { inputs }] of metafiles.flatMap(({ outputs }) => Object.entries(outputs))) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const home = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
      if (home === undefined || bytesInOutput === 0) continue;
      const bundle = relative(folder, join(root, output)).replaceAll('\\', '/');
      homes.set(home, (homes.get(home) ?? new Set()).add(bundle));
    }
  }
  const all = await Promise.all(
    [...homes].map(async ([home, bundles]) => {
      /** @type {{ name: string, version: string, license: string }} */
      const { name, version, license } = JSON.parse(
        await readFile(join(root, home, 'package.json'), 'utf8'),
      );
      const texts = await legalTexts(join(root, home));
      return { name, version, license, texts, bundles: [...bundles].sort() };
    }),
  );
  return all
    .map((each) => ({ ...each, texts: each.texts || licenceElsewhere(each.name, all) }))
    .sort((a, b) => compare(`${a.name}@${a.version}`, `${b.name}@${b.version}`));
}

/**
 * Where the licence stands of a package that brings no file of it, as Microsoft's FAST does.
 *
 * @param {string} name
 * @param {readonly Bundled[]} all
 */
function licenceElsewhere(name, all) {
  const other = all.find(({ texts }) => texts.includes(`\n${name} `));
  if (!other) throw new Error(`${name} is bundled, and there is no licence of it.`);
  return `Its licence stands in the notices of ${other.name}, which is built on it.`;
}

/**
 * The text that goes with a package: who wrote what is bundled, and under which licence.
 *
 * @param {readonly Bundled[]} packages
 */
export function notices(packages) {
  const introduction =
    'Floatcast is under the MIT licence (LICENSE). The scripts of this package hold code of the ' +
    'packages below, under their own licences.';
  const sections = packages.map(
    ({ name, version, license, texts, bundles }) =>
      `${name} ${version} (${license}), in ${bundles.join(', ')}\n\n${texts}`,
  );
  return [introduction, ...sections].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n';
}

/**
 * The bill of materials by npm (CycloneDX), of what is bundled and nothing else.
 *
 * @param {readonly Bundled[]} packages
 * @param {{ name: string, version: string }} about the package that it goes with
 */
export async function billOfMaterials(packages, { name, version }) {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
  const { code, output } = await run('npm', args, { cwd: root, capture: true, seconds: 60 });
  if (code !== 0) throw new Error(`npm sbom failed.\n${output}`);
  const bom = /** @type {Bom} */ (JSON.parse(output.slice(output.indexOf('{'))));
  const { component, ...metadata } = bom.metadata;
  const components = packages.map((each) => {
    const ref = `${each.name}@${each.version}`;
    const found = bom.components.find(
      (candidate) => candidate.name === each.name && candidate.version === each.version,
    );
    if (!found) throw new Error(`package-lock.json has no ${ref}.`);
    // To npm it is there for development only, which for a bundle is not so.
    return { ...found, 'bom-ref': ref, scope: 'required', properties: undefined };
  });
  const { licenses, externalReferences, purl } = component;
  const own = `${name}@${version}`;
  return {
    ...bom,
    metadata: {
      ...metadata,
      lifecycles: [{ phase: 'build' }],
      component: {
        'bom-ref': own,
        type: 'application',
        ...{ name, version, purl, licenses, externalReferences },
      },
    },
    components,
    dependencies: [{ ref: own, dependsOn: components.map((each) => each['bom-ref']) }],
  };
}

/**
 * @typedef {{ 'bom-ref': string, name: string, version: string, purl: string, licenses: unknown, externalReferences: unknown, properties?: unknown }} Component
 * @typedef {{ metadata: { component: Component }, components: Component[] }} Bom
 */

/** @param {string} home */
async function legalTexts(home) {
  const names = await readdir(home);
  const legal = names.filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort(compare);
  const texts = await Promise.all(legal.map((name) => readFile(join(home, name), 'utf8')));
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n');
}

/**
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
