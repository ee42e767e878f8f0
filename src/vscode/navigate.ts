import { Range, Uri, ViewColumn, window, workspace, type TextEditor } from 'vscode';
import type { Destination } from './links.ts';

/** Shows a place in an editor: in the group that has its file already, else in the first one. */
export async function goTo({ uri, start, end }: Destination): Promise<TextEditor> {
  const document = await workspace.openTextDocument(Uri.parse(uri));
  const open = window.visibleTextEditors.find(
    ({ document: { uri: its } }) => its.toString() === uri,
  );
  return window.showTextDocument(document, {
    viewColumn: open?.viewColumn ?? ViewColumn.One,
    selection: new Range(document.positionAt(start), document.positionAt(end)),
  });
}
