import { commands as editor, window, l10n } from 'vscode';
import { Disposables, type Ends } from './disposables.ts';
import { commands, explorerViewType, internalCommands } from './ids.ts';
import type { Log } from './log.ts';
import type { OnDemand } from './onDemand.ts';
import { complain } from './say.ts';

/** Registers every command; one that fails says one sentence and offers the log. */
export function registerCommands(features: OnDemand, log: Log): Ends {
  const register = (id: string) =>
    editor.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        await (await features.get()).run(id, args);
      } catch (error) {
        log.error(id, error);
        const why = error instanceof Error ? error.message : String(error);
        if (await complain(`Floatcast: ${why}`, l10n.t('Show Log'))) log.show();
      }
    });
  const ids = [...Object.values(commands), ...Object.values(internalCommands)];
  return new Disposables().add(...ids.map(register));
}

/** Brings back the Trade-off Explorers of a window that was reloaded. */
export function registerRestoring(features: OnDemand): Ends {
  return window.registerWebviewPanelSerializer(explorerViewType, {
    deserializeWebviewPanel: async (panel, state) => (await features.get()).restore(panel, state),
  });
}
