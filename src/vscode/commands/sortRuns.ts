import { l10n } from 'vscode';
import { commands } from '../ids.ts';
import { pickOne } from '../say.ts';
import { sortKeys, type SortKey } from '../runList.ts';
import type { Command } from './command.ts';

const words: Readonly<Record<SortKey, string>> = {
  name: l10n.t('Name'),
  parameters: l10n.t('Parameters (N)'),
  tokens: l10n.t('Tokens (D)'),
  gap: l10n.t('Gap to BF16'),
  ratio: l10n.t('Share of the critical data size (D / D_crit)'),
};

/** Asks what the Runs view is sorted by. */
export const sortRuns: Command = {
  id: commands.sortRuns,
  async run({ runs }) {
    const items = sortKeys.map((key) => ({
      label: words[key],
      description: key === 'name' ? l10n.t('from A') : l10n.t('the largest first'),
      picked: key === runs.sort,
      key,
    }));
    const now = items.find(({ picked }) => picked)?.label ?? '';
    const options = { title: l10n.t('Sort Runs By'), placeHolder: l10n.t('Now: {0}', now) };
    const picked = await pickOne(items, options);
    if (picked) await runs.show({ sort: picked.key });
  },
};
