import { commands } from '../ids.ts';
import { pickOne } from '../say.ts';
import { sortKeys, type SortKey } from '../runList.ts';
import type { Command } from './command.ts';

const words: Readonly<Record<SortKey, string>> = {
  name: 'Name',
  parameters: 'Parameters (N)',
  tokens: 'Tokens (D)',
  gap: 'Gap to BF16',
  ratio: 'Share of the critical data size (D / D_crit)',
};

/** Asks what the Runs view is sorted by. */
export const sortRuns: Command = {
  id: commands.sortRuns,
  async run({ runs }) {
    const items = sortKeys.map((key) => ({
      label: words[key],
      description: key === 'name' ? 'from A' : 'the largest first',
      picked: key === runs.sort,
      key,
    }));
    const now = items.find(({ picked }) => picked)?.label ?? '';
    const options = { title: 'Sort Runs By', placeHolder: `Now: ${now}` };
    const picked = await pickOne(items, options);
    if (picked) await runs.show({ sort: picked.key });
  },
};
