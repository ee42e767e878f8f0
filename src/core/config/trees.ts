import { parse } from '../syntax/parse.ts';
import type { ConfigTree, SyntaxKind } from '../syntax/tree.ts';

/** How many characters of texts are kept parsed; the trees take some twenty times as many bytes. */
const mostCharacters = 4_000_000;

const none: ReadonlyMap<string, string> = new Map();

interface Parsed {
  readonly text: string;
  readonly tree: ConfigTree;
}

/**
 * Parsed texts by file, so that a file is parsed once however many configs it is part of and
 * however often each is looked at. What was used longest ago goes first.
 */
export class Trees {
  readonly #parsed = new Map<string, Parsed>();
  #characters = 0;

  /** The tree of a text; the one from before where the file still holds the same text. */
  parse(
    file: string,
    text: string,
    syntax: SyntaxKind,
    variables: ReadonlyMap<string, string> = none,
  ): ConfigTree {
    const told = syntax === 'shell' ? [...variables].flat() : [];
    const key = [syntax, file, ...told].join('\0');
    const known = this.#parsed.get(key);
    if (known) this.#drop(key, known);
    const tree = known?.text === text ? known.tree : parse(file, text, syntax, variables);
    this.#parsed.set(key, { text, tree });
    this.#characters += text.length;
    for (const [oldest, parsed] of this.#parsed) {
      if (this.#characters <= mostCharacters || oldest === key) break;
      this.#drop(oldest, parsed);
    }
    return tree;
  }

  #drop(key: string, { text }: Parsed): void {
    this.#parsed.delete(key);
    this.#characters -= text.length;
  }
}
