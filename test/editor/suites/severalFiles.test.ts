import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, file, findingIds, lenses, open, replace, untilFindings } from './support.ts';

let copies = 0;
let folder = '';
let run = '';
let group = '';
let twin = '';

const summary = 'N 1.58 M non-embedding · D 21.0 T · FP8 E4M3 · gap +0.02…0.35';
const shorter = 'N 1.58 M non-embedding · D 10.5 T · FP8 E4M3';

async function writeTwin(change = (text: string) => text): Promise<void> {
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file(run)));
  await vscode.workspace.fs.writeFile(file(twin), new TextEncoder().encode(change(text)));
}

async function titles(path: string): Promise<string[]> {
  return (await lenses(file(path))).map(({ title }) => title);
}

/** Waits until some lens of a file begins so; nothing says that lenses were drawn anew. */
async function untilLens(path: string, start: string): Promise<void> {
  const limit = Date.now() + 20_000;
  let seen = await titles(path);
  while (!seen.some((title) => title.startsWith(start))) {
    assert.ok(Date.now() < limit, `No lens begins with "${start}": ${seen.join(' | ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    seen = await titles(path);
  }
}

describe('a run of several files', () => {
  beforeEach(async () => {
    copies += 1;
    folder = `several/${copies}`;
    [run, group, twin] = [
      `${folder}/run.yaml`,
      `${folder}/model/small.yaml`,
      `${folder}/twin.yaml`,
    ];
    await vscode.workspace.fs.copy(file('nemo/conf'), file(folder));
  });

  afterEach(async () => {
    await closeAll();
    await vscode.workspace.fs.delete(file(folder), { recursive: true });
  });

  it('takes values from the included file, and follows its edits', async () => {
    await open(run);
    await untilLens(run, 'N 1.58 M non-embedding · D 21.0 T tokens · FP8 E4M3');
    const included = await open(group);
    await replace(included, 'encoder_seq_length: 2048', 'encoder_seq_length: 1024');
    await untilLens(run, 'N 1.58 M non-embedding · D 10.5 T tokens · FP8 E4M3');
    await untilLens(group, `Used by ${run}: ${shorter}`);
  });

  it('shows its findings in the file that they are about, once for all runs', async () => {
    await writeTwin();
    await open(run);
    const { uri } = await open(group);
    await untilFindings(uri, ['gap-above-target']);
    await open(twin);
    await untilFindings(file(twin), ['critical-data-size']);
    assert.deepEqual(findingIds(uri), ['gap-above-target']);
    const edited = await open(twin);
    // Another gap: another finding, beside that of the first run.
    await replace(edited, '40000000', '80000000');
    await untilFindings(uri, ['gap-above-target', 'gap-above-target']);
    const included = await open(group);
    await replace(included, 'fp8: true', 'fp8: false');
    await untilFindings(uri, []);
    await untilFindings(file(run), []);
  });

  it('stands above the included file, and a click opens it', async () => {
    const { uri } = await open(group);
    assert.deepEqual(await lenses(uri), []);
    await open(run);
    await untilLens(group, `Used by ${run}: ${summary}`);
    await open(group);
    const [first, ...more] = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      uri,
      100,
    );
    assert.deepEqual(more, []);
    assert.equal(first?.range.start.line, 1);
    const { command } = first;
    assert.ok(command);
    await vscode.commands.executeCommand(
      command.command,
      ...((command.arguments ?? []) as unknown[]),
    );
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), file(run).toString());
    assert.equal(editor.document.getText(editor.selection), '40000000');
  });

  it('is known by the scan of the Runs view, where its own file is not open', async () => {
    await writeTwin((text) => text.replace('40000000', '20000000'));
    await vscode.commands.executeCommand('floatcast.refreshRuns');
    await open(group);
    await untilLens(group, `Used by ${run}: ${summary}`);
    await untilLens(group, `${twin}: ${shorter}`);
  });

  it('is not named above files that are no part of it', async () => {
    await open(run);
    await open('deployment.yaml');
    await untilLens(run, 'N 1.58 M');
    assert.deepEqual(await titles('deployment.yaml'), []);
    assert.ok((await titles(run)).every((title) => !title.startsWith('Used by')));
  });
});
