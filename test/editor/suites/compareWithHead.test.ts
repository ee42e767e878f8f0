import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import * as vscode from 'vscode';
import { run } from '../../../src/cli/commandLine.ts';
import { closeAll, file, open, replace, until } from './support.ts';

const folder = 'compared';
const base = `${folder}/model/small.yaml`;

function git(...args: readonly string[]): void {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
  execFileSync('git', [...identity, ...args], { cwd: file(folder).fsPath });
}

/** The text of the report that the command opens on a file, once it holds what is awaited. */
async function comparison(path: string, awaited: RegExp): Promise<string> {
  await vscode.commands.executeCommand('floatcast.compareWithHead', file(path));
  const name = path.slice(path.lastIndexOf('/') + 1);
  const texts = () =>
    vscode.workspace.textDocuments
      .filter(({ uri }) => uri.path === `/${name} (comparison).md`)
      .map((each) => each.getText());
  const holds = () => texts().some((text) => awaited.test(text));
  const what = () => `a comparison that says ${awaited}: ${texts().join(' | ')}`;
  // One that is open already follows its file.
  const opensOrChanges: vscode.Event<unknown> = (heard) =>
    vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument(heard),
      vscode.workspace.onDidChangeTextDocument(heard),
    );
  await until(opensOrChanges, holds, what);
  return texts().find((text) => awaited.test(text)) ?? '';
}

/** What `floatcast diff` says of the same folder. */
async function diff(): Promise<string> {
  let printed = '';
  const stdout = { write: (text: string) => (printed += text) };
  const io = { stdout, stderr: stdout, stdin: Readable.from([]), environment: {} };
  await run(['diff', '--markdown'], { ...io, cwd: file(folder).fsPath });
  return printed;
}

interface GitExtension {
  readonly enabled: boolean;
  readonly onDidChangeEnablement: vscode.Event<boolean>;
}

function setGit(enabled: boolean | undefined): Thenable<void> {
  const target = vscode.ConfigurationTarget.Workspace;
  return vscode.workspace.getConfiguration('git').update('enabled', enabled, target);
}

/** Switches the editor's own git extension on. */
async function startGit(): Promise<void> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  assert.ok(extension);
  const api = await extension.activate();
  await setGit(true);
  await until(
    api.onDidChangeEnablement,
    () => api.enabled,
    () => 'git is there',
  );
}

describe('Compare with HEAD', function () {
  // Git is started, and the command line is run beside the editor.
  this.timeout(120_000);

  before(async () => {
    await vscode.workspace.fs.copy(file('nemo/conf'), file(folder));
    await vscode.workspace.fs.copy(file(`${folder}/run.yaml`), file(`${folder}/twin.yaml`));
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
  });

  after(async () => {
    await closeAll();
    await vscode.workspace.fs.delete(file(folder), { recursive: true });
  });

  it('says why it cannot where git is switched off', async () => {
    await open(`${folder}/run.yaml`);
    assert.equal(
      await comparison(`${folder}/run.yaml`, /git/),
      'The editor’s git extension is switched off (git.enabled).\n',
    );
    await closeAll();
  });

  it('lists what an edited base does to every run that it is part of, as floatcast diff does', async () => {
    await startGit();
    try {
      const document = await open(base);
      const still = await comparison(base, /since HEAD|no training run/);
      assert.match(
        still,
        /^Nothing that Floatcast reports of compared\/model\/small\.yaml has moved/,
      );

      await closeAll();
      await open(base);
      await replace(document, 'num_layers: 2', 'num_layers: 20');
      const unsaved = await comparison(base, /^### Floatcast/);

      await document.save();
      const told = (await diff()).trimEnd();
      assert.match(told, /^### Floatcast: 2 runs moved since HEAD\n/);
      assert.equal(unsaved.replaceAll(`${folder}/`, '').slice(0, told.length), told);
    } finally {
      await setGit(undefined);
    }
  });
});
