import { TabInputTextDiff, commands, window, workspace, type Uri, l10n } from 'vscode';
import { applyEdits, type Edit } from '../../core/syntax/edit.ts';
import { visible } from '../../core/present/plain.ts';
import type { Analysed } from '../analyses.ts';
import { workspaceEdit } from '../convert.ts';
import { pickOne } from '../say.ts';
import type { Previews } from '../virtualDocuments.ts';

/** Shows edits as diffs of the files that they touch, asks, and applies them. */
export async function previewAndApply(
  analysed: Analysed,
  edits: readonly Edit[],
  what: string,
  previews: Previews,
): Promise<void> {
  const shown: Uri[] = [];
  for (const file of new Set(edits.map((edit) => edit.place.file))) {
    const source = analysed.uriOf(file);
    const text =
      file === analysed.document.file ? analysed.document.text : analysed.files.get(file);
    const preview = previews.show(source, applyEdits(text ?? '', file, edits));
    shown.push(preview);
    const options = { preview: true, preserveFocus: true };
    const title = visible(`${file} → ${what}`);
    await commands.executeCommand('vscode.diff', source, preview, title, options);
  }
  const into = shown.length === 1 ? analysed.analysis.file : l10n.t('these files');
  if (!(await confirmShown(l10n.t('Write {0} into {1}?', what, into), shown))) return;
  const document = await workspace.openTextDocument(analysed.uri);
  if (
    document.version !== analysed.version ||
    !(await workspace.applyEdit(workspaceEdit(analysed, edits)))
  ) {
    throw new Error(l10n.t('The file has changed since the list was made; nothing was written.'));
  }
  await window.showTextDocument(document);
}

/** Asks whether to do what the previews show, and closes them. */
export async function confirmShown(title: string, previews: readonly Uri[]): Promise<boolean> {
  const apply = l10n.t('Apply');
  const answer = await pickOne([{ label: apply }, { label: l10n.t('Cancel') }], {
    title,
    placeHolder: l10n.t('The change is shown in the editor'),
    ignoreFocusOut: true,
  });
  await closePreviews(previews);
  return answer?.label === apply;
}

async function closePreviews(previews: readonly Uri[]): Promise<void> {
  const ours = new Set(previews.map(String));
  const tabs = window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof TabInputTextDiff && ours.has(String(input.modified)));
  await window.tabGroups.close(tabs);
}
