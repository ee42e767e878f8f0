import type { ExtensionContext } from 'vscode';
import { registerCommands, registerRestoring } from './entry.ts';
import { registerLanguageModelTools } from './languageModelTools.ts';
import { Log } from './log.ts';
import { OnDemand, wakeAtOurs } from './onDemand.ts';
import { RunsTree } from './runsTree.ts';
import { registerServerForAgents } from './serverForAgents.ts';

/**
 * What is there from the start, as a list; `features.ts` is the list of the rest. The same entry
 * runs in Node, where the features are a script of their own, and in the browser.
 */
export async function activate(context: ExtensionContext): Promise<void> {
  const log = new Log();
  const tree = new RunsTree();
  const features = new OnDemand(async () =>
    (await import('./features.ts')).startFeatures(context, tree, log),
  );
  context.subscriptions.push(
    log,
    tree,
    features,
    registerCommands(features, log),
    registerRestoring(features),
    registerLanguageModelTools(features, log),
    registerServerForAgents(context),
    wakeAtOurs(features, log),
    tree.onFirstSeen(() => features.get()),
  );
  await features.started;
}
