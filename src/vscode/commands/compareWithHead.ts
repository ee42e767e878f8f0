import { commands as editor, window, l10n } from 'vscode';
import { commands } from '../ids.ts';
import { inform } from '../say.ts';
import { reportUri } from '../virtualDocuments.ts';
import type { Command } from './command.ts';
import { uriOf } from './target.ts';

/** Shows what a file's changes since the last commit do to its runs and to those it is part of. */
export const compareWithHead: Command = {
  id: commands.compareWithHead,
  async run(_context, args) {
    const uri = uriOf(args[0]) ?? window.activeTextEditor?.document.uri;
    if (!uri) {
      inform(l10n.t('Open the config first that Floatcast should compare with the last commit.'));
      return;
    }
    await editor.executeCommand('markdown.showPreview', reportUri('comparison', uri));
  },
};
