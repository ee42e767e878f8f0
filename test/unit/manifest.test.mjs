import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  commands,
  contextKeys,
  explorerViewType,
  internalCommands,
  runsViewId,
  serverProvider,
  virtualSchemes,
} from '../../src/vscode/ids.ts';
import { configTools, findingTool } from '../../src/core/answers.ts';
import { toolNames } from '../../src/vscode/toolIds.ts';
import { bundles } from '../../esbuild.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json'));
const words = JSON.parse(read('package.nls.json'));
const { contributes } = manifest;
const properties = Object.assign({}, ...contributes.configuration.map((each) => each.properties));

function filesBelow(folder) {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

const sources = filesBelow('src/vscode').filter((path) => path.endsWith('.ts'));

/** The settings' defaults by the code; its module wants `vscode`, of which nothing is used for that. */
let defaults;
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/vscode/settings.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    external: ['vscode'],
  });
  const module = { exports: {} };
  new Function('module', 'require', outputFiles[0].text)(module, () => ({}));
  defaults = module.exports.defaults;
});

/** Every `when` and `enablement` clause. */
const clauses = [
  ...Object.values(contributes.menus).flat(),
  ...contributes.commands.map(({ enablement }) => ({ when: enablement })),
  ...Object.values(contributes.views).flat(),
  ...contributes.viewsWelcome,
].flatMap(({ when }) => (when === undefined ? [] : [when]));

describe('commands', () => {
  const contributed = contributes.commands.map(({ command }) => command);

  it('are those of ids.ts', () => {
    expect([...contributed].sort()).toEqual(Object.values(commands).sort());
  });

  it('are each run by a file of the shelf, the internal ones too', () => {
    const shelf = sources.filter((path) => path.includes('/commands/')).map(read);
    const run = (list, name) =>
      Object.keys(list).filter(
        (key) => !shelf.some((text) => text.includes(`id: ${name}.${key},`)),
      );
    expect(run(commands, 'commands')).toEqual([]);
    expect(run(internalCommands, 'internalCommands')).toEqual([]);
  });

  it('that are internal are not contributed', () => {
    expect(contributed.filter((id) => Object.values(internalCommands).includes(id))).toEqual([]);
  });

  it('have the category, an icon and a title of package.nls.json', () => {
    for (const { category, icon, title } of contributes.commands) {
      expect(category).toBe('Floatcast');
      expect(icon).toMatch(/^\$\([a-z-]+\)$/);
      expect(title).toMatch(/^%command\./);
    }
  });

  it('are the only ones in menus and walkthroughs', () => {
    const inMenus = Object.values(contributes.menus)
      .flat()
      .map(({ command }) => command);
    const inLinks = [...JSON.stringify(words).matchAll(/command:(floatcast\.\w+)/g)].map(
      ([, id]) => id,
    );
    const unknown = [...inMenus, ...inLinks].filter((id) => !contributed.includes(id));
    expect(unknown).toEqual([]);
    expect(inMenus.length).toBeGreaterThan(5);
    expect(inLinks.length).toBeGreaterThan(2);
  });
});

describe('the server for agents', () => {
  it('is announced under the name that the extension registers', () => {
    expect(contributes.mcpServerDefinitionProviders.map(({ id }) => id)).toEqual([serverProvider]);
  });
});

describe('tools for language models', () => {
  const tools = contributes.languageModelTools;

  it('answer the questions that the server for agents answers, in its words', () => {
    const asked = [...configTools, findingTool];
    expect(tools.map(({ name }) => name)).toEqual(Object.values(toolNames));
    for (const { name, description } of asked) {
      const tool = tools.find((each) => each.name === toolNames[name]);
      expect(tool.modelDescription).toBe(description);
    }
    expect(Object.keys(toolNames).sort()).toEqual(asked.map(({ name }) => name).sort());
  });

  it('can be named in a prompt, and say what they take', () => {
    for (const { toolReferenceName, canBeReferencedInPrompt, inputSchema } of tools) {
      expect(toolReferenceName).toMatch(/^floatcast[A-Z][a-z]+$/);
      expect(canBeReferencedInPrompt).toBe(true);
      expect(inputSchema.additionalProperties).toBe(false);
      for (const key of inputSchema.required) expect(inputSchema.properties).toHaveProperty(key);
      for (const { description } of Object.values(inputSchema.properties)) {
        expect(description).toMatch(/\.$/);
      }
    }
  });
});

describe('context keys', () => {
  it('of our own are those of ids.ts', () => {
    const own = clauses.flatMap((when) => when.match(/(?:\bconfig\.)?\bfloatcast\.\w+/g) ?? []);
    const known = [
      ...Object.values(contextKeys),
      ...Object.keys(properties).map((key) => `config.${key}`),
      explorerViewType,
      runsViewId,
    ];
    expect(own.filter((key) => !known.includes(key))).toEqual([]);
    expect(own).toContain(contextKeys.active);
  });
});

describe('views', () => {
  it('are those of ids.ts, in the file list, shown only once the extension is active', () => {
    const views = contributes.views.explorer;
    expect(views.map(({ id }) => id)).toEqual([runsViewId]);
    expect(views.every(({ when }) => when.startsWith(contextKeys.ready))).toBe(true);
    expect(contributes.viewsWelcome.map(({ view }) => view)).toEqual([runsViewId]);
  });
});

describe('settings', () => {
  it('are those of settings.ts, with their defaults', () => {
    const contributed = Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [
        key.replace(/^floatcast\./, ''),
        value.default,
      ]),
    );
    expect(contributed).toEqual(defaults);
  });

  it('are at most fourteen', () => {
    expect(Object.keys(properties).length).toBeLessThanOrEqual(14);
  });

  it('may differ by folder, are ordered and described', () => {
    for (const { scope, order, markdownDescription } of Object.values(properties)) {
      expect(scope).toBe('resource');
      expect(order).toBeGreaterThan(0);
      expect(markdownDescription).toMatch(/^%setting\./);
    }
  });
});

describe('words', () => {
  const text = JSON.stringify(manifest);
  const used = [...text.matchAll(/%([a-zA-Z][\w.-]*)%/g)].map(([, key]) => key);

  it('that the manifest uses are all there, and no others', () => {
    expect([...new Set(used)].sort()).toEqual(Object.keys(words).sort());
  });

  it('are sentences or titles, none empty', () => {
    expect(Object.entries(words).filter(([, value]) => value.trim() === '')).toEqual([]);
  });
});

describe('walkthrough', () => {
  const steps = contributes.walkthroughs.flatMap((each) => each.steps);

  it('has a page for each step, and no other page', () => {
    const pages = steps.map(({ media }) => media.markdown);
    expect(pages.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const below = filesBelow('media/walkthrough');
    expect([...pages].sort()).toEqual(below.filter((path) => path.endsWith('.md')).sort());
    const pictures = below.filter((path) => !path.endsWith('.md'));
    const shown = pages.flatMap((page) => [...read(page).matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)]);
    expect(shown.map(([, name]) => `media/walkthrough/${name}`).sort()).toEqual(pictures.sort());
  });

  it('ends each step by something that the extension has', () => {
    const events = steps.flatMap(({ completionEvents }) => completionEvents);
    const known = [
      ...Object.values(commands).map((id) => `onCommand:${id}`),
      ...Object.values(contextKeys).map((key) => `onContext:${key}`),
      ...Object.keys(properties).map((key) => `onSettingChanged:${key}`),
    ];
    expect(events.filter((event) => !known.includes(event))).toEqual([]);
    expect(steps.every(({ completionEvents }) => completionEvents.length > 0)).toBe(true);
  });
});

describe('colours', () => {
  it('are contributed exactly where the code uses them', () => {
    const used = sources.flatMap((path) => [
      ...read(path).matchAll(/new ThemeColor\('(floatcast\.[\w.]+)'\)/g),
    ]);
    const inPanel = filesBelow('webview').flatMap((path) => [
      ...read(path).matchAll(/--vscode-(floatcast-[\w-]+)/g),
    ]);
    const ids = [
      ...used.map(([, id]) => id),
      ...inPanel.map(([, name]) => name.replaceAll('-', '.')),
    ];
    expect([...new Set(ids)].sort()).toEqual((contributes.colors ?? []).map(({ id }) => id).sort());
  });
});

describe('the rest', () => {
  it('activates on languages and on our panel, never at start-up', () => {
    expect(manifest.activationEvents).toEqual([
      'onLanguage:yaml',
      'onLanguage:json',
      'onLanguage:jsonc',
      'onLanguage:toml',
      'onLanguage:shellscript',
      'onLanguage:python',
      `onWebviewPanel:${explorerViewType}`,
    ]);
  });

  it('runs in untrusted and virtual workspaces, in Node and in the browser', () => {
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe(true);
    expect(manifest.capabilities.virtualWorkspaces).toBe(true);
    expect([manifest.main, manifest.browser]).toEqual([
      './dist/extension.js',
      './dist/features.js',
    ]);
  });

  it('ships an icon of 256 × 256 pixels', () => {
    const png = readFileSync(join(root, manifest.icon));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([256, 256]);
  });

  it('brings the language that VS Code lacks', () => {
    expect(contributes.languages).toEqual([
      { id: 'toml', extensions: ['.toml'], aliases: ['TOML'] },
    ]);
  });

  it('names no scheme of a document that VS Code has itself', () => {
    expect(Object.values(virtualSchemes).every((scheme) => scheme.startsWith('floatcast-'))).toBe(
      true,
    );
  });

  it('keeps the entry a list', () => {
    expect(read('src/vscode/extension.ts').split('\n').length).toBeLessThan(100);
  });

  it('keeps parsers, readers and laws out of the entry, which knows the words to look for', async () => {
    const { metafile, outputFiles } = await build({
      bundle: true,
      ...bundles.find(({ outfile }) => outfile === 'dist/extension.js'),
      absWorkingDir: root,
      minify: true,
      write: false,
      metafile: true,
    });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.filter((path) => path.startsWith('node_modules'))).toEqual([]);
    expect(inputs).toContain('src/core/config/prefilter.ts');
    expect(inputs).not.toContain('src/vscode/features.ts');
    expect(outputFiles[0].contents.length).toBeLessThan(80_000);
  });
});
