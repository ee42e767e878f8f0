import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Log } from '../../../src/vscode/log.ts';
import { listed } from '../../../src/vscode/runList.ts';
import { treeItem } from '../../../src/vscode/runsView.ts';
import { WorkspaceScan, type ScannedRun } from '../../../src/vscode/workspaceScan.ts';
import { closeAll, file, open, until } from './support.ts';

const own = ['llm-foundry/', 'torchtitan/'];

describe('the Runs view', () => {
  let log: Log;
  let scan: WorkspaceScan;

  beforeEach(() => {
    log = new Log('Floatcast, of a test');
    scan = new WorkspaceScan(log);
  });

  afterEach(async () => {
    scan.dispose();
    log.dispose();
    await closeAll();
    await vscode.workspace.fs.delete(file('runs'), { recursive: true }).then(undefined, () => {
      // Not every test makes it.
    });
    await vscode.workspace
      .getConfiguration('search')
      .update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
  });

  /** The runs of the configs that the test workspace comes with: other suites leave copies. */
  const ours = () =>
    scan.runs.filter(({ file: path }) => own.some((each) => path.startsWith(each)));
  const names = (runs: readonly ScannedRun[]) => runs.map(({ file: path }) => path);
  const runOf = (path: string) => scan.runs.find((run) => run.file === path);
  const untilScan = (holds: () => boolean, what: string) =>
    until(scan.onDidChange, holds, () => `${what}; there are ${names(scan.runs).join(', ')}`);

  async function write(
    path: string,
    source: string,
    change = (text: string) => text,
  ): Promise<void> {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file(source)));
    await vscode.workspace.fs.writeFile(file(path), new TextEncoder().encode(change(text)));
  }

  it('does nothing before it is asked to', () => {
    assert.equal(scan.state.kind, 'idle');
    assert.deepEqual(scan.runs, []);
  });

  it('finds every config of the workspace, and nothing in YAML of somebody else', async () => {
    await scan.start();
    assert.equal(scan.state.kind, 'done');
    assert.deepEqual(names(listed(ours(), 'folder', 'all')), [
      'llm-foundry/mpt.yaml',
      'torchtitan/critical.toml',
      'torchtitan/mxfp4.toml',
      'torchtitan/ranks.toml',
    ]);
    for (const foreign of ['deployment.yaml', 'docker-compose.yml', 'tsconfig.json']) {
      assert.equal(runOf(foreign), undefined);
    }
  });

  it('shows N, D, format, gap and a status that can be heard', async () => {
    await scan.start();
    const run = runOf('torchtitan/mxfp4.toml');
    assert.ok(run);
    const item = treeItem(run);
    assert.equal(item.label, 'mxfp4');
    assert.equal(item.description, '+0.03…0.21 ⚠2 torchtitan · N 8.03 B · D 15.0 T · MXFP4');
    assert.ok(item.iconPath instanceof vscode.ThemeIcon);
    assert.equal(item.iconPath.id, 'warning');
    const label =
      'mxfp4.toml, has a warning, gap +0.03…0.21, 2 findings, N 8.03 B, D 15.0 T, MXFP4, torchtitan';
    assert.deepEqual(item.accessibilityInformation, { label });
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    const [path, why] = item.tooltip.value.split('\n\n');
    assert.equal(path, '**torchtitan/mxfp4.toml**');
    assert.equal(why, 'Past the target: D is 18× D\\_crit by the Capybara law.');
    assert.match(item.tooltip.value, /N 8\.03 B · D 15\.0 T tokens/);
    assert.match(item.tooltip.value, /\n- 15\.0 T tokens is 18×/);
  });

  it('opens a run at the field that its tokens rest on', async () => {
    await open('llm-foundry/mpt.yaml');
    await scan.start();
    const run = runOf('torchtitan/mxfp4.toml');
    assert.ok(run);
    const { command } = treeItem(run);
    assert.ok(command);
    await vscode.commands.executeCommand(
      command.command,
      ...((command.arguments ?? []) as unknown[]),
    );
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), run.uri.toString());
    assert.equal(editor.document.getText(editor.selection), '894_070');
  });

  it('sorts by gap, the largest first', async () => {
    await scan.start();
    assert.deepEqual(names(listed(ours(), 'gap', 'all')), [
      'torchtitan/critical.toml',
      'torchtitan/mxfp4.toml',
      'llm-foundry/mpt.yaml',
      'torchtitan/ranks.toml',
    ]);
  });

  it('stays fresh when files are made, changed and deleted', async () => {
    await scan.start();
    const path = 'runs/new.toml';
    await write(path, 'torchtitan/mxfp4.toml');
    await untilScan(() => runOf(path) !== undefined, 'the new file is listed');
    await write(path, 'torchtitan/mxfp4.toml', (text) => text.replace('894_070', '89_407'));
    const tokens = () => runOf(path)?.run.run.tokens.total?.value;
    await untilScan(() => tokens() === 89_407 * 2048 * 8192, 'the changed file is read');
    await vscode.workspace.fs.delete(file(path));
    await untilScan(() => runOf(path) === undefined, 'the deleted file is gone');
  });

  it('leaves out what searches leave out', async () => {
    await write('runs/left/out.toml', 'torchtitan/mxfp4.toml');
    await write('runs/kept.toml', 'torchtitan/mxfp4.toml');
    await vscode.workspace
      .getConfiguration('search')
      .update('exclude', { '**/{left,right}': true }, vscode.ConfigurationTarget.Workspace);
    await scan.start();
    assert.equal(runOf('runs/left/out.toml'), undefined);
    assert.ok(runOf('runs/kept.toml'));
  });

  it('can be cancelled, and begun again', async () => {
    const ended = scan.start();
    scan.cancel();
    await ended;
    assert.equal(scan.state.kind, 'cancelled');
    assert.deepEqual(scan.runs, []);
    await scan.refresh();
    assert.equal(scan.state.kind, 'done');
    assert.equal(ours().length, 4);
  });

  it('opens in the file list, and its rows lead to the Explorer', async () => {
    await open('torchtitan/mxfp4.toml');
    await vscode.commands.executeCommand('floatcast.runs.focus');
    await vscode.commands.executeCommand('floatcast.refreshRuns');
    await scan.start();
    await vscode.commands.executeCommand('floatcast.showForecast', runOf('llm-foundry/mpt.yaml'));
    const isThere = () =>
      vscode.workspace.textDocuments.some(({ uri }) => uri.path === '/mpt.yaml (forecast).md');
    await until(vscode.workspace.onDidOpenTextDocument, isThere, () => 'the forecast of the row');
  });
});
