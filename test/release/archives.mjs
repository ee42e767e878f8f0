/** What archives hold, read from the archives themselves. */
import { readFile } from 'node:fs/promises';
import { gunzipSync, inflateRawSync } from 'node:zlib';

/**
 * The files of a .vsix (a ZIP archive), by their paths.
 *
 * @param {string} file
 * @returns {Promise<Map<string, Buffer>>}
 */
export async function unzip(file) {
  const bytes = await readFile(file);
  // The directory stands at the end: PKZIP's application note, sections 4.3.12 and 4.3.16.
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    const path = bytes.toString('utf8', at + 46, at + 46 + name);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    files.set(path, bytes.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed));
    at += 46 + name + extra + comment;
  }
  return files;
}

/**
 * The files of an npm package (a tar archive in gzip), by their paths.
 *
 * @param {string} file
 * @returns {Promise<Map<string, Buffer>>}
 */
export async function untar(file) {
  const bytes = gunzipSync(await readFile(file));
  const text = (from, length) =>
    bytes
      .toString('utf8', from, from + length)
      .replace(/\0.*$/su, '')
      .trim();
  const files = new Map();
  for (let at = 0; bytes[at] !== 0 && at < bytes.length;) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    files.set(text(at, 100), bytes.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
