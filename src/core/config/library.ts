import type { Files, Source } from '../run/files.ts';
import { syntaxOf } from '../syntax/syntaxOf.ts';
import type { ConfigTree, Place, SyntaxKind } from '../syntax/tree.ts';
import type { Resolved } from '../syntax/resolve.ts';
import { Budget, mostPaths, sizeOf } from './budget.ts';
import { Trees } from './trees.ts';

/**
 * The other files of one analysis. Opening a file that was not handed in records the wish; the
 * shell reads it and analyses again. Nothing outside the workspace can be asked for.
 */
export class Library {
  /** What a person says of variables of the environment or a script. */
  readonly variables: ReadonlyMap<string, string>;
  #consumed = new Set<Place>();
  /** Where a number was asked for and something else stands, by path. */
  readonly misread = new Map<string, Resolved>();
  /** What putting the config together may cost. */
  readonly budget = new Budget();
  readonly #files: Files;
  readonly #parsed: Trees;
  readonly #trees = new Map<string, ConfigTree | null>();
  readonly #wanted = new Set<string>();
  readonly #missing = new Set<string>();
  readonly #found = new Map<string, string>();

  constructor(
    files: Files,
    parsed = new Trees(),
    variables: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#files = files;
    this.#parsed = parsed;
    this.variables = variables;
  }

  /** The places of values that were looked at since they were last taken. */
  get consumed(): Set<Place> {
    return this.#consumed;
  }

  /** Hands over the places that were looked at so far; what is looked at next is kept apart. */
  takeConsumed(): ReadonlySet<Place> {
    const taken = this.#consumed;
    this.#consumed = new Set();
    return taken;
  }

  /** Paths that were asked for and not handed in. */
  get wanted(): readonly string[] {
    return [...this.#wanted];
  }

  /** Paths that were asked for and do not exist. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  /** The files that were opened or read, with their texts. */
  get found(): readonly Source[] {
    return [...this.#found].map(([file, text]) => ({ file, text }));
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
    const tree =
      text === null || !syntax ? null : this.#parsed.parse(path, text, syntax, this.variables);
    for (const root of tree?.documents ?? []) this.budget.spend(sizeOf(root));
    this.#trees.set(path, tree);
    return tree;
  }

  /** The text of a file, or null when it is not (yet) there. */
  text(path: string): string | null {
    const text = this.#files.get(path);
    if (text === undefined) {
      if (this.#wanted.size < mostPaths) this.#wanted.add(path);
      else this.budget.spend(Infinity);
    }
    if (text === null) this.#missing.add(path);
    else if (text !== undefined) this.#found.set(path, text);
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
