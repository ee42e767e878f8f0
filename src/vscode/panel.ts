import {
  Uri,
  ViewColumn,
  window,
  workspace,
  type TextEditor,
  type WebviewPanel,
  l10n,
} from 'vscode';
import { visible } from '../core/present/plain.ts';
import type { Snapshot } from '../protocol/messages.ts';
import { restoreState, type RunReference } from '../protocol/state.ts';
import type { Analyses } from './analyses.ts';
import { Disposables } from './disposables.ts';
import { ExplorerSession, type Shown } from './explorerSession.ts';
import { explorerViewType } from './ids.ts';
import type { Log } from './log.ts';
import { newNonce, panelPage, type PageParts } from './panelPage.ts';

interface Open {
  readonly panel: WebviewPanel;
  readonly session: ExplorerSession;
}

/**
 * The Trade-off Explorers, opened beside a document and restored after a reload. One follows the
 * editor, as a preview does; pinned ones stay with their documents, one panel each.
 */
export class Explorer extends Disposables {
  readonly #open = new Set<Open>();
  readonly #extensionUri: Uri;
  readonly #analyses: Analyses;
  readonly #log: Log;
  /** Script and styles, read when the first panel opens. */
  #files: Promise<Pick<PageParts, 'script' | 'styles'>> | null = null;

  constructor(extensionUri: Uri, analyses: Analyses, log: Log) {
    super();
    this.#extensionUri = extensionUri;
    this.#analyses = analyses;
    this.#log = log;
    this.add({
      dispose: () => {
        for (const { panel } of this.#open) panel.dispose();
      },
    });
    this.add(window.onDidChangeActiveTextEditor((editor) => void this.#follow(editor)));
  }

  /** Connects a panel that the editor kept over a reload; one of a document that has one goes. */
  restore(panel: WebviewPanel, state: unknown): void {
    const { uri, runIndex, pinned, compared } = restoreState(state);
    const isTaken = uri !== null && compared.length === 0 && this.#showing(Uri.parse(uri));
    if (uri === null || isTaken) panel.dispose();
    else void this.#fill(this.#connect(panel, { uri: Uri.parse(uri), runIndex, pinned, compared }));
  }

  /** The document of the panel that has the focus. */
  get activeUri(): Uri | undefined {
    return [...this.#open].find(({ panel }) => panel.active)?.session.uri;
  }

  /**
   * Brings the panel of a document to the front: its own, the one that follows, or a new one. A
   * pinned one is its own.
   */
  open(uri: Uri, runIndex: number, pinned = false): void {
    const open = this.#showing(uri) ?? (pinned ? undefined : this.#following);
    if (!open) {
      this.#openNew({ uri, runIndex, pinned });
      return;
    }
    open.panel.reveal();
    if (open.session.uri.toString() === uri.toString()) open.session.showRun(runIndex);
    else show(open, uri, runIndex);
  }

  /** Opens a panel of its own that lays runs beside the first of them. */
  compare([first, ...compared]: readonly RunReference[]): void {
    if (!first) return;
    const { uri, runIndex } = first;
    this.#openNew({ uri: Uri.parse(uri), runIndex, pinned: true, compared });
  }

  /** Opens a panel whose page brings along what it shows. */
  #openNew(shown: Shown): void {
    const beside = { viewColumn: ViewColumn.Beside, preserveFocus: false };
    const open = this.#connect(window.createWebviewPanel(explorerViewType, '', beside), shown);
    void this.#fill(open, open.session.snapshot());
  }

  /** The panel of a document; one that compares several is of none. */
  #showing(uri: Uri): Open | undefined {
    return [...this.#open].find(
      ({ session }) => !session.isComparing && session.uri.toString() === uri.toString(),
    );
  }

  get #following(): Open | undefined {
    return [...this.#open].find(({ session }) => !session.isPinned);
  }

  /** Lets the panel that follows show the config that is being looked at now. */
  async #follow(editor: TextEditor | undefined): Promise<void> {
    if (!editor || !this.#following || this.#showing(editor.document.uri)) return;
    const { document } = editor;
    const analysed = await this.#analyses.get(document);
    if (!analysed?.analysis.runs.length || window.activeTextEditor?.document !== document) return;
    // Meanwhile it may have been pinned or closed.
    for (const open of this.#open) if (!open.session.isPinned) show(open, document.uri, 0);
  }

  #connect(panel: WebviewPanel, shown: Shown): Open {
    const { webview } = panel;
    const { uri, compared = [] } = shown;
    panel.title = titleOf(uri, compared.length);
    panel.iconPath = Uri.joinPath(this.#extensionUri, 'media', 'icon.png');
    webview.options = { enableScripts: true, localResourceRoots: [] };
    const port = {
      postMessage: (message: unknown) => void webview.postMessage(message),
      onDidReceiveMessage: (listener: (message: unknown) => void) =>
        webview.onDidReceiveMessage(listener),
    };
    const session = new ExplorerSession(port, shown, this.#analyses, this.#log);
    const open = { panel, session };
    this.#open.add(open);
    panel.onDidDispose(() => {
      session.dispose();
      this.#open.delete(open);
    });
    return open;
  }

  /** Gives a panel its page; one that is restored has kept a state, and asks for the rest itself. */
  async #fill(open: Open, brought: Promise<Snapshot | null> | null = null): Promise<void> {
    try {
      const [files, first] = await Promise.all([(this.#files ??= this.#read()), brought]);
      if (!this.#open.has(open)) return;
      const { panel } = open;
      panel.webview.html = panelPage({ title: panel.title, nonce: newNonce(), first, ...files });
    } catch (error) {
      this.#files = null;
      this.#log.error('Trade-off Explorer', error);
    }
  }

  async #read(): Promise<Pick<PageParts, 'script' | 'styles'>> {
    const text = async (name: string) =>
      new TextDecoder().decode(
        await workspace.fs.readFile(Uri.joinPath(this.#extensionUri, 'dist', name)),
      );
    const [script, styles] = await Promise.all([text('panel.js'), text('panel.css')]);
    return { script, styles };
  }
}

function show({ panel, session }: Open, uri: Uri, runIndex: number): void {
  panel.title = titleOf(uri);
  session.follow(uri, runIndex);
}

function titleOf(uri: Uri, others = 0): string {
  const name = visible(uri.path.split('/').pop() ?? uri.path);
  return others > 0
    ? l10n.t('Trade-offs: {0} and {1} more', name, others)
    : l10n.t('Trade-offs: {0}', name);
}
