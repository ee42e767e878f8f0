import { findingIds } from '../../core/checks/registry.ts';
import { internalCommands } from '../ids.ts';
import type { Command } from './command.ts';
import { configure } from './configure.ts';
import { uriOf } from './target.ts';

/** Switches a check off in the workspace. */
export const disableCheck: Command = {
  id: internalCommands.disableCheck,
  async run(_context, [id, argument]) {
    const finding = findingIds.find((each) => each === id);
    const uri = uriOf(argument);
    if (!finding || !uri) return;
    await configure('disabledChecks', uri, (set) => [...new Set([...(set ?? []), finding])]);
  },
};
