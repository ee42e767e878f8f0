import { commands } from 'vscode';
import { Disposables, type Ends } from '../disposables.ts';
import { complain } from '../say.ts';
import { cancelScan } from './cancelScan.ts';
import type { Command, CommandContext } from './command.ts';
import { copyForecast } from './copyForecast.ts';
import { disableCheck } from './disableCheck.ts';
import { explainFile } from './explainFile.ts';
import { filterRuns } from './filterRuns.ts';
import { fitLaw } from './fitLaw.ts';
import { goToPlace } from './goToPlace.ts';
import { openExampleWorkspace } from './openExampleWorkspace.ts';
import { openExplorer } from './openExplorer.ts';
import { optimizePrecision } from './optimizePrecision.ts';
import { refreshRuns } from './refreshRuns.ts';
import { setAssumptions } from './setAssumptions.ts';
import { showForecast } from './showForecast.ts';
import { sortRuns } from './sortRuns.ts';

/** Every command. */
const allCommands: readonly Command[] = [
  optimizePrecision,
  openExplorer,
  showForecast,
  explainFile,
  setAssumptions,
  copyForecast,
  fitLaw,
  openExampleWorkspace,
  refreshRuns,
  cancelScan,
  sortRuns,
  filterRuns,
  goToPlace,
  disableCheck,
];

/** Registers every command; one that fails says one sentence and offers the log. */
export function registerCommands(context: CommandContext): Ends {
  const register = ({ id, run }: Command) =>
    commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        await run(context, args);
      } catch (error) {
        context.log.error(id, error);
        const why = error instanceof Error ? error.message : String(error);
        if (await complain(`Floatcast: ${why}`, 'Show Log')) context.log.show();
      }
    });
  return new Disposables().add(...allCommands.map(register));
}
