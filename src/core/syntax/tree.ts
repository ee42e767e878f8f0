/** A half-open range of UTF-16 offsets into one text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A span and the file it lies in; composed configs hold nodes of several files. */
export interface Place extends Span {
  readonly file: string;
}

/** The syntaxes that become a ConfigTree. */
export type SyntaxKind = 'yaml' | 'json' | 'toml' | 'shell' | 'python';

/** What a scalar means once read. */
export type ScalarValue = string | number | boolean | null;

/**
 * One value as written.
 * `value` is the reading of the file's own standard (YAML 1.2 core schema, JSON, TOML);
 * `legacy` is the reading of PyYAML (YAML 1.1), and equals `value` in every other syntax.
 */
export interface ScalarNode {
  readonly kind: 'scalar';
  /** The whole value as it stands in the source, quotes included: what an edit replaces. */
  readonly place: Place;
  /** The content without quotes, escapes decoded. */
  readonly text: string;
  readonly style: 'plain' | 'quoted' | 'block';
  readonly value: ScalarValue;
  readonly legacy: ScalarValue;
  /** The YAML tag of a value that another program makes something of (`!include x.yaml`). */
  readonly tag?: string;
  /** Why the source does not tell the value: a positional parameter, an unset variable, a call. */
  readonly unresolved?: string;
  /** The values that one of which an unresolved scalar has; `not given` where it may be absent. */
  readonly choices?: readonly string[];
  /** An unresolved scalar that may be no word at all: then the flag before it stands alone. */
  readonly perhapsNothing?: boolean;
}

/** A mapping; entries in source order, duplicates kept, `byKey` holding the last of each key. */
export interface MapNode {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: readonly Entry[];
  readonly byKey: ReadonlyMap<string, Entry>;
  /**
   * What the source calls this mapping: a YAML tag (`!include`), or the callee of a Python call
   * (`Trainer.Config`). Absent for a plain mapping.
   */
  readonly tag?: string;
}

export interface ListNode {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly ConfigNode[];
}

export type ConfigNode = ScalarNode | MapNode | ListNode;

export interface Entry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: ConfigNode;
}

/** Something the parser could not take as written. The tree still holds all that could be read. */
export interface SyntaxProblem {
  readonly place: Place;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** How a file of another syntax holds a script: lines of a block, a line, or a list of words. */
export type Embedded = 'script' | 'line' | 'words';

/** One parsed text. A YAML file may hold several documents; the other syntaxes hold one. */
export interface ConfigTree {
  readonly file: string;
  readonly syntax: SyntaxKind;
  readonly documents: readonly ConfigNode[];
  readonly problems: readonly SyntaxProblem[];
  /** True when the text is a template (`{{ }}` outside quoted and block scalars): no numbers then. */
  readonly template: boolean;
  /** For a script in a file of another syntax, whose places are the file's: what can be written. */
  readonly embedded?: Embedded;
}

/** Builds a mapping node; of duplicate keys the last wins, as in the frameworks' loaders. */
export function mapNode(place: Place, entries: readonly Entry[], tag?: string): MapNode {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  return { kind: 'map', place, entries, byKey, ...(tag === undefined ? {} : { tag }) };
}
