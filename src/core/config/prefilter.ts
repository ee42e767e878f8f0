import type { SyntaxKind } from '../syntax/tree.ts';
import type { ReaderWords } from './reader.ts';
import { words } from './words.ts';

type Kind = keyof ReaderWords;

/**
 * Keys by which a YAML file takes what it has not from others that it names. With their colons: the
 * bare words stand in most manifests of packages and compilers.
 */
export const composing = ['defaults:', '!include', 'extends:'];

/** The words that a file of a syntax is looked through for. */
export const kinds: Record<SyntaxKind, Kind> = {
  yaml: 'config',
  json: 'config',
  toml: 'config',
  shell: 'shell',
  python: 'python',
};

/** The words of all readers, each once, without those that hold another one. */
export function allWords(readers: readonly { readonly words: ReaderWords }[]) {
  const union = (kind: Kind, more: readonly string[] = []): readonly string[] => {
    const all = [...new Set([...more, ...readers.flatMap(({ words: own }) => own[kind] ?? [])])];
    const isPart = kind === 'config' ? (a: string, b: string) => b.includes(a) : () => false;
    return all.filter((word) => !all.some((other) => other !== word && isPart(other, word))).sort();
  };
  return { config: union('config', composing), shell: union('shell'), python: union('python') };
}

/** One search for any of the words. */
export function searchFor(kind: Kind, list: readonly string[]): RegExp {
  const pattern = list.map((word) => {
    const text = word.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&').replace(/(?<=\w)_(?=\w)/g, '[-_]');
    if (kind === 'config') return text;
    return `${/^\w/.test(word) ? '\\b' : ''}${text}${/\w$/.test(word) ? '\\b' : ''}`;
  });
  return new RegExp(pattern.join('|'), kind === 'shell' ? 'i' : '');
}

const searches: Record<Kind, RegExp> = {
  config: searchFor('config', words.config),
  shell: searchFor('shell', words.shell),
  python: searchFor('python', words.python),
};

/** Keys of manifests behind which a command or a script stands. */
const started = /\b(?:command|commands|args|run|entrypoint):/;

/**
 * Whether a text can be a training config at all, before it is parsed: an editor opens, and a scan
 * of a workspace reads, many files that are none. One search of the text, hundreds of times cheaper
 * than parsing it.
 */
export function mayBeOurs(text: string, syntax: SyntaxKind): boolean {
  if (searches[kinds[syntax]].test(text)) return true;
  // A manifest holds a script.
  return syntax === 'yaml' && started.test(text) && searches.shell.test(text);
}
