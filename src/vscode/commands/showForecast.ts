import { commands as editor } from 'vscode';
import { commands } from '../ids.ts';
import { reportUri } from '../virtualDocuments.ts';
import type { Command } from './command.ts';
import { pickTarget } from './target.ts';

/** Shows the whole reasoning behind a config's forecast as a read-only document. */
export const showForecast: Command = {
  id: commands.showForecast,
  async run(context, args) {
    const target = await pickTarget(context, args);
    if (!target) return;
    await editor.executeCommand('markdown.showPreview', reportUri('forecast', target.analysed.uri));
  },
};
