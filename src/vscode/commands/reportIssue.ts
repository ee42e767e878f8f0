import { commands as editor, l10n } from 'vscode';
import { commands } from '../ids.ts';
import type { Command } from './command.ts';

/** Our id in the marketplace: publisher and name of the manifest. */
const extensionId = 'floatcast.floatcast';

/** What a report needs; nothing of the person's files is put in. */
const issueBody = [
  l10n.t('What the config says (the lines that matter are enough):'),
  '',
  l10n.t('What Floatcast says of it, and what is right:'),
].join('\n');

/** Opens the editor's own form for reports, which shows all before it is sent. */
export const reportIssue: Command = {
  id: commands.reportIssue,
  async run() {
    await editor.executeCommand('workbench.action.openIssueReporter', { extensionId, issueBody });
  },
};
