import {
  EventEmitter,
  languages,
  workspace,
  type Event,
  type Range,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { Place } from '../core/syntax/tree.ts';
import { analyseConfig, type AnalysedConfig } from './analyseConfig.ts';
import { Positions, type EditTarget } from './convert.ts';
import { Disposables } from './disposables.ts';
import { configPattern, selector } from './documents.ts';
import type { Log } from './log.ts';
import { section } from './settings.ts';

/** How long typing must pause before a text is analysed anew, in milliseconds. */
const debounce = 150;

/** One analysed version of a document, with what turns its places into the editor's. */
export interface Analysed extends AnalysedConfig, EditTarget {
  readonly version: number;
}

interface Entry {
  readonly document: TextDocument;
  /** Raised by every change of the text, of a file it uses, or of the settings. */
  generation: number;
  latest: { readonly generation: number; readonly analysed: Analysed } | null;
  timer: ReturnType<typeof setTimeout> | null;
  running: boolean;
  /** Those who wait for the current generation. */
  waiting: ((analysed: Analysed | null) => void)[];
  /** Files that the analysis used or would have liked to, as URIs. */
  uses: ReadonlySet<string>;
}

/**
 * Keeps one analysis for each open document and version. On demand and on opening and saving at
 * once, after edits when typing pauses; dropped when the document is closed.
 */
export class Analyses extends Disposables {
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #log: Log;

  /** A document has a new analysis, or none any more. */
  readonly onDidChange: Event<Uri> = this.#changed.event;

  constructor(log: Log) {
    super();
    this.#log = log;
    const watcher = workspace.createFileSystemWatcher(configPattern);
    const fileChanged = (uri: Uri) => this.#dependencyChanged(uri, 0);
    this.add(
      this.#changed,
      watcher,
      watcher.onDidChange(fileChanged),
      watcher.onDidCreate(fileChanged),
      watcher.onDidDelete(fileChanged),
      workspace.onDidOpenTextDocument((document) => this.#open(document)),
      workspace.onDidChangeTextDocument((event) => {
        if (event.contentChanges.length === 0) return;
        this.#invalidate(this.#entries.get(event.document.uri.toString()), debounce);
        this.#dependencyChanged(event.document.uri, debounce);
      }),
      workspace.onDidSaveTextDocument((document) => {
        const entry = this.#entries.get(document.uri.toString());
        if (entry?.timer) this.#schedule(entry, 0);
      }),
      workspace.onDidCloseTextDocument((document) => this.#drop(document.uri)),
      workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(section)) return;
        for (const entry of this.#entries.values()) this.#invalidate(entry, 0);
      }),
      {
        dispose: () =>
          [...this.#entries.values()].forEach((entry) => this.#drop(entry.document.uri)),
      },
    );
    workspace.textDocuments.forEach((document) => this.#open(document));
  }

  /** The analysis of the document's current text; null when it cannot be one of ours. */
  async get(document: TextDocument): Promise<Analysed | null> {
    const entry = this.#open(document);
    if (!entry) return null;
    return this.current(document) ?? new Promise((resolve) => entry.waiting.push(resolve));
  }

  /** The analysis of the current text if it is there already. */
  current(document: TextDocument): Analysed | null {
    const entry = this.#entries.get(document.uri.toString());
    return entry?.latest?.generation === entry?.generation
      ? (entry?.latest?.analysed ?? null)
      : null;
  }

  /** The last analysis there was, perhaps of an older text: where things keep their place. */
  last(document: TextDocument): Analysed | null {
    return this.#entries.get(document.uri.toString())?.latest?.analysed ?? null;
  }

  /** The last analysis of every open document that has one. */
  get all(): readonly Analysed[] {
    return [...this.#entries.values()].flatMap(({ latest }) => latest?.analysed ?? []);
  }

  #open(document: TextDocument): Entry | null {
    if (languages.match(selector, document) === 0 || document.isClosed) return null;
    const key = document.uri.toString();
    const known = this.#entries.get(key);
    if (known) return known;
    const entry: Entry = {
      document,
      generation: 0,
      latest: null,
      timer: null,
      running: false,
      waiting: [],
      uses: new Set(),
    };
    this.#entries.set(key, entry);
    void this.#run(entry);
    return entry;
  }

  #drop(uri: Uri): void {
    const entry = this.#entries.get(uri.toString());
    if (!entry) return;
    this.#entries.delete(uri.toString());
    if (entry.timer) clearTimeout(entry.timer);
    for (const resolve of entry.waiting) resolve(null);
    this.#changed.fire(uri);
  }

  #dependencyChanged(uri: Uri, delay: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.uses.has(uri.toString())) this.#invalidate(entry, delay);
    }
  }

  #invalidate(entry: Entry | undefined, delay: number): void {
    if (!entry) return;
    entry.generation += 1;
    this.#schedule(entry, delay);
  }

  #schedule(entry: Entry, delay: number): void {
    if (entry.timer) clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      entry.timer = null;
      // One that is running sees the raised generation at its end and starts over.
      if (!entry.running) void this.#run(entry);
    }, delay);
  }

  async #run(entry: Entry): Promise<void> {
    const { generation, document } = entry;
    entry.running = true;
    let analysed: Analysed | null = null;
    try {
      analysed = await this.#analyse(entry);
    } catch (error) {
      this.#log.error(`Analysis of ${document.uri.toString()}`, error);
    }
    entry.running = false;
    if (this.#entries.get(document.uri.toString()) !== entry) return;
    if (entry.generation !== generation) {
      if (!entry.timer) void this.#run(entry);
      return;
    }
    if (analysed) entry.latest = { generation, analysed };
    for (const resolve of entry.waiting.splice(0)) resolve(analysed);
    this.#changed.fire(document.uri);
  }

  async #analyse(entry: Entry): Promise<Analysed> {
    const { document } = entry;
    const { uri, version, languageId } = document;
    const analysed = await analyseConfig(uri, document.getText(), languageId);
    const { files, uriOf, document: config } = analysed;
    entry.uses = new Set([...files.keys()].map((path) => uriOf(path).toString()));
    const positions = new Map<string, Positions>();
    const rangeOf = (place: Place): Range => {
      const text = place.file === config.file ? config.text : (files.get(place.file) ?? '');
      const known = positions.get(place.file) ?? new Positions(text);
      positions.set(place.file, known);
      return known.range(place);
    };
    return { ...analysed, version, rangeOf };
  }
}
