import type { Disposable } from 'vscode';

/** Gathers what must end together; disposes in reverse order, and at once what comes too late. */
export class Disposables implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  /** Takes the items over and gives itself back, so that a list can be returned as one. */
  add(...items: readonly Disposable[]): this {
    if (this.#disposed) {
      for (const item of items) item.dispose();
    } else {
      this.#items.push(...items);
    }
    return this;
  }

  dispose(): void {
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }
}
