import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeAll,
  file,
  folder,
  manifest,
  open,
  openCopy,
  press,
  resetSettings,
  set,
  until,
  untitled,
  webviewTabs,
} from './support.ts';

const accept = 'workbench.action.acceptSelectedQuickOpenItem';
const cancel = 'workbench.action.closeQuickOpen';
const { executeCommand } = vscode.commands;

/** Waits for a Markdown preview of one of our reports, and for the text that it is made from. */
async function untilReport(report: string, name: string, text: RegExp): Promise<void> {
  const holds = () => webviewTabs('markdown.preview').length > 0;
  await until(vscode.window.tabGroups.onDidChangeTabs, holds, () => 'a Markdown preview');
  const isThere = () =>
    vscode.workspace.textDocuments.some(
      (each) => each.uri.path === `/${name} (${report}).md` && text.test(each.getText()),
    );
  await until(vscode.workspace.onDidOpenTextDocument, isThere, () => `${report} that says ${text}`);
}

describe('commands', () => {
  afterEach(async () => {
    await closeAll();
    await resetSettings();
  });

  it('of the manifest are all registered', async () => {
    const registered = await vscode.commands.getCommands(true);
    const missing = manifest()
      .contributes.commands.map(({ command }) => command)
      .filter((command) => !registered.includes(command));
    assert.deepEqual(missing, []);
  });

  it('Optimize Precision shows the change as a diff and applies it', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    const before = document.getText();
    const seen: string[] = [];
    const watch = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
      for (const { input } of opened) {
        if (input instanceof vscode.TabInputTextDiff) seen.push(input.modified.scheme);
      }
    });
    // The first row is the narrowest format within the target that torchtitan can write.
    await press(accept, Promise.resolve(executeCommand('floatcast.optimizePrecision')));
    watch.dispose();
    assert.deepEqual(seen, ['floatcast-preview']);
    const section = '\n[quantize.linear.float8]\nrecipe_name = "rowwise"\n';
    assert.equal(
      document.getText(),
      before.replace('["quantize.linear.mx"]', '["quantize.linear.float8"]') + section,
    );
    assert.equal(document.isDirty, true);
    const diffs = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputTextDiff);
    assert.deepEqual(diffs, []);
  });

  it('Optimize Precision writes nothing when it is cancelled', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    const before = document.getText();
    await press(cancel, Promise.resolve(executeCommand('floatcast.optimizePrecision')));
    assert.equal(document.getText(), before);
  });

  it('Set Assumptions writes a comment into the file', async () => {
    const document = await openCopy('torchtitan/ranks.toml');
    const before = document.getText();
    // The setting is what the input box proposes.
    await set('assumptions', { 'world-size': 64 });
    const uri = document.uri.toString();
    const done = Promise.resolve(executeCommand('floatcast.setAssumptions', uri, 0, 'world-size'));
    await press(accept, done);
    assert.equal(document.getText(), `# floatcast: world-size=64\n${before}`);
  });

  it('Set Assumptions adds to a comment that is there', async () => {
    const source = await open('torchtitan/ranks.toml');
    const comment = '# floatcast: hardware=h100 -- our cluster\n';
    const document = await untitled(comment + source.getText(), 'toml');
    await set('assumptions', { 'world-size': 64 });
    const uri = document.uri.toString();
    const done = Promise.resolve(executeCommand('floatcast.setAssumptions', uri, 0, 'world-size'));
    await press(accept, done);
    const expected = '# floatcast: hardware=h100 world-size=64 -- our cluster\n';
    assert.equal(document.getText(), expected + source.getText());
  });

  it('Show Forecast opens the reasoning', async () => {
    await open('torchtitan/mxfp4.toml');
    await executeCommand('floatcast.showForecast');
    await untilReport('forecast', 'mxfp4.toml', /850 B/);
  });

  it('Explain This File says why a file is none of ours', async () => {
    await open('deployment.yaml');
    await executeCommand('floatcast.explainFile');
    await untilReport('explanation', 'deployment.yaml', /does not take this file for a training/);
  });

  it('Explain This File works on a language that cannot be ours', async () => {
    await open('notes.md');
    await executeCommand('floatcast.explainFile');
    await untilReport('explanation', 'notes.md', /YAML, JSON, TOML, shell and Python/);
  });

  it('Copy Forecast as JSON copies what the command line prints', async () => {
    await open('llm-foundry/mpt.yaml');
    await executeCommand('floatcast.copyForecast');
    const [run] = JSON.parse(await vscode.env.clipboard.readText()) as Record<string, unknown>[];
    assert.equal(run?.framework, 'llm-foundry');
    assert.equal(run.tokens, 134_217_728_000);
    assert.equal(run.file, 'llm-foundry/mpt.yaml');
  });

  it('Show Log opens the log, without a config too', async () => {
    await executeCommand('floatcast.showLog');
    const shown = () =>
      vscode.window.visibleTextEditors.some(({ document }) => document.uri.scheme === 'output') ||
      vscode.workspace.textDocuments.some(
        ({ uri }) => /floatcast/i.test(uri.path) && uri.scheme === 'output',
      );
    await until(vscode.workspace.onDidOpenTextDocument, shown, () => 'the log');
    await executeCommand('workbench.action.closePanel');
  });

  it('say one sentence, and do nothing, without a config', async () => {
    await executeCommand('floatcast.openExplorer');
    assert.deepEqual(webviewTabs('floatcast.explorer'), []);
  });

  it('Open Trade-off Explorer opens a panel for each file that is selected', async () => {
    const uris = [file('torchtitan/mxfp4.toml'), file('llm-foundry/mpt.yaml')];
    await executeCommand('floatcast.openExplorer', uris[0], uris);
    const holds = () => webviewTabs('floatcast.explorer').length === 2;
    await until(vscode.window.tabGroups.onDidChangeTabs, holds, () => 'two Explorers');
    assert.deepEqual(
      webviewTabs('floatcast.explorer')
        .map(({ label }) => label)
        .sort(),
      ['Trade-offs: mpt.yaml', 'Trade-offs: mxfp4.toml'],
    );
  });

  it('Compare in Trade-off Explorer lays the files that are selected side by side', async () => {
    const uris = [file('torchtitan/mxfp4.toml'), file('llm-foundry/mpt.yaml')];
    await executeCommand('floatcast.compareRuns', uris[0], uris);
    const holds = () => webviewTabs('floatcast.explorer').length === 1;
    await until(vscode.window.tabGroups.onDidChangeTabs, holds, () => 'one Explorer');
    const [tab] = webviewTabs('floatcast.explorer');
    assert.equal(tab?.label, 'Trade-offs: mxfp4.toml and 1 more');
  });

  it('keep the example configs ready to be copied', async () => {
    const extension = vscode.extensions.getExtension('floatcast.floatcast');
    assert.ok(extension);
    const examples = vscode.Uri.joinPath(extension.extensionUri, 'examples');
    const copy = vscode.Uri.joinPath(folder(), '..', 'examples');
    await vscode.workspace.fs.copy(examples, copy, { overwrite: true });
    const names = (await vscode.workspace.fs.readDirectory(copy)).map(([name]) => name);
    assert.ok(names.includes('README.md'));
    // What is opened in it.
    await vscode.workspace.fs.stat(vscode.Uri.joinPath(copy, 'torchtitan/llama3-8b-mxfp4.toml'));
  });
});
