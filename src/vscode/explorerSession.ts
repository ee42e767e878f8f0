import { commands as editor, Uri, window, workspace, type TextDocument, l10n } from 'vscode';
import { writeFormat } from '../core/optimise.ts';
import type { MeasuredLosses } from '../core/run/measured.ts';
import { sequenceLength, tokensPerStep } from '../core/run/tokensPerStep.ts';
import type { Analysis } from '../core/analysis.ts';
import { checkToHost } from '../protocol/check.ts';
import type {
  PanelSettings,
  ShownAnalysis,
  Snapshot,
  ToHost,
  ToPanel,
} from '../protocol/messages.ts';
import { restoreState, type RunReference } from '../protocol/state.ts';
import type { Analysed, Analyses } from './analyses.ts';
import { comparedRuns } from './comparedRuns.ts';
import { fromBase64, workspaceEdit } from './convert.ts';
import { Disposables, type Ends } from './disposables.ts';
import { openDocument } from './documents.ts';
import { commands } from './ids.ts';
import type { Log } from './log.ts';
import { pickLossFiles, readLossFiles } from './lossFiles.ts';
import { goTo } from './navigate.ts';

type Message<T extends ToHost['type']> = Extract<ToHost, { type: T }>;
type Answer =
  | { readonly ok: true; readonly message?: string }
  | { readonly ok: false; readonly message: string };

/** The two ends of a panel's line; a webview, or a test's. */
export interface Port {
  postMessage(message: ToPanel): void;
  onDidReceiveMessage(listener: (message: unknown) => void): Ends;
}

/** What a panel is opened for. */
export interface Shown {
  readonly uri: Uri;
  readonly runIndex: number;
  readonly pinned?: boolean;
  /** Runs that it is compared with. */
  readonly compared?: readonly RunReference[];
}

/** The host's side of one panel: sends complete snapshots of one document, answers each request. */
export class ExplorerSession extends Disposables {
  #uri: Uri;
  #pinned: boolean;
  readonly #port: Port;
  readonly #analyses: Analyses;
  readonly #log: Log;
  #runIndex: number;
  #compared: readonly RunReference[];
  #ready = false;
  /** The document of the last snapshot: one that is opened anew counts its versions afresh. */
  #shown: TextDocument | null = null;
  /** The analysis of the last snapshot. */
  #told: Analysed | null = null;
  #losses: { readonly measured: MeasuredLosses; readonly from: readonly Uri[] } | null = null;

  constructor(
    port: Port,
    { uri, runIndex, pinned = false, compared = [] }: Shown,
    analyses: Analyses,
    log: Log,
  ) {
    super();
    this.#uri = uri;
    this.#pinned = pinned;
    this.#port = port;
    this.#runIndex = runIndex;
    this.#compared = compared;
    this.#analyses = analyses;
    this.#log = log;
    this.add(
      port.onDidReceiveMessage((message) => void this.#receive(message)),
      analyses.onDidChange((changed) => {
        const uris = [this.uri.toString(), ...this.#compared.map(({ uri }) => uri)];
        if (this.#ready && uris.includes(changed.toString())) void this.#send();
      }),
    );
  }

  /** The document shown. */
  get uri(): Uri {
    return this.#uri;
  }

  /** Whether the panel stays with its document while others are edited. */
  get isPinned(): boolean {
    return this.#pinned;
  }

  /** Whether the panel lays other runs beside its own. */
  get isComparing(): boolean {
    return this.#compared.length > 0;
  }

  /** Shows another document; the losses that were loaded belong to the one before. */
  follow(uri: Uri, runIndex: number): void {
    this.#uri = uri;
    this.#runIndex = runIndex;
    this.#losses = null;
    this.#compared = [];
    if (this.#ready) void this.#send();
  }

  /** Shows another run of the same document. */
  showRun(runIndex: number): void {
    this.#runIndex = runIndex;
    if (this.#ready) void this.#send();
  }

  async #send(): Promise<void> {
    const uri = this.uri.toString();
    const before = this.#shown;
    const snapshot = await this.snapshot();
    if (before && before !== this.#shown && String(before.uri) === uri)
      this.#port.postMessage({ type: 'gone', uri });
    this.#port.postMessage(snapshot ?? { type: 'gone', uri });
  }

  /** All that the panel is to show now; null when the document is gone or describes no run. */
  async snapshot(): Promise<Snapshot | null> {
    const uri = this.uri.toString();
    const document = await this.#document();
    const analysed = document && (await this.#analyses.get(document));
    this.#shown = document;
    this.#told = analysed;
    if (!analysed || analysed.analysis.runs.length === 0) return null;
    const { version } = analysed;
    const analysis = shown(analysed.analysis);
    const runIndex = Math.min(this.#runIndex, analysis.runs.length - 1);
    const settings = panelSettings(analysed.analysis);
    const name = analysis.file;
    const measured = this.#losses?.measured ?? null;
    const measuredFrom = this.#losses?.from.map(String) ?? [];
    const pinned = this.#pinned;
    const compared = await comparedRuns(this.#compared, this.#analyses, this.#log);
    const what = { uri, version, name, analysis, runIndex, pinned, settings };
    return { type: 'snapshot', ...what, compared, measured, measuredFrom };
  }

  async #analysed(): Promise<Analysed | null> {
    const document = await this.#document();
    return document && this.#analyses.get(document);
  }

  /** The document; a closed one is opened again, as long as this panel shows it. */
  async #document(): Promise<TextDocument | null> {
    const open = openDocument(this.uri);
    // Opening an untitled document that was closed would make a new one.
    if (open ?? this.uri.scheme === 'untitled') return open ?? null;
    try {
      return await workspace.openTextDocument(this.uri);
    } catch (error) {
      this.#log.debug(`${this.uri.toString()} cannot be opened any more: ${String(error)}`);
      return null;
    }
  }

  async #receive(value: unknown): Promise<void> {
    const message = checkToHost(value);
    if (!message) {
      this.#log.error('Trade-off Explorer', new Error('The panel sent a message that is none.'));
      return;
    }
    try {
      switch (message.type) {
        case 'ready':
          await this.#restoreLosses(message.state);
          // The first snapshot waits for the analysis; the change it ends in is no news.
          if (!(await this.#hasAll(message))) await this.#send();
          this.#ready = true;
          return;
        case 'reveal': {
          const { start, end, file } = message.place;
          const uri = (await this.#analysed())?.uriOf(file) ?? this.uri;
          await goTo({ uri: uri.toString(), start, end });
          return;
        }
        case 'pin':
          this.#pinned = message.pinned;
          return;
        case 'set':
          await this.#set(message);
          return;
        case 'apply':
          this.#answer(message, await this.#apply(message));
          return;
        case 'save':
          this.#answer(message, await this.#save(message));
          return;
        case 'measure':
          this.#answer(message, await this.#measure(message));
          return;
      }
    } catch (error) {
      this.#log.error('Trade-off Explorer', error);
      if ('requestId' in message) {
        const why = error instanceof Error ? error.message : String(error);
        this.#answer(message, { ok: false, message: `That did not work: ${why}` });
      }
    }
  }

  /** Whether the page brought along what there is to show. */
  async #hasAll({ version }: Message<'ready'>): Promise<boolean> {
    const isMore = this.#losses !== null || this.#compared.length > 0;
    const now = version === undefined || isMore ? null : await this.#analysed();
    return now !== null && now === this.#told && now.version === version;
  }

  #answer({ requestId }: Message<'apply' | 'save' | 'measure'>, answer: Answer): void {
    this.#port.postMessage({ type: 'answer', requestId, ...answer });
  }

  /** Asks as the command does; the analysis that follows reaches the panel by itself. */
  async #set({ what, runIndex }: Message<'set'>): Promise<void> {
    const run = (await this.#analysed())?.analysis.runs[runIndex]?.run;
    const key = what === 'tokens' ? run?.tokens.settledBy[0] : what;
    await editor.executeCommand(commands.setAssumptions, this.uri, runIndex, key);
  }

  async #apply({ uri, version, runIndex, target }: Message<'apply'>): Promise<Answer> {
    const analysed = uri === this.uri.toString() ? await this.#analysed() : null;
    if (analysed?.version !== version) {
      return { ok: false, message: 'The file has changed since; look at the new forecast first.' };
    }
    const { document, settings, files } = analysed;
    const result = writeFormat(document, settings.analysis, runIndex, target, files);
    if (!result.ok) return { ok: false, message: result.reason };
    const applied = await workspace.applyEdit(workspaceEdit(analysed, result.edits));
    return applied ? { ok: true } : { ok: false, message: 'The editor refused the change.' };
  }

  async #save({ name, mime, base64 }: Message<'save'>): Promise<Answer> {
    const folder = workspace.getWorkspaceFolder(this.uri)?.uri;
    const filters = mime === 'image/png' ? { 'PNG image': ['png'] } : { 'CSV table': ['csv'] };
    const target = await window.showSaveDialog({
      filters,
      ...(folder && { defaultUri: Uri.joinPath(folder, name) }),
    });
    if (!target) return { ok: false, message: l10n.t('Nothing was saved.') };
    await workspace.fs.writeFile(target, fromBase64(base64));
    return { ok: true };
  }

  async #measure({ runIndex }: Message<'measure'>): Promise<Answer> {
    const from = await pickLossFiles(this.uri);
    if (from.length === 0) return { ok: false, message: 'No loss log was picked.' };
    const measured = await this.#readLosses(from, runIndex);
    if ('error' in measured) return { ok: false, message: measured.error };
    this.#losses = { measured, from };
    await this.#send();
    return { ok: true, message: `Read ${measured.name}.` };
  }

  /** Reads the loss log again that the panel showed before it was reloaded, if it is still there. */
  async #restoreLosses(state: unknown): Promise<void> {
    const { uri, runIndex, measuredFrom } = restoreState(state);
    if (this.#losses || uri !== this.uri.toString() || measuredFrom.length === 0) return;
    try {
      const from = measuredFrom.map((each) => Uri.parse(each, true));
      const measured = await this.#readLosses(from, runIndex);
      if (!('error' in measured)) this.#losses = { measured, from };
    } catch (error) {
      this.#log.debug(`The loss log cannot be read any more: ${String(error)}`);
    }
  }

  async #readLosses(
    from: readonly Uri[],
    runIndex: number,
  ): Promise<MeasuredLosses | { readonly error: string }> {
    const run = (await this.#analysed())?.analysis.runs[runIndex]?.run;
    return readLossFiles(from, {
      tokensPerStep: run ? tokensPerStep(run.tokens) : null,
      sequenceLength: run ? sequenceLength(run.tokens) : null,
    });
  }
}

/** An analysis without the texts it was made from, which the panel has no use for. */
function shown(analysis: Analysis): ShownAnalysis {
  const { file, syntax, runs, problems, notices, explanation, wants } = analysis;
  return { file, syntax, runs, problems, notices, explanation, wants };
}

/** The settings in force for the document. */
function panelSettings({ settings }: Analysis): PanelSettings {
  const { law, hardware, gapTarget, nearCriticalRatio, pricePerHour } = settings;
  return { law, hardware, gapTarget, nearCriticalRatio, pricePerHour };
}
