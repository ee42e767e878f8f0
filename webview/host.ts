import { checkToPanel } from '../src/protocol/check.ts';
import type { ToHost, ToPanel } from '../src/protocol/messages.ts';

/** What stands behind the panel: VS Code, or the bare page of a browser. */
export interface Host {
  post(message: ToHost): void;
  /** What `store` was last given, before the page was loaded. */
  load(): unknown;
  store(state: unknown): void;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare const acquireVsCodeApi: (() => VsCodeApi) | undefined;

const storageKey = 'floatcast.panel';

/**
 * Connects to VS Code; outside it messages become `floatcast:post` events of the window, and the
 * state is kept for the tab. This is the only file that knows the difference.
 */
export function connectHost(): Host {
  if (typeof acquireVsCodeApi === 'function') {
    const api = acquireVsCodeApi();
    return {
      post: (message) => api.postMessage(message),
      load: () => api.getState(),
      store: (state) => api.setState(state),
    };
  }
  return {
    post: (message) => window.dispatchEvent(new CustomEvent('floatcast:post', { detail: message })),
    load: () => {
      try {
        return JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as unknown;
      } catch (error) {
        // Storage may be forbidden or hold another page's text: the panel then starts afresh.
        if (error instanceof SyntaxError || error instanceof DOMException) return null;
        throw error;
      }
    },
    store: (state) => sessionStorage.setItem(storageKey, JSON.stringify(state)),
  };
}

/** Hands every well-formed message of the host to `handle`; whatever else arrives is ignored. */
export function listenToHost(handle: (message: ToPanel) => void): void {
  window.addEventListener('message', (event) => {
    const message = checkToPanel(event.data);
    if (message) handle(message);
  });
}
