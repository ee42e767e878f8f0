import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { globBase, globMatcher } from '../core/settings/glob.ts';
import { maximumBytes } from '../core/syntax/limits.ts';
import { syntaxOf } from '../core/syntax/syntaxOf.ts';
import { Ignored } from './ignored.ts';
import type { Io } from './io.ts';
import { readText, reasonOf, type TextRead } from './readText.ts';

/** A file to look at: its path from the working directory with `/`, and whether it was named itself. */
export interface Found {
  readonly file: string;
  readonly named: boolean;
  /** The language id of a file whose name does not tell its syntax. */
  readonly language?: string;
}

/** The files that arguments stand for, and a sentence for each argument that could not be read. */
export interface Collected {
  readonly files: readonly Found[];
  readonly problems: readonly string[];
}

const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '__pycache__', 'venv']);

/** What of folders and globs is left out; a file that is named itself never is. */
export interface Leaving {
  /** Patterns of paths; one without `/` means a name in any folder. */
  readonly exclude: readonly string[];
  /** Whether what `.gitignore` files name is left out. */
  readonly ignored: boolean;
}

/** Finds the files that arguments name: files, folders (searched for configs) and globs. */
export async function collectFiles(
  cwd: string,
  arguments_: readonly string[],
  leaving: Leaving = { exclude: [], ignored: true },
): Promise<Collected> {
  const isExcluded = excluding(cwd, leaving.exclude);
  const search = async (folder: string) => {
    const ignored = leaving.ignored ? await Ignored.above(folder) : null;
    return walk(folder, { problems, isExcluded, ignored });
  };
  const found = new Map<string, boolean>();
  const problems: string[] = [];
  const add = (absolute: string, named: boolean) => {
    const file = slashed(path.relative(cwd, absolute));
    found.set(file, named || found.get(file) === true);
  };
  for (const argument of arguments_) {
    if (argument === '') {
      problems.push('An empty path names no file or folder.');
      continue;
    }
    const absolute = path.resolve(cwd, argument);
    const kind = await kindOf(absolute);
    if (kind === 'file') {
      add(absolute, true);
    } else if (kind === 'folder') {
      for (const each of await search(absolute)) add(each, false);
    } else if (/[*?[{]/.test(argument)) {
      const pattern = slashed(absolute);
      const matches = globMatcher(pattern);
      const candidates = await search(path.resolve(globBase(pattern)));
      const hits = candidates.filter((each) => matches(slashed(each)));
      if (hits.length === 0) problems.push(`No file matches ${argument}.`);
      for (const each of hits) add(each, false);
    } else {
      problems.push(`${argument} cannot be read: ${kind.reason}.`);
    }
  }
  return { files: [...found].map(([file, named]) => ({ file, named })), problems };
}

async function kindOf(absolute: string): Promise<'file' | 'folder' | { reason: string }> {
  try {
    const status = await stat(absolute);
    if (status.isDirectory()) return 'folder';
    return status.isFile() ? 'file' : { reason: 'it is no regular file' };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** Whether an absolute path, of a file or a folder, is one that patterns leave out. */
function excluding(cwd: string, patterns: readonly string[]): (absolute: string) => boolean {
  if (patterns.length === 0) return () => false;
  const matchers = patterns.map((pattern) => {
    const written = pattern.replace(/^\.\//, '').replace(/\/(?:\*\*)?$/, '');
    return globMatcher(written.includes('/') ? written : `**/${written}`);
  });
  return (absolute) => {
    const relative = slashed(path.relative(cwd, absolute));
    return matchers.some((matches) => matches(relative));
  };
}

interface Search {
  readonly problems: string[];
  readonly isExcluded: (absolute: string) => boolean;
  readonly ignored: Ignored | null;
}

/**
 * Every file of a known syntax below a folder, in the order of names. Folders that begin with a
 * dot, dependencies, what git ignores, and symbolic links to folders (they can loop) are left out.
 */
async function walk(folder: string, search: Search): Promise<readonly string[]> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    search.problems.push(`The folder ${folder} cannot be read: ${reasonOf(error)}.`);
    return [];
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const hasRules = search.ignored !== null && entries.some(({ name }) => name === '.gitignore');
  const ignored = hasRules ? await search.ignored.within(folder) : search.ignored;
  const files: string[] = [];
  for (const entry of entries) {
    const absolute = path.join(folder, entry.name);
    const isFolder = entry.isDirectory();
    if (isFolder ? isSkipped(entry.name) : syntaxOf(entry.name) === undefined) continue;
    if (search.isExcluded(absolute) || ignored?.has(absolute, isFolder)) continue;
    if (isFolder) {
      files.push(...(await walk(absolute, { ...search, ignored })));
    } else if (entry.isFile() || (await leadsToFile(absolute))) {
      files.push(absolute);
    }
  }
  return files;
}

function isSkipped(folder: string): boolean {
  return folder.startsWith('.') || skippedFolders.has(folder);
}

/** Whether a symbolic link found on the way leads to a regular file. */
async function leadsToFile(absolute: string): Promise<boolean> {
  try {
    return (await stat(absolute)).isFile();
  } catch {
    // A link to nowhere, or a file gone since it was listed: nobody asked for it by name.
    return false;
  }
}

/** How many files are read before their turn, so that reading waits for no analysis. */
const filesAhead = 32;

/** The texts of files in their order, each read while those before it are analysed. */
export async function* readAhead(
  cwd: string,
  files: readonly Found[],
): AsyncGenerator<readonly [number, Found, TextRead]> {
  const reading: Promise<TextRead>[] = [];
  for (const [index, found] of files.entries()) {
    // Many at once: to wake the threads that read costs more than a small file's bytes.
    if (reading.length <= filesAhead / 2) {
      for (const next of files.slice(index + reading.length, index + filesAhead)) {
        reading.push(readText(cwd, next.file));
      }
    }
    yield [index, found, await (reading.shift() ?? readText(cwd, found.file))];
  }
}

/** What is piped in, as the only file of `readAhead`; of more than `maximumBytes` nothing. */
export async function* standardInput(
  { stdin }: Pick<Io, 'stdin'>,
  file: string,
): AsyncGenerator<readonly [number, Found, TextRead]> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of stdin) {
    text += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
    if (text.length > maximumBytes) break;
  }
  const read = text.length > maximumBytes ? 'too large' : { text: text + decoder.decode() };
  yield [0, { file: slashed(path.normalize(file)), named: true }, read];
}

function slashed(native: string): string {
  return path.sep === '/' ? native : native.replaceAll(path.sep, '/');
}
