import {
  CodeLens,
  EventEmitter,
  Range,
  languages,
  workspace,
  type TextDocument,
  l10n,
} from 'vscode';
import { lens } from '../core/present/lens.ts';
import { inert } from '../core/present/plain.ts';
import { resourceParts } from '../core/present/resources.ts';
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
  /** What the lenses of each open document were last made from. */
  const asked = new Map<TextDocument, { readonly version: number; users: ReadonlySet<string> }>();
  const provider = languages.registerCodeLensProvider(selector, {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      asked.set(document, { version: document.version, users: new Set() });
      return log.guard('CodeLens', document, [], () => Promise.resolve(provide(document)));
    },
  });
  return new Disposables().add(
    changed,
    provider,
    workspace.onDidCloseTextDocument((document) => asked.delete(document)),
    analyses.onDidChange((uri) => {
      if ([...asked.keys()].some((each) => isOutdated(each, uri.toString()))) changed.fire();
    }),
    scan.onDidChange(() => {
      if (scan.state.kind !== 'scanning') changed.fire();
    }),
  );

  /**
   * Whether the lenses that a document was given are no longer right, now that the file at `uri`
   * has a new analysis. After an edit VS Code waits 250 ms and then asks by itself: to fire before
   * that would only have it wait once more.
   */
  function isOutdated(document: TextDocument, uri: string): boolean {
    const own = document.uri.toString();
    if (own === uri) return asked.get(document)?.version === document.version;
    const changed = analyses.all.find((each) => each.uri.toString() === uri);
    if (asked.get(document)?.users.has(uri)) return true;
    return changed !== undefined && filesUsed(changed).has(own);
  }

  function provide(document: TextDocument): CodeLens[] | Promise<CodeLens[]> {
    const current = analyses.current(document);
    const known = current ?? analyses.last(document);
    // It is asked again once the analysis is there; until then the lens says so and keeps its place.
    if (known && known.version !== document.version) return all(document, known, '…');
    if (current) return all(document, current);
    // New, or of the same text after a change of settings or of a file that it uses: soon there.
    return analyses.get(document).then((analysed) => (analysed ? all(document, analysed) : []));
  }

  function all(document: TextDocument, analysed: Analysed, pending?: string): CodeLens[] {
    const { settings } = analysed;
    if (!settings.enable || !settings.surfaces.codeLens) return [];
    const lenses = lensesOf(analysed, pending);
    if (analysed.analysis.runs.some(({ run }) => run.role !== 'fragment')) return lenses;
    const users = usersOf(analysed.uri.toString());
    const last = asked.get(document);
    if (last) last.users = new Set(users.map((run) => run.uri.toString()));
    return [...lenses, ...usersLenses(analysed, users)];
  }

  /** What an open document says goes before what a scan found in its file. */
  function usersOf(uri: string): readonly ScannedRun[] {
    const open = new Map(analyses.all.map((each) => [each.uri.toString(), each]));
    const using = [...open.values()].filter((each) => filesUsed(each).has(uri));
    const scanned = scan.runsUsing(uri).filter((run) => !open.has(run.uri.toString()));
    return listed([...using.flatMap(runsOf), ...scanned], 'folder', 'all');
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
  const list = {
    title: more ?? '',
    tooltip: l10n.t('Show the Runs view'),
    command: `${runsViewId}.focus`,
  };
  return more === null ? lenses : [...lenses, new CodeLens(range, list)];
}

function lensesOf(analysed: Analysed, pending?: string): CodeLens[] {
  const uri = analysed.uri.toString();
  return analysed.analysis.runs.flatMap((run, runIndex) => {
    const { first, size, action, actionTitle } = lens(run);
    const range = rangeOfRun(analysed, runIndex);
    const explorer = (title: string, tooltip = l10n.t('Open the Trade-off Explorer')) =>
      new CodeLens(range, {
        title: inert(title),
        tooltip,
        command: commands.openExplorer,
        arguments: [uri, runIndex],
      });
    const firstLens = explorer(titled(run, pending ?? first));
    const taken = resourceParts(run).join(' · ');
    const more = [
      ...(size === null ? [] : [explorer(size)]),
      ...(taken === '' || taken === first
        ? []
        : [explorer(taken, l10n.t('Open memory and time in the Trade-off Explorer'))]),
    ];
    // While the text is read anew only the first line says so.
    const last = pending === undefined ? more : [];
    if (!action || actionTitle === null) return [firstLens, ...last];
    const command = action === 'optimise' ? commands.optimizePrecision : commands.setAssumptions;
    const actionLens = new CodeLens(range, {
      title: actionTitle,
      command,
      arguments: [uri, runIndex, run.run.tokens.settledBy[0]],
    });
    return [firstLens, actionLens, ...last];
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
