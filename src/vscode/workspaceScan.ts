import {
  CancellationTokenSource,
  EventEmitter,
  RelativePattern,
  workspace,
  type CancellationToken,
  type Event,
  type Uri,
  type WorkspaceFolder,
} from 'vscode';
import { mayBeOurs } from '../core/config/prefilter.ts';
import { alternatives } from '../core/settings/glob.ts';
import { syntaxOf } from '../core/syntax/syntaxOf.ts';
import { analyseConfig, filesUsed, readText, type AnalysedConfig } from './analyseConfig.ts';
import { configPattern } from './documents.ts';
import { Disposables } from './disposables.ts';
import type { Log } from './log.ts';
import type { ListedRun } from './runList.ts';
import { section } from './settings.ts';
import { inSlices } from './slices.ts';

/** A larger file is no config that a person writes, and parsing it would be felt. */
const maximumBytes = 64 * 1024;

/** How long the file system must be quiet before changed files are read again, in milliseconds. */
const debounce = 300;

/** A run with where it stands. */
export interface ScannedRun extends ListedRun {
  readonly uri: Uri;
  /** Whether the file describes other runs too. */
  readonly several: boolean;
}

/** The runs that a config describes. */
export function runsOf({ uri, analysis }: AnalysedConfig): readonly ScannedRun[] {
  const { file, runs } = analysis;
  const { gapTarget } = analysis.settings;
  const several = runs.length > 1;
  return runs.map((run, runIndex) => ({ uri, file, runIndex, run, several, gapTarget }));
}

interface ScannedFile {
  readonly runs: readonly ScannedRun[];
  /** Files that the runs are made of beside their own, as URIs. */
  readonly used: ReadonlySet<string>;
  /** Files that the analysis used or would have liked to, as URIs. */
  readonly uses: ReadonlySet<string>;
}

/** How far a scan is; `cancelled` until the next one begins. */
export type ScanState =
  | { readonly kind: 'idle' | 'done' | 'cancelled' }
  | { readonly kind: 'scanning'; readonly done: number; readonly total: number };

/**
 * Finds the training configs of the workspace, once it is asked to, and keeps what it found fresh.
 * Reads through `workspace.fs` alone, in slices that leave the extension host responsive.
 */
export class WorkspaceScan extends Disposables {
  readonly #log: Log;
  readonly #changed = new EventEmitter<void>();
  readonly #found = new Map<string, ScannedFile>();
  /** Every file that was looked at, by its URI as text. */
  #listed: ReadonlyMap<string, Uri> = new Map();
  readonly #touched = new Set<string>();
  #listAnew = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<void> = Promise.resolve();
  #cancellation = new CancellationTokenSource();
  #state: ScanState = { kind: 'idle' };

  /** Runs were found, changed or lost, or the scan has come further. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(log: Log) {
    super();
    this.#log = log;
    const watcher = workspace.createFileSystemWatcher(configPattern);
    const listAnew = () => this.#touch(null);
    this.add(
      this.#changed,
      watcher,
      watcher.onDidChange((uri) => this.#touch(uri)),
      watcher.onDidCreate((uri) => this.#touch(uri, true)),
      watcher.onDidDelete((uri) => this.#touch(uri, true)),
      // A folder that goes takes its files along without a word of each.
      workspace.onDidDeleteFiles(listAnew),
      workspace.onDidRenameFiles(listAnew),
      workspace.onDidChangeWorkspaceFolders(listAnew),
      workspace.onDidChangeConfiguration((event) => {
        const sections = [section, 'files.exclude', 'search.exclude'];
        if (!sections.some((each) => event.affectsConfiguration(each))) return;
        if (this.#state.kind !== 'idle') void this.refresh();
      }),
      { dispose: () => this.cancel() },
      { dispose: () => clearTimeout(this.#timer) },
    );
  }

  get state(): ScanState {
    return this.#state;
  }

  /** Every run that is known, in no order. */
  get runs(): readonly ScannedRun[] {
    return [...this.#found.values()].flatMap(({ runs }) => runs);
  }

  /** The runs that another file is part of, by its URI. */
  runsUsing(uri: string): readonly ScannedRun[] {
    return [...this.#found.values()].flatMap(({ runs, used }) => (used.has(uri) ? runs : []));
  }

  /** The configs that another file tells something, or would, by its URI. */
  configsAsking(uri: string): readonly Uri[] {
    return [...this.#found].flatMap(([key, { uses }]) => {
      const own = uses.has(uri) ? this.#listed.get(key) : undefined;
      return own ? [own] : [];
    });
  }

  /** Scans the workspace if that was not done yet, and waits for the scan that runs. */
  async start(): Promise<void> {
    if (this.#state.kind === 'idle') await this.refresh();
    else await this.#work;
  }

  /** Scans the whole workspace anew. */
  async refresh(): Promise<void> {
    this.cancel();
    const { token } = this.#cancellation;
    this.#set({ kind: 'scanning', done: 0, total: 0 });
    await this.#next(async () => {
      await this.#list(token);
      const whole = await this.#scan([...this.#listed.values()], token);
      if (whole) this.#set({ kind: 'done' });
    });
  }

  /** Ends a scan; what it found so far stays. */
  cancel(): void {
    this.#cancellation.cancel();
    this.#cancellation.dispose();
    this.#cancellation = new CancellationTokenSource();
    if (this.#state.kind === 'scanning') this.#set({ kind: 'cancelled' });
  }

  #set(state: ScanState): void {
    this.#state = state;
    this.#changed.fire();
  }

  /** Does one thing after the other; a failure is logged and ends only its own. */
  async #next(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#log.error('Scan of the workspace', error);
      if (this.#state.kind === 'scanning') this.#set({ kind: 'done' });
    });
    await this.#work;
  }

  #touch(uri: Uri | null, listAnew = uri === null): void {
    if (this.#state.kind === 'idle') return;
    if (uri) this.#touched.add(uri.toString());
    this.#listAnew ||= listAnew;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#next(() => this.#update()), debounce);
  }

  /** Looks again at the files that were touched, and at those that use one of them. */
  async #update(): Promise<void> {
    const touched = new Set(this.#touched);
    const before = this.#listed;
    const { token } = this.#cancellation;
    this.#touched.clear();
    if (this.#listAnew) await this.#list(token);
    const again = [...this.#listed].filter(([key]) => {
      const uses = this.#found.get(key)?.uses;
      // What a cancelled scan has not looked at waits for the next whole one.
      const isNew = this.#state.kind === 'done' && !before.has(key);
      return isNew || touched.has(key) || [...touched].some((each) => uses?.has(each));
    });
    await this.#scan(
      again.map(([, uri]) => uri),
      token,
    );
    this.#changed.fire();
  }

  /** Lists the files that can be configs, and forgets those that are gone. */
  async #list(token: CancellationToken): Promise<void> {
    this.#listAnew = false;
    const folders = workspace.workspaceFolders ?? [];
    const found = await Promise.all(
      folders.map((folder) =>
        workspace.findFiles(
          new RelativePattern(folder, configPattern),
          excluded(folder),
          undefined,
          token,
        ),
      ),
    );
    if (token.isCancellationRequested) return;
    this.#listed = new Map(found.flat().map((uri) => [uri.toString(), uri]));
    for (const key of this.#found.keys()) {
      if (!this.#listed.has(key)) this.#found.delete(key);
    }
  }

  async #scan(uris: readonly Uri[], token: CancellationToken): Promise<boolean> {
    const steps = {
      read: (uri: Uri) => readText(uri, maximumBytes),
      work: async (uri: Uri, text: string | null, pause: () => Promise<void>) => {
        const file = text === null ? null : await this.#look(uri, text, pause);
        if (file) this.#found.set(uri.toString(), file);
        else this.#found.delete(uri.toString());
      },
      progress: (done: number) => {
        if (this.#state.kind === 'scanning') {
          this.#set({ kind: 'scanning', done, total: uris.length });
        }
      },
      isCancelled: () => token.isCancellationRequested,
    };
    return inSlices(uris, steps);
  }

  async #look(uri: Uri, text: string, pause: () => Promise<void>): Promise<ScannedFile | null> {
    const syntax = syntaxOf(uri.path);
    if (!syntax || !mayBeOurs(text, syntax)) return null;
    try {
      const analysed = await analyseConfig(uri, text, undefined, { pause });
      const { analysis, files, uriOf } = analysed;
      if (analysis.runs.length === 0) return null;
      return {
        runs: runsOf(analysed),
        used: filesUsed(analysed),
        uses: new Set([...files.keys()].map((path) => uriOf(path).toString())),
      };
    } catch (error) {
      this.#log.error(`Analysis of ${uri.toString()}`, error);
      return null;
    }
  }
}

/** The patterns that a person excludes from the file list or from searches, as one. */
function excluded(folder: WorkspaceFolder): string | undefined {
  const patterns = ['files', 'search'].flatMap((each) => {
    const set = workspace
      .getConfiguration(each, folder)
      .get<Readonly<Record<string, unknown>>>('exclude');
    return Object.entries(set ?? {}).flatMap(([pattern, on]) => (on === true ? [pattern] : []));
  });
  // Braces do not nest.
  const flat = patterns.flatMap(alternatives);
  return flat.length > 0 ? `{${flat.join(',')}}` : undefined;
}
