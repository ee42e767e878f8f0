/** Commands of the manifest, by what they do. The manifest test compares both ways. */
export const commands = {
  optimizePrecision: 'floatcast.optimizePrecision',
  compareRuns: 'floatcast.compareRuns',
  openExplorer: 'floatcast.openExplorer',
  showForecast: 'floatcast.showForecast',
  explainFile: 'floatcast.explainFile',
  compareWithHead: 'floatcast.compareWithHead',
  setAssumptions: 'floatcast.setAssumptions',
  copyForecast: 'floatcast.copyForecast',
  fitLaw: 'floatcast.fitLaw',
  isGapNormal: 'floatcast.isGapNormal',
  openDocs: 'floatcast.openDocs',
  openExampleWorkspace: 'floatcast.openExampleWorkspace',
  refreshRuns: 'floatcast.refreshRuns',
  cancelScan: 'floatcast.cancelScan',
  sortRuns: 'floatcast.sortRuns',
  filterRuns: 'floatcast.filterRuns',
  showLog: 'floatcast.showLog',
  reportIssue: 'floatcast.reportIssue',
} as const;

/** Commands that links and quick fixes call with arguments; never in the palette. */
export const internalCommands = {
  goToPlace: 'floatcast.goToPlace',
  disableCheck: 'floatcast.disableCheck',
} as const;

/** Under which the manifest announces the server for agents. */
export const serverProvider = 'floatcast.agents';

/** Context keys that the manifest's `when` clauses use. */
export const contextKeys = {
  /** The active editor shows a training config. */
  active: 'floatcast.active',
  /** The extension is active, so that the Runs view can be filled. */
  ready: 'floatcast.ready',
  /** The workspace is being searched for training configs. */
  scanning: 'floatcast.scanning',
} as const;

/** The view of every training config of the workspace. */
export const runsViewId = 'floatcast.runs';

/** The webview panel's type. */
export const explorerViewType = 'floatcast.explorer';

/** Schemes of documents that the extension makes itself. */
export const virtualSchemes = {
  /** Markdown: forecasts and explanations. */
  report: 'floatcast-report',
  /** A config as it would read after an edit. */
  preview: 'floatcast-preview',
} as const;

/** What every diagnostic names as its source. */
export const diagnosticSource = 'floatcast';
