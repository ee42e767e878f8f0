// The generated tables of the README and of the laws' pages: `npm run docs` writes them,
// `test/unit/docs.test.mjs` compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadCore } from './core.mjs';

/** A table's cell; links to commands work in the settings editor only. */
const cell = (text) =>
  String(text)
    .replace(/\s*\[[^\]]*\]\(command:[^)]*\)/g, '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map(cell).join(' | ')} |`)
    .join('\n');

function text(value, nls) {
  const key = /^%(.+)%$/.exec(value ?? '')?.[1];
  return key === undefined ? (value ?? '') : (nls[key] ?? '');
}

function settingRows(manifest, nls) {
  const groups = [manifest.contributes.configuration].flat();
  return groups.flatMap((group) =>
    Object.entries(group.properties).map(([id, setting]) => [
      `\`${id}\``,
      `\`${JSON.stringify(setting.default)}\``,
      text(setting.markdownDescription ?? setting.description, nls),
    ]),
  );
}

const count = (value) => new Intl.NumberFormat('en', { notation: 'compact' }).format(value);

/** The tables by the name of their place in the README. */
export function tables({ readers, checks, laws, accelerators }, manifest, nls) {
  return {
    frameworks: table(
      ['framework', 'id', 'what is read'],
      readers.map((reader) => [reader.name, `\`${reader.id}\``, reader.reads]),
    ),
    checks: table(
      ['check', 'severity', 'says'],
      checks.map((check) => [
        `[\`${check.id}\`](docs/checks/${check.id}.md)`,
        check.severity,
        check.summary,
      ]),
    ),
    laws: table(
      ['law', 'fit', 'stage', 'operands', 'D_crit', 'fitted on', 'source'],
      laws.map(({ id, name, fit, stage, operands, criticalSize, fitted, source }) => [
        `[${name}](docs/laws/${id}.md)`,
        fit === 'own' ? 'our own' : 'published',
        stage,
        operands.length > 0 ? operands.join(', ') : 'none',
        criticalSize.exists ? (criticalSize.source === '' ? 'derived' : 'yes') : 'none',
        `N ${fitted.parameters.map(count).join('–')}, D ${fitted.tokens.map(count).join('–')}`,
        source,
      ]),
    ),
    hardware: table(
      ['accelerator', 'id', 'source'],
      accelerators.map((each) => [each.name, `\`${each.id}\``, each.source]),
    ),
    settings: table(['setting', 'default', 'what it does'], settingRows(manifest, nls)),
  };
}

/** A law's constants by the names that a calibration file gives them. */
export function constantsTable({ constants }) {
  return table(
    ['constant', 'value'],
    Object.entries(constants).map(([name, value]) => [`\`${name}\``, value ?? 'not published']),
  );
}

/** The text with each `<!-- name -->…<!-- /name -->` section holding its table. */
export function withTables(text, byName) {
  return Object.entries(byName).reduce(
    (whole, [name, content]) =>
      whole.replace(
        new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`),
        (_, open, close) => `${open}${content}\n${close}`,
      ),
    text,
  );
}

export const read = (file) => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8');

async function main() {
  const core = await loadCore(
    'docs',
    `export { readers } from './src/core/frameworks/registry.ts';
    export { checks } from './src/core/checks/registry.ts';
    export { laws } from './src/core/laws/registry.ts';
    export { accelerators } from './src/core/hardware/registry.ts';`,
  );
  const manifest = JSON.parse(read('package.json'));
  const nls = JSON.parse(read('package.nls.json'));
  writeFileSync('README.md', withTables(read('README.md'), tables(core, manifest, nls)));
  for (const law of core.laws) {
    const page = `docs/laws/${law.id}.md`;
    writeFileSync(page, withTables(read(page), { constants: constantsTable(law) }));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
