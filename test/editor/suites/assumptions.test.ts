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

/** Waits for a lens; what a file that changed on disk brings about comes when it comes. */
async function untilLens(document: vscode.TextDocument, expected: RegExp): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    const titles = (await lenses(document.uri)).map(({ title }) => title);
    if (titles.some((title) => expected.test(title))) return;
    if (Date.now() > end) assert.match(titles.join('\n'), expected);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the assumptions file', () => {
  afterEach(async () => {
    await closeAll();
    await resetSettings();
  });

  it('changes lens, hints and hovers of the open configs when it is made, changed and deleted', async () => {
    const document = await openCopy('torchtitan/ranks.toml');
    await untilLens(document, open);
    const uri = beside(document);
    await write(uri, 'world-size: 64\n');
    await untilLens(document, /^N 8\.03 B · D 105 B tokens \(assumed 64 GPUs\) · /);
    assert.ok((await hints(document)).some((each) => each.startsWith('steps = 100_000|= 105 B')));
    const [hover] = await hovers(document, '100_000');
    assert.match(hover ?? '', /ranks 64: from \[floatcast\.assumptions\.yaml:1\]/);
    await write(uri, 'files:\n  "*.toml":\n    world-size: 128\n');
    await untilLens(document, /^N 8\.03 B · D 210 B tokens \(assumed 128 GPUs\) · /);
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
    assert.match(messages()[0] ?? '', /line 1: “world-sise” is none of the keys: world-size, /);
    assert.deepEqual(await lenses(uri), []);
  });

  it('is written by Set Assumptions where one is', async () => {
    const document = await openJson('beside');
    const text = document.getText();
    const uri = beside(document);
    await write(uri, '# ours\nhardware: h100 # all\n');
    await settle(document);
    assert.equal(await read(uri), '# ours\nhardware: h100 # all\ndata-parallel-ranks: 64\n');
    assert.equal(document.getText(), text);
    await set('assumptions', undefined);
    await untilLens(document, /D 2\.10 B tokens \(assumed 64 data-parallel ranks\) · /);
  });

  it('is made by Set Assumptions at the root of the workspace', async () => {
    const document = await openJson('made');
    await settle(document);
    const root = file('floatcast.assumptions.yaml');
    assert.equal(await read(root), 'data-parallel-ranks: 64\n');
    await set('assumptions', undefined);
    await untilLens(document, /D 2\.10 B tokens \(assumed 64 data-parallel ranks\) · /);
    await fs.delete(root);
    await untilLens(document, /D 32\.8 M tokens × data-parallel ranks/);
  });
});

/**
 * Opens a JSON config, which has no comments: so the first place that is offered to write to is the
 * assumptions file. 1,000 steps × 4 sequences × 8 micro-batches × 1,024 tokens a rank.
 */
async function openJson(folder: string): Promise<vscode.TextDocument> {
  const model = { d_model: 2048, n_layers: 16, n_heads: 16, vocab_size: 50304, d_ff: 8192 };
  const batch = { micro_batch_size: 4, gradient_accumulation_steps: 8, seq_len: 1024 };
  const config = {
    model: { ...model, activation: 'swiglu' },
    train: { ...batch, steps: 1000, precision: 'bf16' },
  };
  const uri = file(`copies/assumptions-${folder}/run.json`);
  await write(uri, JSON.stringify(config, null, 2));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Does what “Set it…” does and accepts 64, the setting’s value, which the input box proposes. */
async function settle(document: vscode.TextDocument): Promise<void> {
  await set('assumptions', { 'data-parallel-ranks': 64 });
  const uri = document.uri.toString();
  const done = executeCommand('floatcast.setAssumptions', uri, 0, 'data-parallel-ranks');
  await press(accept, Promise.resolve(done));
}
