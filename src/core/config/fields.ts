import { Library } from './library.ts';
import { remembered } from './remembered.ts';
import { derived, stated, type Known } from '../run/known.ts';
import { resolve, type Resolved } from '../syntax/resolve.ts';
import { numberOf } from '../syntax/scalars.ts';
import type { ConfigNode, ConfigTree, MapNode, Place } from '../syntax/tree.ts';

/** A path into a config: keys joined by dots; list positions are digits (`data_stages.0.name`). */
export type Path = string;

/** A path in parts: every reader asks every config for the same ones. */
const partsOf = remembered(10_000, (path): readonly string[] => path.split('.'));

/**
 * Looks values up by path and says where each came from.
 * References (`${a.b}`) are followed: the origin is the place that states the value.
 * A missing key, an unresolved reference or a value of another kind gives null.
 */
export class Fields {
  readonly tree: ConfigTree;
  readonly root: MapNode;
  /** The text of the file, for writers that insert a key. */
  readonly text: string;
  /** The other files this run may draw on. */
  readonly library: Library;
  /** What the run's own files say, without a framework's files of defaults: what writers change. */
  readonly own: MapNode;
  /** Paths looked up whose value nobody can tell, while somebody wants to know. */
  #untold: Set<Path> | null = null;

  constructor(
    tree: ConfigTree,
    root: MapNode,
    text: string,
    library = new Library(new Map()),
    own = root,
  ) {
    this.tree = tree;
    this.root = root;
    this.text = text;
    this.library = library;
    this.own = own;
  }

  /** The same file with another root: values of several files merged, keys moved to where a reader looks. */
  with(root: MapNode, own = root): Fields {
    return new Fields(this.tree, root, this.text, this.library, own);
  }

  /** The same with only what the run's own files say. */
  ownOnly(): Fields {
    return this.with(this.own);
  }

  /** The text of a file that values of this config come from. */
  textOf(file: string): string {
    return file === this.tree.file ? this.text : (this.library.text(file) ?? '');
  }

  /** The tree of a file that values of this config come from; this one's for an unknown file. */
  treeOf(file: string): ConfigTree {
    return file === this.tree.file ? this.tree : (this.library.open(file) ?? this.tree);
  }

  /** The resolved value at a path, or undefined. */
  find(path: Path): Resolved | undefined {
    const found = this.#resolve(path);
    if (found?.unresolved !== undefined) this.#untold?.add(path);
    if (found && found.node.kind !== 'map') {
      const { consumed } = this.library;
      consumed.add(found.node.place);
      for (const place of found.via) consumed.add(place);
    }
    return found;
  }

  /** The paths that a reading looks up, the file sets, and nobody can tell the value of. */
  untoldIn<T>(read: () => T): { readonly value: T; readonly untold: readonly Path[] } {
    const outer = this.#untold;
    const untold = new Set<Path>();
    this.#untold = untold;
    try {
      return { value: read(), untold: [...untold] };
    } finally {
      this.#untold = outer;
    }
  }

  node(path: Path): ConfigNode | undefined {
    const found = this.find(path);
    return found && found.unresolved === undefined ? found.node : undefined;
  }

  has(path: Path): boolean {
    return this.find(path) !== undefined;
  }

  /** Whether the path holds a value other than null, an empty string or `auto`. */
  isSet(path: Path): boolean {
    const node = this.node(path);
    if (!node) return false;
    return (
      node.kind !== 'scalar' || (node.value !== null && node.text !== '' && node.text !== 'auto')
    );
  }

  /** Whether the path holds a value, or one that nobody can tell: `--load $CKPT` loads something. */
  isGiven(path: Path): boolean {
    return this.find(path)?.unresolved !== undefined || this.isSet(path);
  }

  /** The mapping at a path; to ask for one reads no value that stands there instead. */
  map(path: Path): MapNode | null {
    const found = this.#resolve(path);
    return found?.unresolved === undefined && found?.node.kind === 'map' ? found.node : null;
  }

  #resolve(path: Path): Resolved | undefined {
    return resolve(this.root, partsOf(path), this.library.variables);
  }

  /** The keys of the mapping at a path, in source order. */
  keys(path?: Path): readonly string[] {
    const map = path === undefined ? this.root : this.map(path);
    return map ? [...map.byKey.keys()] : [];
  }

  /** Where the value at a path is stated; for a reference, where the path itself stands. */
  place(path: Path): Place | null {
    const found = this.find(path);
    return found ? (found.via[0] ?? found.node.place) : null;
  }

  /** Where the key of the last path part stands. */
  keyPlace(path: Path): Place | null {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    const parent = parts.length === 0 ? this.root : this.map(parts.join('.'));
    return parent?.byKey.get(last)?.keyPlace ?? null;
  }

  number(path: Path): Known<number> | null {
    const found = this.find(path);
    if (!found) return null;
    this.library.misread.delete(path);
    if (found.unresolved !== undefined) {
      this.library.misread.set(path, found);
      return null;
    }
    if (found.computed) {
      const { value, formula } = found.computed;
      return Number.isFinite(value) ? derived(value, formula, []) : null;
    }
    if (found.node.kind !== 'scalar') return null;
    const value = numberOf(found.node);
    if (value === null) this.library.misread.set(path, found);
    return value === null ? null : stated(value, found.node.place);
  }

  /** A number above zero; frameworks write 0 and -1 for "default", "all" or "none". */
  positive(path: Path): Known<number> | null {
    const known = this.number(path);
    return known && known.value > 0 ? known : null;
  }

  /** Any scalar as the text it was written as; null for null, maps and lists. */
  string(path: Path): Known<string> | null {
    const node = this.node(path);
    if (node?.kind !== 'scalar' || node.value === null) return null;
    return stated(node.text, node.place);
  }

  boolean(path: Path): Known<boolean> | null {
    const node = this.node(path);
    if (node?.kind !== 'scalar') return null;
    const value = typeof node.value === 'boolean' ? node.value : node.legacy;
    return typeof value === 'boolean' ? stated(value, node.place) : null;
  }

  /** Whether the path holds `true` (not `"true"`, not 1). */
  isTrue(path: Path): boolean {
    return this.boolean(path)?.value === true;
  }

  /** The scalars of a list, as texts. */
  list(path: Path): readonly Known<string>[] {
    const node = this.node(path);
    if (node?.kind !== 'list') return [];
    return node.items.flatMap((item) =>
      item.kind === 'scalar' && item.value !== null ? [stated(item.text, item.place)] : [],
    );
  }

  /** The first of several spellings that holds a number. */
  firstNumber(paths: readonly Path[]): Known<number> | null {
    for (const path of paths) {
      const known = this.number(path);
      if (known) return known;
    }
    return null;
  }
}
