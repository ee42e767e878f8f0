import { commands } from '../ids.ts';
import type { Command } from './command.ts';

/** Ends the scan of the workspace; what it found so far stays. */
export const cancelScan: Command = {
  id: commands.cancelScan,
  run({ runs }) {
    runs.scan.cancel();
    return Promise.resolve();
  },
};
