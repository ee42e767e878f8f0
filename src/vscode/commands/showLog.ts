import { commands } from '../ids.ts';
import type { Command } from './command.ts';

/** Opens Floatcast's log. */
export const showLog: Command = {
  id: commands.showLog,
  run({ log }) {
    log.show();
    return Promise.resolve();
  },
};
