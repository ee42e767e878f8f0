import { l10n } from 'vscode';
import { commands } from '../ids.ts';
import { pickOne } from '../say.ts';
import { sortKeys } from '../runList.ts';
import { sortWords } from '../sortWords.ts';
import type { Command } from './command.ts';

/** Asks what the Runs view is sorted by. */
export const sortRuns: Command = {
  id: commands.sortRuns,
  async run({ runs }) {
    const items = sortKeys.map((key) => ({
      label: sortWords[key].name,
      description:
        key === 'name' || key === 'folder' ? l10n.t('from A') : l10n.t('the largest first'),
      picked: key === runs.sort,
      key,
    }));
    const now = items.find(({ picked }) => picked)?.label ?? '';
    const title = l10n.t('Sort the Runs of Each Group By');
    const options = { title, placeHolder: l10n.t('Now: {0}', now) };
    const picked = await pickOne(items, options);
    if (picked) await runs.show({ sort: picked.key });
  },
};
