import { StatusBarAlignment, ThemeColor, window, commands as vscodeCommands } from 'vscode';
import { inert } from '../core/present/plain.ts';
import { status } from '../core/present/status.ts';
import type { Analyses } from './analyses.ts';
import { Disposables, type Ends } from './disposables.ts';
import { commands, contextKeys } from './ids.ts';

/** Shows the active config's share of D_crit, and sets the context key that menus depend on. */
export function registerStatusBar(analyses: Analyses): Ends {
  const item = window.createStatusBarItem('floatcast.forecast', StatusBarAlignment.Right, 100);
  item.name = 'Floatcast: Forecast';
  item.command = commands.openExplorer;

  async function update(): Promise<void> {
    const document = window.activeTextEditor?.document;
    const analysed = document && (await analyses.get(document));
    if (document !== window.activeTextEditor?.document) return;
    const run = analysed?.analysis.runs[0];
    void vscodeCommands.executeCommand('setContext', contextKeys.active, run !== undefined);
    if (!run || !analysed.settings.surfaces.statusBar) {
      item.hide();
      return;
    }
    const { text, tooltip, level } = status(run);
    item.text = inert(text);
    item.tooltip = tooltip;
    item.backgroundColor =
      level === 'warning' ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  }

  void update();
  return new Disposables().add(
    item,
    window.onDidChangeActiveTextEditor(() => void update()),
    analyses.onDidChange((uri) => {
      if (uri.toString() === window.activeTextEditor?.document.uri.toString()) void update();
    }),
    {
      dispose: () =>
        void vscodeCommands.executeCommand('setContext', contextKeys.active, undefined),
    },
  );
}
