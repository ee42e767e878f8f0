import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  closeAll,
  diagnostics,
  extensionId,
  file,
  lenses,
  openCopy,
  press,
  resetSettings,
  set,
  until,
  webviewTabs,
} from './support.ts';

const accept = 'workbench.action.acceptSelectedQuickOpenItem';
const cancel = 'workbench.action.closeQuickOpen';
const { executeCommand } = vscode.commands;
const { fs } = vscode.workspace;
const name = 'floatcast.calibration.json';

/** The gap in the first lens, nats. */
async function gapOf(document: vscode.TextDocument): Promise<number> {
  const [first] = await lenses(document.uri);
  return Number(/gap \+([\d.]+)/.exec(first?.title ?? '')?.[1]);
}

/** Waits for a gap; what a file that changed on disk brings about comes when it comes. */
async function untilGap(
  document: vscode.TextDocument,
  holds: (gap: number) => boolean,
): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    const gap = await gapOf(document);
    if (holds(gap)) return;
    if (Date.now() > end) assert.fail(`the gap is ${gap}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Puts the example's table of runs beside a config. */
async function runsBeside(document: vscode.TextDocument): Promise<vscode.Uri> {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension);
  const runs = vscode.Uri.joinPath(document.uri, '../runs.csv');
  const example = vscode.Uri.joinPath(extension.extensionUri, 'examples/calibration/runs.csv');
  await fs.writeFile(runs, await fs.readFile(example));
  return runs;
}

const isThere = (uri: vscode.Uri) =>
  fs.stat(uri).then(
    () => true,
    () => false,
  );

describe('Fit Law to Measured Runs', () => {
  const root = () => file(name);

  afterEach(async () => {
    await closeAll();
    await resetSettings();
    if (await isThere(root())) await fs.delete(root());
  });

  it('shows the fit and writes the constants, which the open configs then use', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    await untilGap(document, (gap) => gap > 0);
    const published = await gapOf(document);
    const runs = await runsBeside(document);
    const seen: string[] = [];
    const watch = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
      for (const { input } of opened) {
        if (input instanceof vscode.TabInputTextDiff) seen.push(input.modified.scheme);
      }
    });
    // The first law, the first place (this workspace), Apply.
    await press(accept, Promise.resolve(executeCommand('floatcast.fitLaw', runs)));
    watch.dispose();
    assert.deepEqual(seen, ['floatcast-preview']);
    const holds = () => webviewTabs('markdown.preview').length > 0;
    await until(vscode.window.tabGroups.onDidChangeTabs, holds, () => 'a Markdown preview');
    const account = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.path === '/runs.csv (fit).md',
    );
    assert.match(account?.getText() ?? '', /^# The law of Capybara fitted to 84 runs/);
    assert.match(account?.getText() ?? '', /\| gamma \| 5431 \| 4168\.3 … 6676\.1 \| 11335 \|/);
    const text = new TextDecoder().decode(await fs.readFile(root()));
    const { law, constants } = JSON.parse(text) as {
      law: string;
      constants: Record<string, { value: number }>;
    };
    assert.equal(law, 'capybara');
    assert.equal(Math.round(constants.gamma?.value ?? 0), 5431);
    // γ is half of what the paper has, so the gap is about twice as large.
    await untilGap(document, (gap) => gap > 1.5 * published);
    await fs.delete(root());
    await untilGap(document, (gap) => gap === published);
  });

  it('writes nothing when it is cancelled', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    const runs = await runsBeside(document);
    await press(cancel, Promise.resolve(executeCommand('floatcast.fitLaw', runs)));
    assert.equal(await isThere(root()), false);
  });

  it('is not needed: constants written by hand are used, and their mistakes marked', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    await untilGap(document, (gap) => gap > 0);
    const published = await gapOf(document);
    const own = vscode.Uri.joinPath(document.uri, '../ours.json');
    const text = '{ "law": "capybara", "constants": { "gamma": 5667.25985, "gama": 1 } }';
    await fs.writeFile(own, new TextEncoder().encode(text));
    await set('calibrationFile', vscode.workspace.asRelativePath(own));
    await untilGap(document, (gap) => Math.abs(gap / published - 2) < 0.02);
    const messages = () => diagnostics(own).map(({ message }) => message);
    const marked = () => messages().length > 0;
    await until(vscode.languages.onDidChangeDiagnostics, marked, () => 'the mistake is marked');
    assert.match(messages()[0] ?? '', /“gama” is none of the constants of Capybara/);
  });
});
