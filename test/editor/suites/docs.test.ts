import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isPage, pageUri } from '../../../src/vscode/pages.ts';
import { closeAll, diagnostics, home, hovers, open, until, webviewTabs } from './support.ts';

const { executeCommand } = vscode.commands;
const { fs } = vscode.workspace;

/** Every page of the documentation, by its path below `docs/`. */
async function pagesBelow(folder = ''): Promise<readonly string[]> {
  const entries = await fs.readDirectory(vscode.Uri.joinPath(home(), 'docs', folder));
  const found = entries.map(([name, kind]) =>
    kind === vscode.FileType.Directory
      ? pagesBelow(`${folder}${name}/`)
      : Promise.resolve([`${folder}${name}`]),
  );
  return (await Promise.all(found)).flat();
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await fs.readFile(uri.with({ fragment: '' })));
}

/** The titles of the Markdown previews that are open. */
const previews = () => webviewTabs('markdown.preview').map(({ label }) => label);

async function untilPreview(title: RegExp): Promise<void> {
  const isThere = () => previews().some((label) => title.test(label));
  const { onDidChangeTabs } = vscode.window.tabGroups;
  await until(onDidChangeTabs, isThere, () => `${title}; there are ${previews().join(', ')}`);
}

describe('the documentation', () => {
  afterEach(closeAll);

  it('is brought along, and every link of every page leads somewhere', async () => {
    const pages = await pagesBelow();
    assert.ok(pages.length > 20);
    let links = 0;
    for (const page of pages) {
      assert.ok(isPage(page), page);
      const uri = pageUri(home(), page);
      for (const [, link = ''] of (await textOf(uri)).matchAll(/\]\((?!https:)([^)#]+)/g)) {
        links += 1;
        const target = vscode.Uri.joinPath(uri, '..', link);
        assert.ok((await fs.stat(target)).size > 0, `${page}: ${link}`);
      }
    }
    assert.ok(links > 100);
  });

  it('opens as a preview, at the list of all pages unless one is named', async () => {
    await executeCommand('floatcast.openDocs');
    await untilPreview(/README\.md/);
    await executeCommand('floatcast.openDocs', 'checks/recipe-rules.md#hf-fp16-and-bf16');
    await untilPreview(/recipe-rules\.md/);
    await executeCommand('floatcast.openDocs', '../package.json');
    await untilPreview(/README\.md/);
  });

  it('is where the code of a finding and the links of a hover lead', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    const { onDidChangeDiagnostics } = vscode.languages;
    await until(
      onDidChangeDiagnostics,
      () => diagnostics(document.uri).length > 1,
      () => 'findings',
    );
    for (const { code } of diagnostics(document.uri)) {
      assert.ok(typeof code === 'object');
      assert.match(await textOf(code.target), new RegExp(`^# ${code.value}\n`));
    }
    const [markdown = ''] = await hovers(document, '894_070');
    const linked = [...markdown.matchAll(/\]\(<?command:floatcast\.openDocs\?([^)>]*)/g)];
    const named = linked.flatMap(([, query = '']) => {
      const [page] = JSON.parse(decodeURIComponent(query)) as readonly unknown[];
      return page === undefined ? [] : [page];
    });
    assert.ok(named.length > 3);
    for (const page of named) {
      assert.ok(isPage(page));
      await fs.stat(pageUri(home(), page).with({ fragment: '' }));
    }
    assert.doesNotMatch(markdown, /github\.com/);
  });

  it('is where the links of a forecast lead', async () => {
    await open('torchtitan/mxfp4.toml');
    await executeCommand('floatcast.showForecast');
    const report = () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.path === '/mxfp4.toml (forecast).md');
    await until(
      vscode.workspace.onDidOpenTextDocument,
      () => report() !== undefined,
      () => 'it',
    );
    const text = report()?.getText() ?? '';
    const links = [...text.matchAll(/\]\((file:[^)]+)\)/g)].map(([, link = '']) => link);
    assert.ok(links.length > 3);
    for (const link of links) await fs.stat(vscode.Uri.parse(link).with({ fragment: '' }));
    assert.doesNotMatch(text, /github\.com/);
  });
});
