import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { write } from './calibrating.ts';
import { closeAll, openCopy, resetSettings, until, webviewTabs } from './support.ts';

describe('Is My Gap Normal?', () => {
  afterEach(async () => {
    await closeAll();
    await resetSettings();
  });

  it('answers from a log with its twin, by the config beside it or the one that is open', async () => {
    const { uri } = await openCopy('torchtitan/mxfp4.toml');
    const log = vscode.Uri.joinPath(uri, '../losses.csv');
    await write(log, 'tokens,loss,bf16_loss\n1B,3.2,3.18\n2B,3.1,3.07\n');
    await vscode.commands.executeCommand('floatcast.isGapNormal', log);
    const report = () =>
      vscode.workspace.textDocuments.find(({ uri: each }) => each.path === '/losses.csv (gap).md');
    const opened = vscode.workspace.onDidOpenTextDocument;
    await until(
      opened,
      () => report() !== undefined,
      () => 'the report',
    );
    const tabs = vscode.window.tabGroups.onDidChangeTabs;
    const isShown = () => webviewTabs('markdown.preview').length > 0;
    await until(tabs, isShown, () => 'a Markdown preview');
    assert.match(report()?.getText() ?? '', /^# Is my gap normal\?\n\nlosses\.csv · MXFP4/);
  });
});
