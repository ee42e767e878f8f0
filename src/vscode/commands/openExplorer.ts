import { Uri } from 'vscode';
import { commands } from '../ids.ts';
import type { Command } from './command.ts';
import { pickTarget } from './target.ts';

/** Opens the Trade-off Explorer for the active config, or for all that are selected in a list. */
export const openExplorer: Command = {
  id: commands.openExplorer,
  async run(context, args) {
    // The menu of the file list passes the file under the pointer and then all that are selected.
    const selected = Array.isArray(args[1]) ? args[1].filter((each) => each instanceof Uri) : [];
    const several = selected.length > 1;
    for (const called of several ? selected.map((uri) => [uri]) : [args]) {
      const target = await pickTarget(context, called);
      if (target) context.explorer.open(target.analysed.uri, target.runIndex, several);
    }
  },
};
