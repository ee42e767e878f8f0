import { readFileSync, statSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { untar, unzip } from './archives.mjs';

const packages = inject('packages');
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/** What may be in the .vsix, beside what vsce writes itself. */
const extensionMayHold = [
  /^extension\/package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^extension\/(readme|changelog)\.md$/,
  /^extension\/(LICENSE|THIRD-PARTY-NOTICES)\.txt$/,
  /^extension\/sbom\.cdx\.json$/,
  /^extension\/dist\/(extension|features|panel|agents|sdk)\.js$/,
  /^extension\/dist\/panel\.css$/,
  /^extension\/l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
  /^extension\/media\/icon\.png$/,
  /^extension\/media\/walkthrough\/[\w-]+\.(md|png|svg)$/,
  /^extension\/media\/(assumptions|calibration|check)\.schema\.json$/,
  /^extension\/docs\/([\w-]+\/)*[\w-]+\.md$/,
  /^extension\/examples\/([\w.-]+\/)*[\w.-]+\.(ya?ml|toml|md|csv|sh)$/,
];

const extensionHolds = [
  ...['package.json', 'package.nls.json', 'readme.md', 'changelog.md', 'LICENSE.txt'],
  ...['dist/extension.js', 'dist/features.js', 'dist/panel.js', 'dist/panel.css'],
  ...['dist/agents.js', 'dist/sdk.js'],
  ...['media/icon.png', 'media/assumptions.schema.json', 'media/calibration.schema.json'],
  ...['docs/checks/critical-data-size.md', 'examples/torchtitan/llama3-8b-mxfp4.toml'],
  ...['THIRD-PARTY-NOTICES.txt', 'sbom.cdx.json'],
].map((path) => `extension/${path}`);

const commandLineMayHold = [
  /^package\/package\.json$/,
  /^package\/(README|CHANGELOG)\.md$/,
  /^package\/(LICENSE|THIRD-PARTY-NOTICES\.txt)$/,
  /^package\/sbom\.cdx\.json$/,
  /^package\/dist\/(cli|mcp)\.js$/,
  /^package\/media\/(assumptions|calibration|check)\.schema\.json$/,
  /^package\/docs\/([\w-]+\/)*[\w-]+\.md$/,
  /^package\/skills\/floatcast\/SKILL\.md$/,
];

const commandLineHolds = [
  ...['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist/cli.js', 'dist/mcp.js'],
  ...['docs/cli.md', 'media/check.schema.json', 'skills/floatcast/SKILL.md'],
  ...['THIRD-PARTY-NOTICES.txt', 'sbom.cdx.json'],
].map((path) => `package/${path}`);

let extension, commandLine;
beforeAll(async () => {
  extension = await unzip(packages.extension);
  commandLine = await untar(packages.commandLine);
});

describe('the .vsix', () => {
  it('holds what it is to hold, and nothing else', () => {
    const byVsce = ['[Content_Types].xml', 'extension.vsixmanifest'];
    const own = [...extension.keys()].filter((path) => !byVsce.includes(path));
    expect(unexpected(own, extensionMayHold)).toEqual([]);
    expect(extensionHolds.filter((path) => !extension.has(path))).toEqual([]);
  });

  it('weighs at most a megabyte', () => {
    expect(statSync(packages.extension).size).toBeLessThan(1_000_000);
  });

  it('has a manifest without what is for developers, whose entries are there', () => {
    const packed = json(extension, 'extension/package.json');
    expect(packed).toMatchObject({ name: 'floatcast', version: manifest.version });
    expect(Object.keys(packed)).not.toContain('devDependencies');
    expect(Object.keys(packed)).not.toContain('scripts');
    const entries = [packed.main, packed.browser].map((path) => path.replace(/^\./, 'extension'));
    expect(entries.filter((path) => !extension.has(path))).toEqual([]);
  });
});

describe('the npm package', () => {
  it('holds what it is to hold, and nothing else', () => {
    expect(unexpected([...commandLine.keys()], commandLineMayHold)).toEqual([]);
    expect(commandLineHolds.filter((path) => !commandLine.has(path))).toEqual([]);
  });

  it('is public, depends on nothing, and says in words what it is', () => {
    const packed = json(commandLine, 'package/package.json');
    expect(packed).toMatchObject({
      name: 'floatcast',
      version: manifest.version,
      bin: { floatcast: 'dist/cli.js' },
      engines: { node: '>=20' },
    });
    const unwanted = ['private', 'dependencies', 'peerDependencies', 'scripts', 'main', 'browser'];
    expect(Object.keys(packed).filter((key) => unwanted.includes(key))).toEqual([]);
    expect(packed.description).toMatch(/^[A-Z][^%]+$/);
  });

  it('starts by a line that names the interpreter', () => {
    const text = commandLine.get('package/dist/cli.js').toString();
    expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true);
  });
});

describe.each([
  ['the .vsix', () => extension, 'extension/', ['chart.js', 'yaml', '@microsoft/fast-element']],
  ['the npm package', () => commandLine, 'package/', ['commander', 'zod', 'yaml']],
])('the licences of %s', (_, archive, home, some) => {
  const noticesOf = () => archive().get(`${home}THIRD-PARTY-NOTICES.txt`).toString();
  const componentsOf = () => json(archive(), `${home}sbom.cdx.json`).components;

  it('are those of all packages that are bundled, with their texts', () => {
    const sections = noticesOf()
      .split(/\n-{80}\n/)
      .slice(1);
    const named = sections.map((text) => /^\n(\S+) (\S+) \((.+)\), in dist\//.exec(text));
    expect(named.filter((match) => match === null)).toEqual([]);
    const components = componentsOf().map(({ name, version }) => `${name} ${version}`);
    expect(named.map(([, name, version]) => `${name} ${version}`)).toEqual(components);
    const names = named.map(([, name]) => name);
    expect(some.filter((name) => !names.includes(name))).toEqual([]);
    expect(names).not.toContain('esbuild');
    // Each says who may do what, or where that is said.
    const silent = sections.filter((text) => !/[Cc]opyright|stands in the notices of/.test(text));
    expect(silent).toEqual([]);
  });

  it('are such as let them be passed on', () => {
    const licences = new Set(
      componentsOf().flatMap(({ licenses }) => licenses.map(({ license }) => license.id)),
    );
    const permissive = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0'];
    expect([...licences].filter((id) => !permissive.includes(id))).toEqual([]);
    expect(licences.size).toBeGreaterThan(2);
  });

  it('stand in a bill of materials that is CycloneDX', async () => {
    const text = archive().get(`${home}sbom.cdx.json`).toString();
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
    expect(await validator.validate(text)).toBeNull();
    const { metadata } = JSON.parse(text);
    expect(metadata.component).toMatchObject({ name: 'floatcast', version: manifest.version });
  });
});

/** The paths that no pattern admits. */
function unexpected(paths, patterns) {
  return paths.filter((path) => !patterns.some((pattern) => pattern.test(path)));
}

function json(archive, path) {
  return JSON.parse(archive.get(path).toString());
}
