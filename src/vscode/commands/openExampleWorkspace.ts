import { FileSystemError, Uri, commands as editor, workspace } from 'vscode';
import { commands } from '../ids.ts';
import type { Command } from './command.ts';

/** What a newcomer sees first: a run far past its critical data size. */
const example = 'torchtitan/llama3-8b-mxfp4.toml';

/** Opens the example configs in a new window, as a copy that the person may change. */
export const openExampleWorkspace: Command = {
  id: commands.openExampleWorkspace,
  async run({ extensionUri, storageUri }) {
    const copy = Uri.joinPath(storageUri, 'Floatcast examples');
    try {
      await workspace.fs.copy(Uri.joinPath(extensionUri, 'examples'), copy, { overwrite: false });
    } catch (error) {
      // The copy of last time, with whatever was tried in it, is opened again.
      if (!(error instanceof FileSystemError && error.code === 'FileExists')) throw error;
    }
    const filesToOpen = [Uri.joinPath(copy, example)];
    await editor.executeCommand('vscode.openFolder', copy, { forceNewWindow: true, filesToOpen });
  },
};
