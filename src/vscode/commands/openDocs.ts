import { commands as editor, workspace } from 'vscode';
import { commands } from '../ids.ts';
import { isPage, pageUri } from '../pages.ts';
import type { Command } from './command.ts';

/** What is opened where no page is named: the list of them all. */
const index = 'README.md';

/** Opens a page of the documentation that the extension brings, in the editor. */
export const openDocs: Command = {
  id: commands.openDocs,
  async run({ extensionUri }, [page]) {
    const uri = pageUri(extensionUri, isPage(page) ? page : index);
    await workspace.fs.stat(uri);
    await editor.executeCommand('markdown.showPreview', uri);
  },
};
