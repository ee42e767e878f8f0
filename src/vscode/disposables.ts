/** Something with a lifetime. VS Code's own `Disposable` is a class that asks for more. */
export interface Ends {
  dispose(): unknown;
}

/** Gathers what must end together; disposes in reverse order, and at once what comes too late. */
export class Disposables implements Ends {
  readonly #items: Ends[] = [];
  #disposed = false;

  /** Takes the items over and gives itself back, so that a list can be returned as one. */
  add(...items: readonly Ends[]): this {
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
