import { l10n } from 'vscode';
import { commands } from '../ids.ts';
import type { RunFilter } from '../runList.ts';
import { pickOne } from '../say.ts';
import type { Command } from './command.ts';

/** Asks which runs the Runs view lists: all, those with findings, or those of one framework. */
export const filterRuns: Command = {
  id: commands.filterRuns,
  async run({ runs }) {
    const found = runs.scan.runs.map(({ run }) => run);
    const frameworks = new Map(found.map((run) => [run.framework, run.frameworkName]));
    const items: { label: string; description: string; filter: RunFilter }[] = [
      { label: l10n.t('All runs'), description: String(found.length), filter: 'all' },
      {
        label: l10n.t('Runs with findings'),
        description: String(found.filter(({ findings }) => findings.length > 0).length),
        filter: 'findings',
      },
      ...[...frameworks]
        .sort(([, a], [, b]) => a.localeCompare(b))
        .map(([framework, label]) => ({
          label,
          description: String(found.filter((run) => run.framework === framework).length),
          filter: { framework },
        })),
    ];
    const picked = await pickOne(items, { title: l10n.t('Which Runs?') });
    if (picked) await runs.show({ filter: picked.filter });
  },
};
