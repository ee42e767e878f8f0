import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { pageUri } from '../../../../src/vscode/pages.ts';
import { closeAll, home, lenses, open, until, webviewTabs } from '../support.ts';

describe('the package, as a person installs it', () => {
  afterEach(closeAll);

  it('shows a forecast', async () => {
    const { uri } = await open('torchtitan/mxfp4.toml');
    const [first] = await lenses(uri);
    assert.match(first?.title ?? '', /^gap \+0\.03…0\.21 \(7 laws, Capybara /);
  });

  it('opens the Explorer, and brings the files that are read', async () => {
    await open('torchtitan/mxfp4.toml');
    await vscode.commands.executeCommand('floatcast.openExplorer');
    const holds = () => webviewTabs('floatcast.explorer').length === 1;
    await until(vscode.window.tabGroups.onDidChangeTabs, holds, () => 'an Explorer');
    const files = ['dist/panel.js', 'dist/panel.css', 'media/calibration.schema.json'];
    for (const name of [...files, 'examples/calibration/runs.csv']) {
      const { size } = await vscode.workspace.fs.stat(vscode.Uri.joinPath(home(), name));
      assert.ok(size > 0);
    }
  });

  it('shows a page that a finding’s code leads to as a person reads it', async () => {
    const uri = pageUri(home(), 'checks/critical-data-size.md');
    await vscode.commands.executeCommand('vscode.open', uri);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.uri.path, uri.path);
    assert.equal(input.viewType, 'vscode.markdown.preview.editor');
  });
});
