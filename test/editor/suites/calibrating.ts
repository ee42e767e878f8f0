import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionId, file, lenses, openCopy, press, until, webviewTabs } from './support.ts';

const accept = 'workbench.action.acceptSelectedQuickOpenItem';
const { executeCommand } = vscode.commands;
const { fs } = vscode.workspace;

/** The file that a workspace keeps its own constants in. */
export const calibrationName = 'floatcast.calibration.json';

/** Writes a file of the workspace. */
export function write(uri: vscode.Uri, text: string): Thenable<void> {
  return fs.writeFile(uri, new TextEncoder().encode(text));
}

/** Whether there is such a file. */
export function isThere(uri: vscode.Uri): Thenable<boolean> {
  return fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** The leading law's gap in the first lens, nats: the one by its name, or that all agree on. */
async function gapOf(document: vscode.TextDocument): Promise<number> {
  const [first] = await lenses(document.uri);
  const found = /laws, [^:]*\+([\d.]+)|^gap \+([\d.]+) \(/.exec(first?.title ?? '');
  return Number(found?.[1] ?? found?.[2]);
}

/** Waits for a gap; what a file that changed on disk brings about comes when it comes. */
export async function untilGap(
  document: vscode.TextDocument,
  holds: (gap: number) => boolean,
): Promise<number> {
  const end = Date.now() + 20_000;
  for (;;) {
    const gap = await gapOf(document);
    if (holds(gap)) return gap;
    if (Date.now() > end) assert.fail(`the gap is ${gap}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Puts the example's table of runs beside a config. */
export async function runsBeside(document: vscode.TextDocument): Promise<vscode.Uri> {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension);
  const runs = vscode.Uri.joinPath(document.uri, '../runs.csv');
  const example = vscode.Uri.joinPath(extension.extensionUri, 'examples/calibration/runs.csv');
  await fs.writeFile(runs, await fs.readFile(example));
  return runs;
}

/** Fits a law to the example's runs as a person would, from the command to another forecast. */
export async function fitsALaw(): Promise<void> {
  const document = await openCopy('torchtitan/mxfp4.toml');
  const published = await untilGap(document, (gap) => gap > 0);
  const runs = await runsBeside(document);
  const root = file(calibrationName);
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
  assert.match(account?.getText() ?? '', /\| gamma \| 5431 \| 4465\.7 … 7564\.5 \| 11335 \|/);
  const text = new TextDecoder().decode(await fs.readFile(root));
  const { law, constants } = JSON.parse(text) as {
    law: string;
    constants: Record<string, { value: number }>;
  };
  assert.equal(law, 'capybara');
  assert.equal(Math.round(constants.gamma?.value ?? 0), 5431);
  // γ is half of what the paper has, so the gap is about twice as large.
  await untilGap(document, (gap) => gap > 1.5 * published);
  await fs.delete(root);
  await untilGap(document, (gap) => gap === published);
}
