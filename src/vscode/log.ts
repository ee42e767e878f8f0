import { window, type TextDocument } from 'vscode';
import type { Ends } from './disposables.ts';

/** The extension's log: an output channel, and the promise not to fill it with one failure. */
export class Log implements Ends {
  readonly #channel;
  /** The version of each document that a failure was last logged for, by provider and document. */
  readonly #logged = new Map<string, number>();

  /** Two logs of one name are one channel: whichever ends first ends both. */
  constructor(name = 'Floatcast') {
    this.#channel = window.createOutputChannel(name, { log: true });
  }

  dispose(): void {
    this.#channel.dispose();
  }

  show(): void {
    this.#channel.show();
  }

  error(what: string, error: unknown): void {
    this.#channel.error(
      `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }

  /** What a person who looks for the reason of something missing wants to know. */
  debug(message: string): void {
    this.#channel.debug(message);
  }

  /**
   * Runs a provider; one that throws gives `fallback`, and is logged once a document version.
   * VS Code asks providers anew at every scroll, so that each would otherwise fill the log.
   */
  async guard<T>(
    what: string,
    document: TextDocument,
    fallback: T,
    run: () => Promise<T>,
  ): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const key = `${what} ${document.uri.toString()}`;
      if (this.#logged.get(key) !== document.version) {
        this.#logged.set(key, document.version);
        this.error(`${what} of ${document.uri.toString()}`, error);
      }
      return fallback;
    }
  }
}
