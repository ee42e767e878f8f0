import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { calibrationName, untilGap, write } from './calibrating.ts';
import {
  closeAll,
  diagnostics,
  hovers,
  openCopy,
  replace,
  resetSettings,
  set,
  until,
} from './support.ts';

/** The paper's γ of Capybara is 11334.5197; the gap goes with 1 / γ. */
const withGamma = (gamma: number) => `{ "law": "capybara", "constants": { "gamma": ${gamma} } }`;
const half = 5667.25985;
const quarter = 2833.629925;

const beside = (document: vscode.TextDocument, name = calibrationName) =>
  vscode.Uri.joinPath(document.uri, '..', name);

describe('the calibration file', () => {
  let document: vscode.TextDocument;
  let published: number;

  beforeEach(async () => {
    document = await openCopy('torchtitan/mxfp4.toml');
    published = await untilGap(document, (gap) => gap > 0);
  });

  afterEach(async () => {
    await closeAll();
    await resetSettings();
  });

  /** Waits until the gap is so many times the published one. */
  const untilTimes = (factor: number) =>
    untilGap(document, (gap) => Math.abs(gap / published - factor) < 0.1);

  it('changes the forecast when it is made, typed in, saved and deleted', async () => {
    const uri = beside(document);
    await write(uri, withGamma(half));
    await untilTimes(2);
    const [hover] = await hovers(document, '894_070');
    assert.match(hover ?? '', /calibrated/i);
    const own = await vscode.workspace.openTextDocument(uri);
    await replace(own, String(half), String(quarter));
    await untilTimes(4);
    assert.equal(own.isDirty, true);
    assert.ok(await own.save());
    await untilTimes(4);
    const editing = new vscode.WorkspaceEdit();
    editing.deleteFile(uri);
    assert.ok(await vscode.workspace.applyEdit(editing));
    await untilTimes(1);
  });

  it('has its mistake marked where it is, and the published numbers stay', async () => {
    const uri = beside(document);
    const text = '{ "law": "capybara", "constants": { "gamma": "much" } }';
    await write(uri, text);
    const marked = () => diagnostics(uri).length > 0;
    await until(vscode.languages.onDidChangeDiagnostics, marked, () => 'the mistake is marked');
    const [only, ...more] = diagnostics(uri);
    assert.deepEqual(more, []);
    assert.match(only?.message ?? '', /line 1: “gamma” needs a number/);
    const own = await vscode.workspace.openTextDocument(uri);
    assert.equal(own.getText(only?.range), '"much"');
    await untilTimes(1);
    await write(uri, withGamma(half));
    await untilTimes(2);
    assert.deepEqual(diagnostics(uri), []);
  });

  it('is the one that the setting names, and is missed where there is none', async () => {
    const own = beside(document, 'ours.json');
    await write(own, '{ "law": "capybara", "constants": { "gamma": 5667.25985, "gama": 1 } }');
    // The setting wins over what lies beside the config.
    await write(beside(document), withGamma(quarter));
    await untilTimes(4);
    await set('calibrationFile', vscode.workspace.asRelativePath(own));
    await untilTimes(2);
    const marked = () => diagnostics(own).length > 0;
    await until(vscode.languages.onDidChangeDiagnostics, marked, () => 'the mistake is marked');
    assert.match(diagnostics(own)[0]?.message ?? '', /“gama” is none of the constants of Capybara/);
    await set('calibrationFile', 'never-there.json');
    await untilTimes(1);
  });

  it('is checked by its schema as it is typed', async () => {
    const uri = beside(document);
    await write(uri, '{ "law": "capibara", "constants": { "gamma": 1 } }');
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    const said = () =>
      vscode.languages
        .getDiagnostics(uri)
        .filter(({ source }) => source !== 'floatcast')
        .map(({ message }) => message);
    const marked = () => said().some((message) => message.includes('"capybara"'));
    await until(vscode.languages.onDidChangeDiagnostics, marked, () => 'the schema objects');
  });
});
