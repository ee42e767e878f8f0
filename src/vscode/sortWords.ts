import { l10n } from 'vscode';
import type { SortKey } from './runList.ts';

/** The sort keys in words: as one of a list, and in short behind the view's title. */
export const sortWords: Readonly<
  Record<SortKey, { readonly name: string; readonly brief: string }>
> = {
  name: { name: l10n.t('File name'), brief: l10n.t('by name') },
  folder: { name: l10n.t('Folder'), brief: l10n.t('by folder') },
  gap: { name: l10n.t('Gap to BF16, by the law that leads'), brief: l10n.t('by gap') },
  ratio: {
    name: l10n.t('Share of the critical data size (D / D_crit)'),
    brief: l10n.t('by D / D_crit'),
  },
  findings: { name: l10n.t('Findings'), brief: l10n.t('by findings') },
  parameters: { name: l10n.t('Parameters (N)'), brief: l10n.t('by parameters') },
  tokens: { name: l10n.t('Tokens (D)'), brief: l10n.t('by tokens') },
  memory: { name: l10n.t('Memory a GPU'), brief: l10n.t('by memory') },
};
