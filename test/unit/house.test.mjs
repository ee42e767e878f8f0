import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { plots } from '../../webview/plots/registry.ts';
import { checks } from '../../src/core/checks/registry.ts';
import { formats } from '../../src/core/formats/registry.ts';
import { composing, kinds, searchFor } from '../../src/core/config/prefilter.ts';
import { readers } from '../../src/core/frameworks/registry.ts';
import { accelerators } from '../../src/core/hardware/registry.ts';
import { laws } from '../../src/core/laws/registry.ts';
import { rules } from '../../src/core/rules/registry.ts';
import { syntaxOf } from '../../src/core/syntax/syntaxOf.ts';
import { corpusCases } from '../corpus/cases.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * The rooms of the house, most specific first: what each may import at run time, and what it may
 * import as types only. A room always may import itself. ARCHITECTURE.md says why.
 */
const rooms = [
  {
    room: 'src/core/syntax',
    packages: [
      'yaml',
      'jsonc-parser',
      'toml-eslint-parser',
      'unbash',
      '@lezer/python',
      '@lezer/common',
    ],
  },
  { room: 'src/core/run', imports: ['src/core/syntax'], types: ['src/core/formats'] },
  { room: 'src/core/architecture', imports: ['src/core/run'] },
  { room: 'src/core/formats' },
  { room: 'src/core/laws', imports: ['src/core/run', 'src/core/formats'] },
  { room: 'src/core/hardware', imports: ['src/core/formats'] },
  {
    room: 'src/core/resources',
    imports: ['src/core/run', 'src/core/architecture', 'src/core/hardware'],
  },
  {
    room: 'src/core/rules',
    imports: ['src/core/run', 'src/core/formats', 'src/core/hardware'],
    types: ['src/core/config', 'src/core/syntax'],
  },
  {
    room: 'src/core/config',
    imports: ['src/core/syntax', 'src/core/run', 'src/core/architecture', 'src/core/formats'],
  },
  {
    room: 'src/core/dialects',
    imports: [
      'src/core/config',
      'src/core/syntax',
      'src/core/run',
      'src/core/architecture',
      'src/core/formats',
    ],
  },
  {
    room: 'src/core/frameworks',
    imports: [
      'src/core/dialects',
      'src/core/config',
      'src/core/syntax',
      'src/core/run',
      'src/core/architecture',
      'src/core/formats',
    ],
  },
  {
    room: 'src/core/settings',
    imports: [
      'src/core/syntax',
      'src/core/run',
      'src/core/laws',
      'src/core/formats',
      'src/core/hardware',
    ],
    types: ['src/core/calibrate'],
    // Texts are parsed once, whoever reads them.
    files: ['src/core/config/trees.ts'],
  },
  {
    room: 'src/core/advise',
    imports: [
      'src/core/run',
      'src/core/laws',
      'src/core/formats',
      'src/core/hardware',
      'src/core/resources',
    ],
  },
  {
    room: 'src/core/checks',
    imports: [
      'src/core/syntax',
      'src/core/run',
      'src/core/laws',
      'src/core/formats',
      'src/core/hardware',
      'src/core/advise',
      'src/core/resources',
      'src/core/rules',
      'src/core/present',
    ],
  },
  {
    room: 'src/core/calibrate',
    imports: ['src/core/run', 'src/core/laws', 'src/core/formats'],
    packages: ['d3-dsv'],
    // How large a text may be; no parser comes with it.
    files: ['src/core/syntax/limits.ts'],
  },
  {
    room: 'src/core/present',
    imports: [
      'src/core/run',
      'src/core/architecture',
      'src/core/laws',
      'src/core/formats',
      'src/core/hardware',
      'src/core/resources',
      'src/core/advise',
    ],
    types: ['src/core/checks', 'src/core/calibrate', 'src/core/syntax', 'src/core/analysis.ts'],
    // Lines and columns of `check --json`; no parser comes with it.
    files: ['src/core/syntax/lines.ts'],
  },
  {
    // The pipeline. Its files are listed by name, so that a new folder of the core is in no room.
    room: 'src/core',
    loose: [
      ...[
        'analyse.ts',
        'analysis.ts',
        'answers.ts',
        'describe.ts',
        'gather.ts',
        'look.ts',
        'optimise.ts',
      ],
      ...['readDocument.ts', 'recipe.ts', 'statedHardware.ts'],
    ],
    imports: ['src/core'],
  },
  { room: 'src/protocol', imports: ['src/core'] },
  { room: 'src/vscode', imports: ['src/core', 'src/protocol'], packages: ['vscode'] },
  {
    room: 'src/cli/mcp',
    imports: ['src/cli', 'src/core'],
    packages: ['node:', '@modelcontextprotocol/', 'zod'],
    files: ['package.json'],
  },
  // The command line prints its own version.
  {
    room: 'src/cli',
    imports: ['src/core'],
    packages: ['node:', 'commander', 'ignore'],
    files: ['package.json'],
  },
  {
    room: 'webview',
    imports: [
      'src/core/run',
      'src/core/laws',
      'src/core/formats',
      'src/core/hardware',
      'src/core/resources',
      'src/core/advise',
      'src/core/present',
      'src/protocol',
    ],
    types: ['src/core/checks', 'src/core/syntax', 'src/core/analysis.ts'],
    packages: ['chart.js', 'chartjs-plugin-annotation', '@vscode/webview-ui-toolkit'],
  },
];

/** The shelves: an item is a file that exports a constant of the shelf's type. */
const shelves = [
  { folder: 'src/core/frameworks', type: 'FrameworkReader' },
  { folder: 'src/core/laws', type: 'Law' },
  { folder: 'src/core/formats', type: 'NumberFormat' },
  { folder: 'src/core/hardware', type: 'Accelerator' },
  { folder: 'src/core/checks', type: 'Check' },
  { folder: 'src/core/rules', type: 'readonly Rule[]' },
  { folder: 'src/core/calibrate', type: 'Model' },
  { folder: 'webview/plots', type: 'Plot' },
  { folder: 'src/vscode/commands', type: 'Command' },
];

/** Only these files may name these packages or globals. */
const wardens = [
  { word: '@vscode/webview-ui-toolkit', only: 'webview/controls.ts' },
  { word: 'acquireVsCodeApi', only: 'webview/host.ts' },
  // Nothing else of the extension knows that it may run in Node.
  { word: "import('node:", only: 'src/vscode/realPaths.ts' },
  // What is said to a person is escaped there.
  { word: 'showInformationMessage', only: 'src/vscode/say.ts' },
  { word: 'showWarningMessage', only: 'src/vscode/say.ts' },
  { word: 'showErrorMessage', only: 'src/vscode/say.ts' },
  { word: 'showQuickPick', only: 'src/vscode/say.ts' },
];

function filesBelow(folder) {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

const textOf = (file) => readFileSync(join(root, file), 'utf8');

/** Fails with the sentence and what it is about; a list that is empty passes. */
function none(list, sentence = 'unexpected') {
  expect(list.length, `${sentence} ${list.join(', ')}`).toBe(0);
}

/** The constants of a shelf's type, by name. */
function shelfItems(folder) {
  const { type } = shelves.find((shelf) => shelf.folder === folder);
  const pattern = new RegExp(`^export const (\\w+): ${type.replace('[]', '\\[\\]')}(?= =)`, 'gm');
  return filesBelow(folder)
    .filter((file) => !file.endsWith('/registry.ts'))
    .flatMap((file) => [...textOf(file).matchAll(pattern)].map((match) => match[1]));
}

const sources = ['src', 'webview'].flatMap(filesBelow).filter((file) => file.endsWith('.ts'));

function roomOf(file) {
  return rooms.find(({ room, loose }) =>
    loose ? loose.some((each) => file === `${room}/${each}`) : file.startsWith(`${room}/`),
  );
}

const importsByFile = new Map();

/** Every import and re-export of a file: what it names, and whether only types come from it. */
function importsOf(file) {
  const known = importsByFile.get(file);
  if (known) return known;
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found = [];
  source.forEachChild((node) => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined
    ) {
      const clause = ts.isImportDeclaration(node) ? node.importClause : node;
      const bindings = clause?.namedBindings ?? clause?.exportClause;
      const allTypes = bindings?.elements?.every((element) => element.isTypeOnly) ?? false;
      const typeOnly = clause?.isTypeOnly === true || (allTypes && clause?.name === undefined);
      found.push({ name: node.moduleSpecifier.text, typeOnly });
    }
  });
  importsByFile.set(file, found);
  return found;
}

function breaches(file) {
  const own = roomOf(file);
  if (!own) return [`${file} is in no room`];
  return importsOf(file).flatMap(({ name, typeOnly }) => {
    if (!name.startsWith('.')) {
      const allowed = (own.packages ?? []).some((each) => name === each || name.startsWith(each));
      return allowed ? [] : [`${file} imports the package ${name}`];
    }
    const target = relative(root, resolve(root, dirname(file), name)).replaceAll('\\', '/');
    const within = (place) => target === place || target.startsWith(`${place}/`);
    const allowed =
      within(own.room) ||
      (own.imports ?? []).some(within) ||
      (own.files ?? []).includes(target) ||
      (typeOnly && (own.types ?? []).some(within));
    return allowed ? [] : [`${file} imports ${target}${typeOnly ? ' (types)' : ''}`];
  });
}

/** The files that a file imports, also where only types come from them. */
function neighbours(file) {
  return importsOf(file)
    .filter(({ name }) => name.startsWith('.'))
    .map(({ name }) => relative(root, resolve(root, dirname(file), name)).replaceAll('\\', '/'))
    .filter((target) => target.endsWith('.ts'));
}

/** Every circle of imports, as the path that closes it. */
function circles() {
  const state = new Map();
  const found = [];
  const visit = (file, path) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    for (const next of neighbours(file)) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of sources) visit(file, []);
  return found;
}

/** What makes markup or code out of text: no file names it. */
const forbidden =
  /\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function\b)/;

/** The configs of the fixtures with the runs that their goldens hold. */
const goldens = corpusCases().map((each) => ({
  ...each,
  runs: JSON.parse(readFileSync(join(each.folder, 'expected.json'), 'utf8')),
}));

/** Whether a golden says anything: a reader that is silently dead has empty ones. */
const speaks = ({ parameters, tokens, format, postTraining }) =>
  Boolean(parameters ?? tokens ?? format ?? postTraining);

describe('the house', () => {
  it('has source files', () => {
    expect(sources.length).toBeGreaterThan(50);
  });

  it('keeps to its import rules', () => {
    none(sources.flatMap(breaches), 'against the table of rooms:');
  });

  it('has no circle of imports', () => {
    none(circles(), 'cut the circle');
  });

  it.each(wardens)('names $word only in $only', ({ word, only }) => {
    const naming = sources.filter((file) => textOf(file).includes(word));
    expect(naming).toEqual([only]);
  });

  it('makes neither markup nor code out of text', () => {
    const naming = sources.filter((file) => forbidden.test(textOf(file)));
    expect(naming).toEqual([]);
  });

  it.each(shelves)('registers every $type of $folder once', ({ folder }) => {
    const registry = textOf(`${folder}/registry.ts`);
    const start = registry.indexOf('= [');
    const list = registry.slice(start, registry.indexOf('\n];', start));
    const items = shelfItems(folder);
    expect(items.length).toBeGreaterThan(0);
    const counts = items.map((item) => [
      item,
      [...list.matchAll(new RegExp(`\\b${item}\\b`, 'g'))].length,
    ]);
    const wrong = counts.filter(([, count]) => count !== 1);
    none(
      wrong.map(([item, count]) => `${item} ${count} times`),
      `${folder}/registry.ts must name each item once; it names`,
    );
  });

  it.each(Object.entries({ readers, laws, formats, accelerators, checks, rules, plots }))(
    'holds each id of its %s once, in kebab-case',
    (_, items) => {
      const ids = items.map(({ id }) => id);
      none(ids.filter((id, index) => ids.indexOf(id) !== index));
      none(ids.filter((id) => !/^[a-z0-9]+(?:-[a-z0-9A-Z]+)*$/.test(id)));
    },
  );

  it.each(readers.map((reader) => [reader.id, reader]))(
    'lets %s have words for each kind of its files, and a config of its own that holds one',
    (id, { syntaxes, words }) => {
      const own = [...new Set(syntaxes.map((syntax) => kinds[syntax]))];
      expect(Object.keys(words).sort(), `give ${id} \`words\` for`).toEqual(own.sort());
      none(
        Object.entries(words).flatMap(([kind, list]) => (list.length > 0 ? [] : [kind])),
        `name a word in the words of ${id} for`,
      );
      const configs = goldens.filter(({ runs }) => runs.some(({ framework }) => framework === id));
      expect(
        configs.filter(({ runs }) => runs.some(speaks)),
        `write test/corpus/${id}/<case>/config.*, whose expected.json says a number or a format`,
      ).not.toEqual([]);
      none(
        configs
          .filter(({ file, text }) => {
            const kind = kinds[syntaxOf(file)];
            const list = [...(words[kind] ?? []), ...(kind === 'config' ? composing : [])];
            return list.length === 0 || !searchFor(kind, list).test(text);
          })
          .map(({ name }) => name),
        `the words of ${id} must be found in`,
      );
    },
  );

  it('has for each check a config that trips it and one that just does not', () => {
    none(
      checks
        .map(({ id }) => `test/unit/checks/cases/${id}.ts`)
        .filter((file) => !existsSync(join(root, file))),
      'write both configs of a new check (npx vitest run --project unit test/unit/checks) in',
    );
  });

  it('has for each plot a test of its config()', () => {
    const tests = filesBelow('test/unit/plots').map(textOf);
    none(
      shelfItems('webview/plots').filter(
        (item) => !tests.some((text) => text.includes(`${item}.config(`)),
      ),
      'test config() of a new plot in test/unit/plots/<plot>.test.ts (npx vitest run --project unit test/unit/plots):',
    );
  });

  // What a runtime lacks is a type error in its room: `npm run types`.
  it.each([
    ['src/core', [], ['ES2023']],
    ['src/protocol', [], ['ES2023']],
    ['src/vscode', ['vscode'], ['ES2023', 'WebWorker']],
    ['src/cli', ['node'], ['ES2023']],
    ['webview', [], ['ES2023', 'DOM', 'DOM.Iterable']],
  ])('gives %s the globals of its runtime only', (folder, types, lib) => {
    const [base, own] = ['tsconfig.base.json', `${folder}/tsconfig.json`].map(
      (file) => JSON.parse(textOf(file)).compilerOptions,
    );
    expect({ types: base.types, lib: base.lib, ...own }).toMatchObject({ types, lib });
    expect(textOf('tsconfig.json')).toContain(`"${folder}"`);
  });
});
