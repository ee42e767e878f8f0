import { commands } from '../ids.ts';
import type { Command } from './command.ts';

/** Reads every training config of the workspace anew. */
export const refreshRuns: Command = {
  id: commands.refreshRuns,
  async run({ runs }) {
    await runs.scan.refresh();
  },
};
