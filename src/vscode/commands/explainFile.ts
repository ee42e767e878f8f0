import { commands as editor, window, l10n } from 'vscode';
import { commands } from '../ids.ts';
import { inform } from '../say.ts';
import { reportUri } from '../virtualDocuments.ts';
import type { Command } from './command.ts';
import { uriOf } from './target.ts';

/** Says why the active file was or was not taken for a training config, and what was read of it. */
export const explainFile: Command = {
  id: commands.explainFile,
  async run(_context, args) {
    const uri = uriOf(args[0]) ?? window.activeTextEditor?.document.uri;
    if (!uri) {
      inform(l10n.t('Open the file first that Floatcast should explain.'));
      return;
    }
    await editor.executeCommand('markdown.showPreview', reportUri('explanation', uri));
  },
};
