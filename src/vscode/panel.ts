import { Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import { visible } from '../core/present/plain.ts';
import { restoreState } from '../protocol/state.ts';
import type { Analyses } from './analyses.ts';
import { Disposables } from './disposables.ts';
import { ExplorerSession } from './explorerSession.ts';
import { explorerViewType } from './ids.ts';
import type { Log } from './log.ts';
import { newNonce, panelPage } from './panelPage.ts';

/** The Trade-off Explorers: one panel a document, opened beside it, restored after a reload. */
export class Explorer extends Disposables {
  readonly #sessions = new Map<string, { panel: WebviewPanel; session: ExplorerSession }>();
  readonly #extensionUri: Uri;
  readonly #analyses: Analyses;
  readonly #log: Log;

  constructor(extensionUri: Uri, analyses: Analyses, log: Log) {
    super();
    this.#extensionUri = extensionUri;
    this.#analyses = analyses;
    this.#log = log;
    this.add({
      dispose: () => {
        for (const { panel } of this.#sessions.values()) panel.dispose();
      },
    });
  }

  /** Connects a panel that the editor kept over a reload; one of a document that has one goes. */
  restore(panel: WebviewPanel, state: unknown): void {
    const { uri, runIndex } = restoreState(state);
    if (uri === null || this.#sessions.has(uri)) panel.dispose();
    else this.#connect(panel, Uri.parse(uri), runIndex);
  }

  /** The document of the panel that has the focus. */
  get activeUri(): Uri | undefined {
    return [...this.#sessions.values()].find(({ panel }) => panel.active)?.session.uri;
  }

  /** Opens the document's panel, or brings it to the front. */
  open(uri: Uri, runIndex: number): void {
    const open = this.#sessions.get(uri.toString());
    if (open) {
      open.panel.reveal();
      open.session.showRun(runIndex);
      return;
    }
    const beside = { viewColumn: ViewColumn.Beside, preserveFocus: false };
    this.#connect(window.createWebviewPanel(explorerViewType, '', beside), uri, runIndex);
  }

  #connect(panel: WebviewPanel, uri: Uri, runIndex: number): void {
    const { webview } = panel;
    const dist = Uri.joinPath(this.#extensionUri, 'dist');
    const address = (name: string) => webview.asWebviewUri(Uri.joinPath(dist, name)).toString();
    panel.title = `Trade-offs: ${visible(uri.path.split('/').pop() ?? uri.path)}`;
    panel.iconPath = Uri.joinPath(this.#extensionUri, 'media', 'icon.png');
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const port = {
      postMessage: (message: unknown) => void webview.postMessage(message),
      onDidReceiveMessage: (listener: (message: unknown) => void) =>
        webview.onDidReceiveMessage(listener),
    };
    const session = new ExplorerSession(port, uri, runIndex, this.#analyses, this.#log);
    this.#sessions.set(uri.toString(), { panel, session });
    panel.onDidDispose(() => {
      session.dispose();
      this.#sessions.delete(uri.toString());
    });
    webview.html = panelPage({
      title: panel.title,
      script: address('panel.js'),
      styles: address('panel.css'),
      nonce: newNonce(),
    });
  }
}
