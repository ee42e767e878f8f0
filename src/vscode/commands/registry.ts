import { cancelScan } from './cancelScan.ts';
import type { Command } from './command.ts';
import { compareRuns } from './compareRuns.ts';
import { compareWithHead } from './compareWithHead.ts';
import { copyForecast } from './copyForecast.ts';
import { disableCheck } from './disableCheck.ts';
import { explainFile } from './explainFile.ts';
import { filterRuns } from './filterRuns.ts';
import { fitLaw } from './fitLaw.ts';
import { goToPlace } from './goToPlace.ts';
import { isGapNormal } from './isGapNormal.ts';
import { openDocs } from './openDocs.ts';
import { openExampleWorkspace } from './openExampleWorkspace.ts';
import { openExplorer } from './openExplorer.ts';
import { optimizePrecision } from './optimizePrecision.ts';
import { refreshRuns } from './refreshRuns.ts';
import { reportIssue } from './reportIssue.ts';
import { setAssumptions } from './setAssumptions.ts';
import { showForecast } from './showForecast.ts';
import { showLog } from './showLog.ts';
import { sortRuns } from './sortRuns.ts';

/** Every command. */
export const allCommands: readonly Command[] = [
  optimizePrecision,
  openExplorer,
  compareRuns,
  showForecast,
  explainFile,
  compareWithHead,
  setAssumptions,
  copyForecast,
  fitLaw,
  isGapNormal,
  openDocs,
  openExampleWorkspace,
  refreshRuns,
  cancelScan,
  sortRuns,
  filterRuns,
  showLog,
  reportIssue,
  goToPlace,
  disableCheck,
];
