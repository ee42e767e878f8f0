import { l10n } from 'vscode';
import type { Command } from 'vscode';
import { internalCommands } from './ids.ts';
import type { Destination } from './links.ts';
import type { ScannedRun } from './workspaceScan.ts';

/** The command that opens a run's own file, at the field that its forecast is about. */
export function openRun({ file, uri, run }: ScannedRun): Command & { arguments: [Destination] } {
  const { tokens, precision, parameters } = run.run.anchors;
  const anchor = [tokens, precision, parameters].find((place) => place?.file === file);
  const destination = { uri: uri.toString(), start: anchor?.start ?? 0, end: anchor?.end ?? 0 };
  return { title: l10n.t('Open'), command: internalCommands.goToPlace, arguments: [destination] };
}
