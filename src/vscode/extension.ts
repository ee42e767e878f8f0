import type { ExtensionContext } from 'vscode';
import { Analyses } from './analyses.ts';
import { registerCodeActions } from './codeActions.ts';
import { registerCodeLens } from './codeLens.ts';
import { registerCommands } from './commands/registry.ts';
import { registerDiagnostics } from './diagnostics.ts';
import { registerHover } from './hover.ts';
import { registerInlayHints } from './inlayHints.ts';
import { Log } from './log.ts';
import { Explorer } from './panel.ts';
import { RunsView } from './runsView.ts';
import { registerStatusBar } from './statusBar.ts';
import { Previews, registerReports } from './virtualDocuments.ts';

/** What the extension does, as a list. The same entry runs in Node and in the browser. */
export function activate({
  subscriptions,
  extensionUri,
  globalStorageUri,
  workspaceState,
}: ExtensionContext): void {
  const log = new Log();
  const analyses = new Analyses(log);
  const explorer = new Explorer(extensionUri, analyses, log);
  const previews = new Previews();
  const runs = new RunsView(workspaceState, log);
  const storageUri = globalStorageUri;
  subscriptions.push(
    log,
    analyses,
    explorer,
    previews,
    runs,
    registerDiagnostics(analyses),
    registerHover(analyses, log),
    registerCodeLens(analyses, runs.scan, log),
    registerInlayHints(analyses, log),
    registerCodeActions(analyses, log),
    registerStatusBar(analyses),
    registerReports(analyses),
    registerCommands({ analyses, log, explorer, runs, previews, extensionUri, storageUri }),
  );
}
