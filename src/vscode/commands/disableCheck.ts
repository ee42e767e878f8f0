import { checks } from '../../core/checks/registry.ts';
import { internalCommands } from '../ids.ts';
import type { Command } from './command.ts';
import { configure } from './configure.ts';
import { uriOf } from './target.ts';

/** Switches a check off in the workspace. */
export const disableCheck: Command = {
  id: internalCommands.disableCheck,
  async run(_context, [id, argument]) {
    const check = checks.find((each) => each.id === id);
    const uri = uriOf(argument);
    if (!check || !uri) return;
    await configure('disabledChecks', uri, (set) => [...new Set([...(set ?? []), check.id])]);
  },
};
