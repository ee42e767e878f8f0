import type { ExtensionContext, WebviewPanel } from 'vscode';
import { Analyses } from './analyses.ts';
import { registerCodeActions } from './codeActions.ts';
import { registerCodeLens } from './codeLens.ts';
import { allCommands } from './commands/registry.ts';
import { registerDiagnostics } from './diagnostics.ts';
import { Disposables, type Ends } from './disposables.ts';
import { registerHover } from './hover.ts';
import { registerInlayHints } from './inlayHints.ts';
import type { Log } from './log.ts';
import { Explorer } from './panel.ts';
import type { RunsTree } from './runsTree.ts';
import { RunsView } from './runsView.ts';
import { registerStatusBar } from './statusBar.ts';
import { toolAnswer } from './toolAnswers.ts';
import type { Question } from './toolIds.ts';
import { Previews, registerReports } from './virtualDocuments.ts';

/** What the entry asks of the features once they are loaded. */
export interface Features extends Ends {
  /** Runs a command by its id. */
  run(id: string, args: readonly unknown[]): Promise<void>;
  /** The answer to a language model's question; rejects with a sentence. */
  answer(question: Question, input: Readonly<Record<string, unknown>>): Promise<string>;
  /** Brings a Trade-off Explorer back that an earlier session had open. */
  restore(panel: WebviewPanel, state: unknown): void;
}

/** Everything that needs the core, as a list. */
export function startFeatures(
  { extensionUri, globalStorageUri, workspaceState }: ExtensionContext,
  tree: RunsTree,
  log: Log,
): Features {
  const analyses = new Analyses(log);
  const explorer = new Explorer(extensionUri, analyses, log);
  const previews = new Previews();
  const runs = new RunsView(tree, workspaceState, log);
  const storageUri = globalStorageUri;
  const context = { analyses, log, explorer, runs, previews, extensionUri, storageUri };
  const all = new Disposables().add(
    analyses,
    explorer,
    previews,
    runs,
    registerDiagnostics(analyses, extensionUri),
    registerHover(analyses, log),
    registerCodeLens(analyses, runs.scan, log),
    registerInlayHints(analyses, log),
    registerCodeActions(analyses, log),
    registerStatusBar(analyses),
    registerReports(analyses, runs.scan, extensionUri),
  );
  return {
    async run(id, args) {
      await allCommands.find((command) => command.id === id)?.run(context, args);
    },
    answer: (question, input) => toolAnswer(question, input, extensionUri),
    restore: (panel, state) => explorer.restore(panel, state),
    dispose: () => all.dispose(),
  };
}
