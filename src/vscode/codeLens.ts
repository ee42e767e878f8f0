import { CodeLens, EventEmitter, Range, languages, type TextDocument } from 'vscode';
import { lens } from '../core/present/lens.ts';
import { selector, type Analysed, type Analyses } from './analyses.ts';
import { Disposables, type Ends } from './disposables.ts';
import { commands } from './ids.ts';
import type { Log } from './log.ts';

/** One line above each run: the forecast, and what can be done about it. */
export function registerCodeLens(analyses: Analyses, log: Log): Ends {
  const changed = new EventEmitter<void>();
  const provider = languages.registerCodeLensProvider(selector, {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) =>
      log.guard('CodeLens', document, [], () => Promise.resolve(provide(document))),
  });
  return new Disposables().add(
    changed,
    provider,
    analyses.onDidChange(() => changed.fire()),
  );

  function provide(document: TextDocument): CodeLens[] | Promise<CodeLens[]> {
    const current = analyses.current(document);
    const known = current ?? analyses.last(document);
    // The change of the analysis asks again; until then the lens says so and keeps its place.
    if (known && known.version !== document.version) return lensesOf(known, '…');
    if (current) return lensesOf(current);
    // New, or of the same text after a change of settings or of a file that it uses: soon there.
    return analyses.get(document).then((analysed) => (analysed ? lensesOf(analysed) : []));
  }
}

function lensesOf(analysed: Analysed, pending?: string): CodeLens[] {
  if (!analysed.settings.surfaces.codeLens) return [];
  const uri = analysed.uri.toString();
  return analysed.analysis.runs.flatMap((run, runIndex) => {
    const { summary, action, actionTitle } = lens(run);
    const range = rangeOfRun(analysed, runIndex);
    const summaryLens = new CodeLens(range, {
      title: pending ?? summary,
      tooltip: 'Open the Trade-off Explorer',
      command: commands.openExplorer,
      arguments: [uri, runIndex],
    });
    if (!action || actionTitle === null) return [summaryLens];
    const command = action === 'optimise' ? commands.optimizePrecision : commands.setAssumptions;
    const actionLens = new CodeLens(range, {
      title: actionTitle,
      command,
      arguments: [uri, runIndex, run.run.tokens.settledBy[0]],
    });
    return [summaryLens, actionLens];
  });
}

/** A file's only run stands above its first key; of several, each above its own first field. */
function rangeOfRun(analysed: Analysed, runIndex: number): Range {
  const { runs } = analysed.analysis;
  const run = runs[runIndex]?.run;
  const places = run ? Object.values(run.fields).flat() : [];
  const starts = places
    .filter((place) => place.file === analysed.document.file)
    .map((place) => place.start);
  if (runs.length === 1 || starts.length === 0) {
    const text = analysed.document.text;
    const start = text.length - text.replace(firstLines, '').length;
    return lineAt(analysed, start);
  }
  return lineAt(analysed, Math.min(...starts));
}

/** Empty lines, comments and the document mark in front of the first key. */
const firstLines = /^(?:[ \t]*(?:(?:#|\/\/).*|---[ \t]*)?(?:\r\n|\r|\n))*/;

function lineAt(analysed: Analysed, offset: number): Range {
  const { start } = analysed.rangeOf({ file: analysed.document.file, start: offset, end: offset });
  return new Range(start.line, 0, start.line, 0);
}
