import type { Uri } from 'vscode';
import type { Analyses } from '../analyses.ts';
import type { Log } from '../log.ts';
import type { Explorer } from '../panel.ts';
import type { RunsView } from '../runsView.ts';
import type { Previews } from '../virtualDocuments.ts';

/** What commands may use. */
export interface CommandContext {
  readonly analyses: Analyses;
  readonly log: Log;
  readonly explorer: Explorer;
  readonly runs: RunsView;
  readonly previews: Previews;
  readonly extensionUri: Uri;
  /** A folder of our own that outlives updates of the extension. */
  readonly storageUri: Uri;
}

/** One command. Its arguments come from menus, links and key bindings: anything, so all is checked. */
export interface Command {
  readonly id: string;
  readonly run: (context: CommandContext, args: readonly unknown[]) => Promise<void>;
}
