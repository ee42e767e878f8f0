import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import * as vscode from 'vscode';
import { analyseConfig } from '../../../src/vscode/analyseConfig.ts';
import { Log } from '../../../src/vscode/log.ts';
import { treeItem } from '../../../src/vscode/runsView.ts';
import { WorkspaceScan } from '../../../src/vscode/workspaceScan.ts';
import { calibrationName, write } from './calibrating.ts';
import {
  closeAll,
  file,
  folder,
  hovers,
  lenses,
  open,
  openCopy,
  resetSettings,
  set,
} from './support.ts';

/** What VS Code makes an icon of. */
const icon = /\$\([a-z-]+\)/;

describe('hostile names of files', () => {
  const name = '$(alert) [x](command) `c` _b_ &lt;.toml';
  let document: vscode.TextDocument;

  before(async () => {
    await vscode.workspace.fs.copy(file('torchtitan/mxfp4.toml'), file(`hostile/${name}`));
    document = await open(`hostile/${name}`);
  });

  after(async () => {
    await closeAll();
    await vscode.workspace.fs.delete(file('hostile'), { recursive: true });
  });

  it('are no icons in the Runs view, and no markup in its tooltips', async () => {
    const log = new Log('Floatcast, of a test');
    const scan = new WorkspaceScan(log);
    await scan.start();
    const run = scan.runs.find(({ file: path }) => path === `hostile/${name}`);
    scan.dispose();
    log.dispose();
    assert.ok(run);
    const { label, description, tooltip } = treeItem(run);
    assert.ok(typeof label === 'string' && tooltip instanceof vscode.MarkdownString);
    assert.doesNotMatch(label, icon);
    assert.doesNotMatch(String(description), icon);
    assert.equal(`${label.replaceAll('\u200b', '')}.toml`, name);
    assert.equal(tooltip.isTrusted, undefined);
    assert.notEqual(tooltip.supportThemeIcons, true);
    assert.notEqual(tooltip.supportHtml, true);
  });

  it('are words of the links of a hover', async () => {
    const [markdown = ''] = await hovers(document, '894_070');
    const words = '\\$(alert) &#91;x&#93;(command) \\`c\\` \\_b\\_ \\&lt;.toml';
    assert.ok(markdown.includes(`[${words}:`), markdown.slice(-2000));
  });

  it('are no icons above the file', async () => {
    const titles = (await lenses(document.uri)).map(({ title }) => title);
    assert.equal(titles.length, 4);
    for (const title of titles) assert.doesNotMatch(title, icon);
  });
});

describe('hostile constants from outside of the workspace', () => {
  const constants = '{ "law": "capybara", "constants": { "gamma": 5667.25985, "secret": 1 } }';
  const outside = () => vscode.Uri.joinPath(folder(), '../outside.json');

  beforeEach(() => write(outside(), constants));

  afterEach(async () => {
    await closeAll();
    await resetSettings();
    await vscode.workspace.fs.delete(outside());
  });

  /** Whether there are constants, and what was said, of a copy of a config that `prepare` saw. */
  async function analysed(prepare: (document: vscode.TextDocument) => Promise<unknown>) {
    const document = await openCopy('torchtitan/mxfp4.toml');
    await prepare(document);
    const { analysis } = await analyseConfig(document.uri, document.getText(), 'toml');
    return {
      constants: analysis.runs[0]?.calibration ?? null,
      notices: analysis.notices.map(({ message }) => message),
    };
  }

  it('are not read where the setting leads out', async () => {
    for (const path of ['../outside.json', outside().fsPath, 'copies/../../outside.json']) {
      const found = await analysed(() => Promise.resolve(set('calibrationFile', path)));
      assert.deepEqual(found, {
        constants: null,
        notices: [`The calibration file ${path} cannot be read: it has to lie in the workspace.`],
      });
    }
  });

  it('are not read through a link', async () => {
    const found = await analysed((document) => {
      const link = vscode.Uri.joinPath(document.uri, '..', calibrationName);
      return symlink(outside().fsPath, link.fsPath);
    });
    assert.deepEqual(found, { constants: null, notices: [] });
  });

  it('are read through a link that stays inside', async () => {
    const found = await analysed(async (document) => {
      const beside = (name: string) => vscode.Uri.joinPath(document.uri, '..', name);
      await write(beside('own.json'), constants.replace(', "secret": 1', ''));
      await symlink(beside('own.json').fsPath, beside(calibrationName).fsPath);
    });
    assert.equal(found.constants?.constants.gamma?.value, 5667.25985);
  });
});
