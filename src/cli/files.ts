import { close, constants, fstat, open, read } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { globBase, globMatcher } from '../core/settings/glob.ts';
import { maximumCharacters, syntaxOf } from '../core/syntax/parse.ts';

/** A file to look at: its path from the working directory with `/`, and whether it was named itself. */
export interface Found {
  readonly file: string;
  readonly named: boolean;
}

/** The files that arguments stand for, and a sentence for each argument that could not be read. */
export interface Collected {
  readonly files: readonly Found[];
  readonly problems: readonly string[];
}

/** The most bytes a text of `maximumCharacters` can have: three a UTF-16 unit. */
const maximumBytes = maximumCharacters * 3;

const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '__pycache__', 'venv']);

/** Finds the files that arguments name: files, folders (searched for configs) and globs. */
export async function collectFiles(cwd: string, arguments_: readonly string[]): Promise<Collected> {
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
      for (const each of await walk(absolute, problems)) add(each, false);
    } else if (/[*?[{]/.test(argument)) {
      const pattern = slashed(absolute);
      const matches = globMatcher(pattern);
      const candidates = await walk(path.resolve(globBase(pattern)), problems);
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

/**
 * Every file of a known syntax below a folder, in the order of names. Folders that begin with a
 * dot, dependencies and symbolic links to folders (they can loop) are left out.
 */
async function walk(folder: string, problems: string[]): Promise<readonly string[]> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    problems.push(`The folder ${folder} cannot be read: ${reasonOf(error)}.`);
    return [];
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const absolute = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name.startsWith('.') || skippedFolders.has(entry.name)) continue;
      files.push(...(await walk(absolute, problems)));
    } else if (syntaxOf(entry.name) !== undefined) {
      if (entry.isFile() || (await leadsToFile(absolute))) files.push(absolute);
    }
  }
  return files;
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

/** A text, that it is too large to analyse, or a sentence on why it cannot be read. */
export type TextRead = { readonly text: string } | { readonly problem: string } | 'too large';

/** A FIFO that nobody writes to would hold up who opens it; Windows has none, nor this flag. */
const readOnly = constants.O_RDONLY | constants.O_NONBLOCK;

// A third of the time that file handles of `node:fs/promises` take.
const openFile = promisify(open);
const statusOf = promisify(fstat);
const readBytes = promisify(read);
const closeFile = promisify(close);

/** Reads a UTF-8 text without its byte-order mark; of a file above `most` bytes nothing. */
export async function readText(cwd: string, file: string, most = maximumBytes): Promise<TextRead> {
  let handle: number | null = null;
  try {
    handle = await openFile(path.resolve(cwd, file), readOnly);
    const status = await statusOf(handle);
    // Devices have no end to read to.
    if (!status.isFile()) return { problem: `${file} cannot be read: it is no regular file.` };
    if (status.size > most) return 'too large';
    // As many bytes as there were when it was looked at, also of one that grows meanwhile.
    const bytes = new Uint8Array(status.size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await readBytes(handle, bytes, filled, bytes.length - filled, null);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { text: new TextDecoder().decode(bytes.subarray(0, filled)) };
  } catch (error) {
    return { problem: `${file} cannot be read: ${reasonOf(error)}.` };
  } finally {
    if (handle !== null) await closeFile(handle);
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

/** Why a file cannot be reached, as the end of a sentence. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission is denied';
    case 'ENOSPC':
      return 'no space is left';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function slashed(native: string): string {
  return path.sep === '/' ? native : native.replaceAll(path.sep, '/');
}
