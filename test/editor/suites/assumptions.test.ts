import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeAll,
  diagnostics,
  file,
  hints,
  hovers,
  lenses,
  openCopy,
  press,
  replace,
  resetSettings,
  set,
  until,
} from './support.ts';

const accept = 'workbench.action.acceptSelectedQuickOpenItem';
const { executeCommand } = vscode.commands;
const { fs } = vscode.workspace;

/** 100,000 steps × 2 sequences a rank × 8,192 tokens, and no word of the ranks. */
const open = /^N 8\.03 B · D 1\.64 B tokens × data-parallel ranks · /;

/** The assumptions file beside a copy of a config: what a test says there reaches no other one. */
const beside = (document: vscode.TextDocument) =>
  vscode.Uri.joinPath(document.uri, '../floatcast.assumptions.yaml');

const write = (uri: vscode.Uri, text: string) => fs.writeFile(uri, new TextEncoder().encode(text));

const read = async (uri: vscode.Uri) => new TextDecoder().decode(await fs.readFile(uri));

/** Waits for a first lens; what a file that changed on disk brings about comes when it comes. */
async function untilLens(document: vscode.TextDocument, expected: RegExp): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    const [first] = await lenses(document.uri);
    if (expected.test(first?.title ?? '')) return;
    if (Date.now() > end) assert.match(first?.title ?? 'no lens', expected);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the assumptions file', () => {
  afterEach(async () => {
    await closeAll();
    await resetSettings();
    const root = file('floatcast.assumptions.yaml');
    const made = await fs.stat(root).then(
      () => true,
      () => false,
    );
    if (made) await fs.delete(root);
  });

  it('changes lens, hints and hovers of the open configs when it is made, changed and deleted', async () => {
    const document = await openCopy('torchtitan/ranks.toml');
    await untilLens(document, open);
    const uri = beside(document);
    await write(uri, 'world-size: 64\n');
    await untilLens(document, /^N 8\.03 B · D 105 B tokens · /);
    assert.ok((await hints(document)).some((each) => each.startsWith('steps = 100_000|= 105 B')));
    const [hover] = await hovers(document, '100_000');
    assert.match(hover ?? '', /ranks 64: from \[floatcast\.assumptions\.yaml\]/);
    await write(uri, 'files:\n  "*.toml":\n    world-size: 128\n');
    await untilLens(document, /^N 8\.03 B · D 210 B tokens · /);
    await fs.delete(uri);
    await untilLens(document, open);
  });

  it('counts as it is typed, before it is saved', async () => {
    const document = await openCopy('torchtitan/ranks.toml');
    const uri = beside(document);
    await write(uri, 'world-size: 64\n');
    await untilLens(document, /D 105 B tokens/);
    await replace(await vscode.workspace.openTextDocument(uri), '64', '128');
    await untilLens(document, /D 210 B tokens/);
  });

  it('has its mistakes marked in it, once, however many configs use it', async () => {
    const document = await openCopy('torchtitan/ranks.toml');
    const other = vscode.Uri.joinPath(document.uri, '../other.toml');
    await fs.copy(document.uri, other);
    const uri = beside(document);
    await write(uri, 'world-sise: 64\n');
    await untilLens(await vscode.workspace.openTextDocument(other), open);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const messages = () => diagnostics(uri).map(({ message }) => message);
    const holds = () => messages().length > 0;
    await until(vscode.languages.onDidChangeDiagnostics, holds, () => 'the mistake is marked');
    await untilLens(document, open);
    assert.equal(messages().length, 1);
    assert.match(messages()[0] ?? '', /line 1: “world-sise” is none of the assumptions/);
    assert.deepEqual(await lenses(uri), []);
  });

  it('is written by Set Assumptions where one is', async () => {
    const document = await openCopy('torchtitan/ranks.toml');
    const text = document.getText();
    const uri = beside(document);
    await write(uri, '# ours\nhardware: h100 # all\n');
    await set('assumptions', { 'world-size': 64 });
    await untilLens(document, /D 105 B tokens/);
    // The second of the three places; the value is the setting’s, which the input box proposes.
    await choose(document, 1);
    assert.equal(await read(uri), '# ours\nhardware: h100 # all\nworld-size: 64\n');
    assert.equal(document.getText(), text);
  });

  it('is made by Set Assumptions at the root of the workspace', async () => {
    const document = await openCopy('torchtitan/ranks.toml');
    await set('assumptions', { 'world-size': 64 });
    await untilLens(document, /D 105 B tokens/);
    await choose(document, 1);
    assert.equal(await read(file('floatcast.assumptions.yaml')), 'world-size: 64\n');
    await set('assumptions', undefined);
    await untilLens(document, /D 105 B tokens/);
  });
});
