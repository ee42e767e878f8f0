// Every list outside of the code that a shelf can give: the tables of the README and of the laws'
// pages, the choices in package.json and in the schemas. `npm run docs` writes them,
// `test/unit/docs.test.mjs` compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { loadCore } from './core.mjs';
import { editorStrings } from './l10n.mjs';

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

/** Tables of the README for the list of pages, which lies among them. */
function pageTables(shelves, manifest, nls) {
  const { checks, laws, hardware } = tables(shelves, manifest, nls);
  const beside = (text) => text.replaceAll('](docs/', '](');
  return { checks: beside(checks), laws: beside(laws), hardware };
}

const count = (value) => new Intl.NumberFormat('en', { notation: 'compact' }).format(value);

/** The tables by the name of their place in the README. */
function tables({ readers, checks, laws, accelerators, withPapers }, manifest, nls) {
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
        withPapers(source),
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
function constantsTable({ constants }) {
  return table(
    ['constant', 'value'],
    Object.entries(constants).map(([name, value]) => [`\`${name}\``, value ?? 'not published']),
  );
}

/** Every recipe rule in a section of its own, which a finding links to. */
function ruleSections({ rules, readers }) {
  const names = new Map(readers.map(({ id, name }) => [id, name]));
  const seen = {
    run: 'by running the framework’s own code',
    source: 'in its source',
    documentation: 'in its documentation',
  };
  const sourceOf = ({ repository, commit, at }) =>
    `${repository}${commit === undefined ? '' : ` ${commit}`} \`${at}\``;
  return rules
    .map((rule) =>
      [
        `### ${rule.id}`,
        `**${rule.severity[0].toUpperCase()}${rule.severity.slice(1)}** in ${rule.frameworks.map((id) => names.get(id)).join(', ')}${{ undefined: '', string: ', off by default', object: ', off by default in some configs' }[typeof rule.byDefault]}. ${rule.title}.`,
        rule.message,
        rule.remedy,
        `Seen ${seen[rule.verified]}: ${rule.sources.map(sourceOf).join('; ')}.`,
      ].join('\n\n'),
    )
    .join('\n\n');
}

/** Every command with its options and examples, in a section of its own. */
function commandSections({ definitions }) {
  return definitions
    .map(({ name, summary, arguments: rest, options, examples = [] }) => {
      const written = options.map(({ name: option, short, value }) =>
        [
          short === undefined ? '' : `-${short}, `,
          `--${option}`,
          value === undefined ? '' : ` ${value}`,
        ].join(''),
      );
      const rows = options.map(({ says, choices, repeated = false }, at) => [
        `\`${written[at]}\``,
        [
          says,
          ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
          ...(repeated ? ['may be repeated'] : []),
        ].join('; '),
      ]);
      return [
        `## ${name}`,
        `${summary}.`,
        ...(rest === undefined ? [] : [`\`floatcast ${name} ${rest.name}\`: ${rest.says}.`]),
        ...(rows.length === 0 ? [] : [table(['option', 'says'], rows)]),
        ...(examples.length === 0 ? [] : [['```', ...examples, '```'].join('\n')]),
      ].join('\n\n');
    })
    .join('\n\n');
}

/** The text with each `<!-- name -->…<!-- /name -->` section holding its table; each must be there. */
export function withTables(text, byName) {
  return Object.entries(byName).reduce((whole, [name, content]) => {
    const section = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
    if (!section.test(whole)) throw new Error(`There is no section <!-- ${name} -->.`);
    return whole.replace(section, (_, open, close) => `${open}${content}\n${close}`);
  }, text);
}

export const read = (file) => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8');

/** A setting or a key of a schema that takes an item of a shelf. */
const choiceOf = (items) => ({
  enum: items.map(({ id }) => id),
  enumDescriptions: items.map(({ name }) => name),
});

/** What package.json offers as values of settings. */
function withChoices(manifest, { laws, accelerators, findingIds }) {
  const settings = Object.assign(
    {},
    ...manifest.contributes.configuration.map(({ properties }) => properties),
  );
  Object.assign(settings['floatcast.law'], {
    enum: laws.map(({ id }) => id),
    enumItemLabels: laws.map(({ name }) => name),
    enumDescriptions: laws.map(({ source }) => source),
  });
  Object.assign(settings['floatcast.hardware'], {
    enum: ['', ...accelerators.map(({ id }) => id)],
    enumItemLabels: ['%setting.hardware.none%', ...accelerators.map(({ name }) => name)],
  });
  Object.assign(settings['floatcast.disabledChecks'].items, { enum: findingIds });
  return manifest;
}

function withAssumptions(schema, { laws, accelerators, formats, findingIds }) {
  Object.assign(schema.definitions.hardware, choiceOf(accelerators));
  Object.assign(schema.definitions.law, choiceOf(laws));
  // Any other format is e<E>m<M>, so that the list is one of examples.
  schema.definitions['allowed-formats'].items = {
    anyOf: [{ enum: formats.map(({ id }) => id) }, { pattern: '^e\\d+m\\d+$' }],
  };
  schema.definitions['disabled-checks'].items = { enum: findingIds };
  schema.properties.ignore.items.properties.id.enum = findingIds;
  return schema;
}

function withLaws(schema, { laws }) {
  Object.assign(schema.properties.law, choiceOf(laws));
  return schema;
}

async function json(file, value) {
  return pretty(file, JSON.stringify(value));
}

async function pretty(file, content) {
  const options = await resolveConfig(file);
  return format(content, { ...options, filepath: file });
}

/** The first look of an editor needs the readers' words, and none of the readers. */
function wordsModule({ readers, allWords }) {
  return `/** The words of all readers (\`FrameworkReader.words\`): \`npm run docs\` writes them. */
export const words = ${JSON.stringify(allWords(readers))} as const;
`;
}

/** Each file with a generated part, as `[path, the text that it has when it is fresh]`. */
export async function freshFiles(shelves) {
  const parsed = (file) => JSON.parse(read(file));
  const words = 'src/core/config/words.ts';
  const nls = parsed('package.nls.json');
  const manifest = withChoices(parsed('package.json'), shelves);
  const [assumptions, calibration] = ['assumptions', 'calibration'].map(
    (name) => `media/${name}.schema.json`,
  );
  return [
    ['README.md', withTables(read('README.md'), tables(shelves, manifest, nls))],
    ['docs/README.md', withTables(read('docs/README.md'), pageTables(shelves, manifest, nls))],
    [
      'docs/checks/recipe-rules.md',
      withTables(read('docs/checks/recipe-rules.md'), { rules: ruleSections(shelves) }),
    ],
    ['docs/cli.md', withTables(read('docs/cli.md'), { commands: commandSections(shelves) })],
    ...shelves.laws.map((law) => {
      const page = `docs/laws/${law.id}.md`;
      return [page, withTables(read(page), { constants: constantsTable(law) })];
    }),
    [words, await pretty(words, wordsModule(shelves))],
    ['package.json', await json('package.json', manifest)],
    [assumptions, await json(assumptions, withAssumptions(parsed(assumptions), shelves))],
    [calibration, await json(calibration, withLaws(parsed(calibration), shelves))],
    ['l10n/bundle.l10n.json', await json('l10n/bundle.l10n.json', await editorStrings())],
  ];
}

async function main() {
  const shelves = await loadCore(
    'docs',
    `export { readers } from './src/core/frameworks/registry.ts';
    export { allWords } from './src/core/config/prefilter.ts';
    export { checks, findingIds } from './src/core/checks/registry.ts';
    export { rules } from './src/core/rules/registry.ts';
    export { laws } from './src/core/laws/registry.ts';
    export { formats } from './src/core/formats/registry.ts';
    export { withPapers } from './src/core/present/markdown.ts';
    export { accelerators } from './src/core/hardware/registry.ts';
    export { definitions } from './src/cli/definitions.ts';`,
  );
  for (const [file, text] of await freshFiles(shelves)) {
    if (read(file) === text) continue;
    writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
