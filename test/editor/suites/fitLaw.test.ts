import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { calibrationName, fitsALaw, isThere, runsBeside } from './calibrating.ts';
import { closeAll, file, openCopy, press, resetSettings } from './support.ts';

const accept = 'workbench.action.acceptSelectedQuickOpenItem';
const cancel = 'workbench.action.closeQuickOpen';
const { executeCommand } = vscode.commands;

describe('Fit Law to Measured Runs', () => {
  const root = () => file(calibrationName);
  const exclude = (patterns: Readonly<Record<string, boolean>> | undefined) =>
    vscode.workspace
      .getConfiguration('files')
      .update('exclude', patterns, vscode.ConfigurationTarget.Workspace);

  afterEach(async () => {
    await closeAll();
    await resetSettings();
    await exclude(undefined);
    if (await isThere(root())) await vscode.workspace.fs.delete(root());
  });

  it('shows the fit and writes the constants, which the open configs then use', fitsALaw);

  it('writes nothing when it is cancelled', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    const runs = await runsBeside(document);
    await press(cancel, Promise.resolve(executeCommand('floatcast.fitLaw', runs)));
    assert.equal(await isThere(root()), false);
  });

  it('offers the table in front of a person, wherever it lies', async () => {
    const source = await openCopy('torchtitan/mxfp4.toml');
    const runs = await runsBeside(source);
    // Searches leave it out; the editor that shows it does not.
    await exclude({ '**/runs.csv': true });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(runs));
    await press(accept, Promise.resolve(executeCommand('floatcast.fitLaw')));
    assert.equal(await isThere(root()), true);
  });
});
