import type { LinePosition } from './lines.ts';
import { lineMap } from './lines.ts';
import { parseShell } from './shell.ts';
import {
  mapNode,
  type ConfigNode,
  type ConfigTree,
  type Embedded,
  type Place,
  type ScalarNode,
  type Span,
} from './tree.ts';

/** Where each character of a value stands in the source that holds it, or null where that is lost. */
function placesOfText(
  { text, place, style }: ScalarNode,
  source: string,
): readonly number[] | null {
  const isDouble = style === 'quoted' && source[place.start] === '"';
  let at = place.start + (style === 'quoted' ? 1 : 0);
  // The head of a block scalar, `|-`, ends with its line.
  if (style === 'block') at = source.indexOf('\n', place.start) + 1;
  const found: number[] = [];
  const blank = (position: number) => /\s/.test(source[position] ?? '');
  for (const letter of text) {
    if (letter === '\n' && source[at] !== '\\') {
      // The last line break of a block is not of its place.
      while (blank(at) && source[at] !== '\n' && at < place.end) at += 1;
      found.push(Math.min(at, place.end));
      at += 1;
      continue;
    }
    if (/\s/.test(letter)) {
      found.push(at);
      // A fold of lines is one blank, however far the next line is indented.
      if (source[at] === '\n') while (blank(at + 1)) at += 1;
      at += source[at] === '\\' ? 2 : 1;
      continue;
    }
    while (blank(at) && at < place.end) at += 1;
    const isEscaped = isDouble && source[at] === '\\';
    if (!isEscaped && source.slice(at, at + letter.length) !== letter) return null;
    for (let part = 0; part < letter.length; part += 1) found.push(at + part);
    if (isEscaped && !/[\\"/]/.test(source[at + 1] ?? '')) return null;
    const isDoubled = style === 'quoted' && !isDouble && letter === "'";
    at += isEscaped || isDoubled ? 2 : letter.length;
  }
  return found;
}

/** A script put together from values of a file, with the place of each character there. */
export class ScriptText {
  readonly #source: string;
  readonly #offsets: number[] = [];
  #text = '';

  constructor(source: string) {
    this.#source = source;
  }

  get text(): string {
    return this.#text;
  }

  /** Adds letters that stand nowhere: blanks and quotes between values, at an offset. */
  glue(text: string, at = this.#offsets.at(-1) ?? 0): void {
    this.#text += text;
    this.#offsets.push(...Array.from(text, () => at));
  }

  /** Adds a value as it is read: a script. False where its letters cannot be placed. */
  script(value: ScalarNode): boolean {
    const places = placesOfText(value, this.#source);
    if (!places) return false;
    this.#text += value.text;
    for (const place of places) this.#offsets.push(place);
    return true;
  }

  /** Adds a value as one word: with `$(NAME)` as Kubernetes has it, and nothing else expanded. */
  word(value: ScalarNode): boolean {
    const places = placesOfText(value, this.#source);
    if (!places) return false;
    const { text } = value;
    const isPlain = /^[\w@%+=:,./-]+$/.test(text);
    if (!isPlain) this.glue('"', places[0] ?? value.place.start);
    for (let at = 0; at < text.length; at += 1) {
      const here = places[at] ?? value.place.end;
      const name = text[at] === '$' ? /^\$\((\w+)\)/.exec(text.slice(at, at + 200)) : null;
      if (name) {
        this.glue(`\${${name[1] ?? ''}}`, here);
        at += name[0].length - 1;
        continue;
      }
      if (/["$\\`]/.test(text[at] ?? '')) this.glue('\\', here);
      this.glue(text[at] ?? '', here);
    }
    if (!isPlain) this.glue('"');
    return true;
  }

  /** The commands of the script, with every place in the file it came from. */
  parse(
    { file, problems }: Pick<ConfigTree, 'file' | 'problems'>,
    embedded: Embedded,
    told?: ReadonlyMap<string, string>,
  ): ConfigTree {
    const lines = lineMap(this.#source);
    const position = (offset: number): LinePosition => lines(this.#offset(offset));
    const tree = parseShell(file, this.#text, told, position);
    const known = new Map<ConfigNode, ConfigNode>();
    const documents = tree.documents.map((root) => this.#moved(root, known));
    return { ...tree, documents, problems, embedded };
  }

  #offset(at: number): number {
    return this.#offsets[Math.min(at, this.#offsets.length - 1)] ?? 0;
  }

  #place({ start, end, file }: Span & Pick<Place, 'file'>): Place {
    const from = this.#offset(start);
    return { file, start: from, end: end > start ? this.#offset(end - 1) + 1 : from };
  }

  /** The node with its places in the file; one that stands in several documents stays one. */
  #moved(node: ConfigNode, known: Map<ConfigNode, ConfigNode>): ConfigNode {
    const before = known.get(node);
    if (before) return before;
    const place = this.#place(node.place);
    const moved: ConfigNode =
      node.kind === 'scalar'
        ? { ...node, place }
        : node.kind === 'list'
          ? { ...node, place, items: node.items.map((item) => this.#moved(item, known)) }
          : mapNode(
              place,
              node.entries.map((entry) => ({
                ...entry,
                keyPlace: this.#place(entry.keyPlace),
                value: this.#moved(entry.value, known),
              })),
              node.tag,
            );
    known.set(node, moved);
    return moved;
  }
}
