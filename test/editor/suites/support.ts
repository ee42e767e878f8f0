import assert from 'node:assert/strict';
import * as vscode from 'vscode';

export const extensionId = 'floatcast.floatcast';

/** Where the extension lies. */
export function home(): vscode.Uri {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension);
  return extension.extensionUri;
}

/** The folder that the tests opened. */
export function folder(): vscode.Uri {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first);
  return first.uri;
}

/** A file of the test workspace. */
export function file(path: string): vscode.Uri {
  return vscode.Uri.joinPath(folder(), path);
}

/** Opens a file of the test workspace in an editor, and waits for the extension that it wakes. */
export async function open(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(file(path));
  await vscode.extensions.getExtension(extensionId)?.activate();
  await vscode.window.showTextDocument(document);
  return document;
}

/** Opens a text that no file has. */
export async function untitled(content: string, language: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  await vscode.window.showTextDocument(document);
  return document;
}

let copies = 0;

/** Opens a fresh copy of a file of the test workspace: what a test writes reaches no other one. */
export async function openCopy(path: string): Promise<vscode.TextDocument> {
  copies += 1;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const copy = file(`copies/${copies}/${name}`);
  await vscode.workspace.fs.copy(file(path), copy);
  const document = await vscode.workspace.openTextDocument(copy);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Closes every editor; what was typed is thrown away. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter((each) => each.isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Resolves when `holds` does; it is asked now, and again whenever the event fires. */
export async function until<T>(
  event: vscode.Event<T>,
  holds: () => boolean,
  what: () => string,
): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => {
      listener.dispose();
      reject(new Error(`It did not come to this: ${what()}`));
    }, 20_000);
    const listener = event(() => {
      if (!holds()) return;
      clearTimeout(limit);
      listener.dispose();
      resolve();
    });
  });
}

/**
 * Runs an editor command over and over until `done` settles: nothing tells an extension that a
 * quick pick of another one is open, so the key is pressed until it has had its effect.
 */
export async function press(command: string, done: Promise<unknown>): Promise<void> {
  const state = { pending: true };
  const settled = done.finally(() => (state.pending = false));
  while (state.pending) await vscode.commands.executeCommand(command);
  await settled;
}

/** Our diagnostics of a document. */
export function diagnostics(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((each) => each.source === 'floatcast');
}

/** The ids of our diagnostics of a document, in the order of the text. */
export function findingIds(uri: vscode.Uri): string[] {
  return diagnostics(uri)
    .sort((a, b) => a.range.start.compareTo(b.range.start))
    .map(({ code }) => (typeof code === 'object' ? String(code.value) : 'none'));
}

/** Waits until a document has exactly these findings. */
export function untilFindings(uri: vscode.Uri, ids: readonly string[]): Promise<void> {
  const holds = () => findingIds(uri).join() === ids.join();
  const what = () =>
    `[${ids.join(', ')}] are the findings; they are [${findingIds(uri).join(', ')}]`;
  return until(vscode.languages.onDidChangeDiagnostics, holds, what);
}

/** The titles of the lenses, with the lines that they stand above. */
export async function lenses(uri: vscode.Uri): Promise<{ line: number; title: string }[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
    100,
  );
  return found.map(({ range, command }) => ({
    line: range.start.line,
    title: command?.title ?? '',
  }));
}

/** The inlay hints, each with the text in front of it on its line. */
export async function hints(document: vscode.TextDocument): Promise<string[]> {
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    all,
  );
  return found.map(({ position, label }) => {
    const before = document.lineAt(position.line).text.slice(0, position.character);
    return `${before.trim()}|${typeof label === 'string' ? label : 'parts'}`;
  });
}

/** Our hovers on the first place where `text` stands. */
export async function hovers(document: vscode.TextDocument, text: string): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    rangeOf(document, text).start,
  );
  const texts = found.flatMap(({ contents }) =>
    contents.map((each) => (each instanceof vscode.MarkdownString ? each.value : '')),
  );
  return texts.filter((value) => value.includes('floatcast'));
}

/** Where a text stands first. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const start = document.getText().indexOf(text);
  assert.ok(start >= 0, `The document has no "${text}".`);
  return new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
}

/** The quick fixes of one finding, by title. */
export async function fixes(
  uri: vscode.Uri,
  id: string,
): Promise<ReadonlyMap<string, vscode.CodeAction>> {
  const diagnostic = diagnostics(uri).find(
    ({ code }) => typeof code === 'object' && code.value === id,
  );
  assert.ok(diagnostic, `There is no finding ${id}.`);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
  );
  return new Map(actions.map((action) => [action.title, action]));
}

/** Does what choosing a quick fix does. */
export async function apply(action: vscode.CodeAction | undefined): Promise<void> {
  assert.ok(action);
  if (action.edit) assert.ok(await vscode.workspace.applyEdit(action.edit));
  const { command } = action;
  if (command) {
    await vscode.commands.executeCommand(
      command.command,
      ...((command.arguments ?? []) as unknown[]),
    );
  }
}

/** Replaces the first place where `text` stands. */
export async function replace(
  document: vscode.TextDocument,
  text: string,
  by: string,
): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, text), by);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Sets a setting of the workspace. */
export async function set(key: string, value: unknown): Promise<void> {
  await vscode.workspace
    .getConfiguration('floatcast')
    .update(key, value, vscode.ConfigurationTarget.Workspace);
}

/** Takes back every setting of the workspace. */
export async function resetSettings(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  for (const key of Object.keys(manifestSettings())) {
    if (configuration.inspect(key)?.workspaceValue === undefined) continue;
    await configuration.update(key, undefined, vscode.ConfigurationTarget.Workspace);
  }
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly languageModelTools: readonly { readonly name: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  };
}

/** The extension's manifest. */
export function manifest(): Manifest {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension);
  return extension.packageJSON as Manifest;
}

function manifestSettings(): Readonly<Record<string, unknown>> {
  return Object.assign(
    {},
    ...manifest().contributes.configuration.map((each) => each.properties),
  ) as Record<string, unknown>;
}

/** The webview tabs of a type. */
export function webviewTabs(viewType: string): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType),
    );
}
