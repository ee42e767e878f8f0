import { CodeLens, EventEmitter, Range, languages, type TextDocument } from 'vscode';
import { lens } from '../core/present/lens.ts';
import { inert } from '../core/present/plain.ts';
import { usedBy } from '../core/present/usedBy.ts';
import { titled } from '../core/present/words.ts';
import { filesUsed } from './analyseConfig.ts';
import type { Analysed, Analyses } from './analyses.ts';
import { selector } from './documents.ts';
import { Disposables, type Ends } from './disposables.ts';
import { commands, runsViewId } from './ids.ts';
import type { Log } from './log.ts';
import { openRun } from './openRun.ts';
import { listed, numberOrName } from './runList.ts';
import { runsOf, type ScannedRun, type WorkspaceScan } from './workspaceScan.ts';

/**
 * One line above each run: the forecast, and what can be done about it. Above a file that is only
 * part of runs, those that are known: of the open documents, and of a scan if there was one.
 */
export function registerCodeLens(analyses: Analyses, scan: WorkspaceScan, log: Log): Ends {
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
    scan.onDidChange(() => {
      if (scan.state.kind !== 'scanning') changed.fire();
    }),
  );

  function provide(document: TextDocument): CodeLens[] | Promise<CodeLens[]> {
    const current = analyses.current(document);
    const known = current ?? analyses.last(document);
    // The change of the analysis asks again; until then the lens says so and keeps its place.
    if (known && known.version !== document.version) return all(known, '…');
    if (current) return all(current);
    // New, or of the same text after a change of settings or of a file that it uses: soon there.
    return analyses.get(document).then((analysed) => (analysed ? all(analysed) : []));
  }

  function all(analysed: Analysed, pending?: string): CodeLens[] {
    const { analysis, settings } = analysed;
    if (!settings.enable || !settings.surfaces.codeLens) return [];
    const isPart = analysis.runs.every(({ run }) => run.role === 'fragment');
    const users = isPart ? usersLenses(analysed, usersOf(analysed.uri.toString())) : [];
    return [...lensesOf(analysed, pending), ...users];
  }

  /** What an open document says goes before what a scan found in its file. */
  function usersOf(uri: string): readonly ScannedRun[] {
    const open = new Map(analyses.all.map((each) => [each.uri.toString(), each]));
    const using = [...open.values()].filter((each) => filesUsed(each).has(uri));
    const scanned = scan.runsUsing(uri).filter((run) => !open.has(run.uri.toString()));
    return listed([...using.flatMap(runsOf), ...scanned], 'name', 'all');
  }
}

/** The runs that a file is part of, in its first line; a click opens one. */
function usersLenses(analysed: Analysed, users: readonly ScannedRun[]): CodeLens[] {
  const range = firstKey(analysed);
  const names = users.map(({ file, runIndex, several, run }) => {
    return { name: several ? `${file} (${numberOrName(run, runIndex)})` : file, run };
  });
  const { named, more } = usedBy(names);
  const lenses = users
    .slice(0, named.length)
    .map(
      (user, index) => new CodeLens(range, { ...openRun(user), title: inert(named[index] ?? '') }),
    );
  const list = { title: more ?? '', tooltip: 'Show the Runs view', command: `${runsViewId}.focus` };
  return more === null ? lenses : [...lenses, new CodeLens(range, list)];
}

function lensesOf(analysed: Analysed, pending?: string): CodeLens[] {
  const uri = analysed.uri.toString();
  return analysed.analysis.runs.flatMap((run, runIndex) => {
    const { summary, action, actionTitle } = lens(run);
    const range = rangeOfRun(analysed, runIndex);
    const summaryLens = new CodeLens(range, {
      title: inert(titled(run, pending ?? summary)),
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

/** A file's only run stands above its first key; of several, each where it is defined. */
function rangeOfRun(analysed: Analysed, runIndex: number): Range {
  const { runs } = analysed.analysis;
  const { run, definition } = runs[runIndex] ?? {};
  if (typeof definition?.name === 'string') return lineAt(analysed, definition.place.start);
  const places = run ? Object.values(run.fields).flat() : [];
  const starts = places
    .filter((place) => place.file === analysed.document.file)
    .map((place) => place.start);
  return runs.length === 1 || starts.length === 0
    ? firstKey(analysed)
    : lineAt(analysed, Math.min(...starts));
}

function firstKey(analysed: Analysed): Range {
  const { text } = analysed.document;
  return lineAt(analysed, text.length - text.replace(firstLines, '').length);
}

/** Empty lines, comments and the document mark in front of the first key. */
const firstLines = /^(?:[ \t]*(?:(?:#|\/\/).*|---[ \t]*)?(?:\r\n|\r|\n))*/;

function lineAt(analysed: Analysed, offset: number): Range {
  const { start } = analysed.rangeOf({ file: analysed.document.file, start: offset, end: offset });
  return new Range(start.line, 0, start.line, 0);
}
