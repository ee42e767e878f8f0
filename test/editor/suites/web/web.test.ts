import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { fitsALaw } from '../calibrating.ts';
import {
  closeAll,
  hints,
  hovers,
  lenses,
  open,
  until,
  untilFindings,
  webviewTabs,
} from '../support.ts';

describe('in the browser’s extension host', () => {
  afterEach(closeAll);

  it('shows the forecast', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    assert.equal(vscode.env.uiKind, vscode.UIKind.Web);
    assert.equal((await lenses(document.uri)).length, 4);
    assert.equal((await hints(document)).length, 3);
    const [text = ''] = await hovers(document, '894_070');
    assert.match(text, /data:image\/svg\+xml;base64,/);
    await untilFindings(document.uri, ['gap-above-target', 'critical-data-size']);
  });

  it('opens the Explorer', async () => {
    await open('torchtitan/mxfp4.toml');
    await vscode.commands.executeCommand('floatcast.openExplorer');
    const holds = () => webviewTabs('floatcast.explorer').length === 1;
    await until(vscode.window.tabGroups.onDidChangeTabs, holds, () => 'an Explorer');
  });

  it('fits a law to measured runs, and forecasts with it', fitsALaw);
});
