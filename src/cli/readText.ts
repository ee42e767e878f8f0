import { close, constants, fstat, open, read } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { maximumBytes } from '../core/syntax/limits.ts';

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
