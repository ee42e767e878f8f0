import type { Files } from '../run/files.ts';
import { parse, syntaxOf } from '../syntax/parse.ts';
import type { ConfigTree, SyntaxKind } from '../syntax/tree.ts';

/** How many other files one run may draw on; a chain longer than this is a cycle or a mistake. */
const maximumFiles = 64;

/**
 * The other files of one analysis. Opening a file that was not handed in records the wish; the
 * shell reads it and analyses again. Nothing outside the workspace can be asked for.
 */
export class Library {
  readonly #files: Files;
  readonly #trees = new Map<string, ConfigTree | null>();
  readonly #wanted = new Set<string>();
  readonly #missing = new Set<string>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** Paths that were asked for and not handed in. */
  get wanted(): readonly string[] {
    return [...this.#wanted];
  }

  /** Paths that were asked for and do not exist. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  /** Whether a path was handed in as one that does not exist. */
  isMissing(path: string): boolean {
    return this.#files.get(path) === null;
  }

  /** The parsed text of a file, or null when it is not (yet) there. */
  open(path: string, syntax: SyntaxKind | undefined = syntaxOf(path)): ConfigTree | null {
    const known = this.#trees.get(path);
    if (known !== undefined) return known;
    const text = this.text(path);
    const tree = text === null || !syntax ? null : parse(path, text, syntax);
    this.#trees.set(path, tree);
    return tree;
  }

  /** The text of a file, or null when it is not (yet) there. */
  text(path: string): string | null {
    const text = this.#files.get(path);
    if (text === undefined && this.#wanted.size < maximumFiles) this.#wanted.add(path);
    if (text === null) this.#missing.add(path);
    return text ?? null;
  }
}

/**
 * A path as written in `file`, made relative to the workspace's root; null when it is absolute,
 * a URL, or leads out of the workspace.
 */
export function pathFrom(file: string, written: string): string | null {
  if (/^(?:[a-z][a-z0-9+.-]*:|[/\\~])/i.test(written)) return null;
  const parts = file.split('/').slice(0, -1);
  for (const part of written.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if ((parts.pop() ?? '..') === '..') return null;
  }
  return parts.join('/');
}
