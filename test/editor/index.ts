/**
 * Runs inside VS Code: loads the suites that were bundled with it, runs them, and leaves the result
 * beside the workspace, the one place that every kind of extension host can write to.
 */
import Mocha from 'mocha';
import * as vscode from 'vscode';

export interface RunOptions {
  /** The extension under test. */
  readonly extensionId: string;
  /** Runs only the tests whose full title holds it. */
  readonly grep: string;
  /** Executes the bundled suites, which register themselves. */
  readonly load: () => void;
}

/** Runs the suites; rejects, which makes VS Code's exit code 1, when any test failed or none ran. */
export async function runSuites({ extensionId, grep, load }: RunOptions): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    forbidOnly: true,
    timeout: 30_000,
    ...(grep !== '' && { fgrep: grep }),
  });
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, '', mocha);
  const unhandled = collectUnhandled(extensionId);
  load();
  const own = mocha.suite.total();
  if (grep === '') describe('the extension under test', () => addOwnTests(extensionId, unhandled));

  const result = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats ?? emptyStats()));
  });
  const { passes, failures, pending } = result;
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (workspace === undefined) throw new Error('The tests need a workspace folder.');
  await vscode.workspace.fs.writeFile(
    vscode.Uri.joinPath(workspace.uri, '..', 'result.json'),
    new TextEncoder().encode(JSON.stringify({ passed: passes, failed: failures, pending })),
  );
  if (own === 0 || passes + failures === 0) throw new Error('No test ran.');
  if (failures > 0) throw new Error(`${failures} failed.`);
}

/** Comes last, because suites may test that the extension is not active before something. */
function addOwnTests(extensionId: string, unhandled: readonly string[]): void {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    if (extension === undefined) throw new Error(`${extensionId} is not installed.`);
    await extension.activate();
  });
  it('left no rejected promise unhandled', () => {
    if (unhandled.length > 0) throw new Error(unhandled.join('\n'));
  });
}

/** What a promise in the extension's own code was rejected with while nothing handled it. */
function collectUnhandled(extensionId: string): readonly string[] {
  const home = vscode.extensions.getExtension(extensionId)?.extensionUri.path ?? '';
  const unhandled: string[] = [];
  const collect = (reason: unknown): void => {
    const stack = reason instanceof Error ? (reason.stack ?? '') : '';
    // VS Code and its built-in extensions reject some of theirs.
    if (stack.includes(`${home}/dist/`)) unhandled.push(stack);
  };
  // The web worker has no process, but events.
  if (typeof process === 'object') process.on('unhandledRejection', collect);
  else addEventListener('unhandledrejection', (event) => collect(event.reason));
  return unhandled;
}

function emptyStats(): Mocha.Stats {
  return { suites: 0, tests: 0, passes: 0, pending: 0, failures: 0 };
}
